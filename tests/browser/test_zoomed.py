"""The session page at 400 % zoom, with forced colors and with reduced motion."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser import steps
from tests.browser.accessibility import axe
from tests.treatments import notes
from treatments.models import NeedlingSession

ZOOMED = {"width": 320, "height": 256}

# Focuses every focusable element in turn; `hidden` lists those that are covered or out of view.
COVERED = """() => {
  const takes = "a[href], button, select, textarea, summary, input:not([type=hidden]), [tabindex='0']";
  const boxOf = (part) => ["radio", "checkbox"].includes(part.type) && part.closest("label") || part;
  document.querySelectorAll("main details, .foot details").forEach((details) => { details.open = true; });
  const parts = Array.from(document.querySelectorAll(takes))
    .filter((part) => !part.disabled && part.checkVisibility());
  const points = (box) => [0.1, 0.5, 0.9].flatMap((x) =>
    [0.2, 0.5, 0.8].map((y) => [box.left + box.width * x, box.top + box.height * y]));
  const large = "body, html, main, form, section, .work, .session";
  const belongs = (part, at) => at && (part.contains(at) || at.contains(part) && !at.matches(large));
  const hidden = [], report = (what, part) => hidden.push(`${what}: ${part.outerHTML.slice(0, 90)}`);
  parts.forEach((part) => {
    part.focus();
    if (document.activeElement !== part) { report("takes no focus", part); return; }
    const box = boxOf(part).getBoundingClientRect();
    const seen = points(box).some(([x, y]) => belongs(boxOf(part), document.elementFromPoint(x, y)));
    if (!seen) report(`covered at ${box.left | 0},${box.top | 0} ${box.width | 0}x${box.height | 0}`, part);
    if (box.right > innerWidth + 1 || box.left < -1) report("reaches over the edge", part);
  });
  return [parts.length, hidden];
}"""
UNMARKED = """() => {
  const takes = "a[href], button, select, textarea, summary, input:not([type=hidden])";
  const marks = (part) => {
    const look = getComputedStyle(part);
    return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  };
  const unmarked = (part) => {
    part.focus({ focusVisible: true });
    const faces = [part, part.closest("label"), part.nextElementSibling, part.parentElement];
    return !faces.some((face) => face && marks(face));
  };
  return Array.from(document.querySelectorAll(takes))
    .filter((part) => !part.disabled && part.checkVisibility()).filter(unmarked)
    .map((part) => part.outerHTML.slice(0, 90));
}"""
MOVING = """() => Array.from(document.querySelectorAll("body *")).filter((part) => {
  const look = getComputedStyle(part), longest = (times) => Math.max(...times.split(",").map(parseFloat));
  const animated = look.animationName !== "none" && longest(look.animationDuration) > 0.001;
  return animated || longest(look.transitionDuration) > 0.001;
}).map((part) => part.outerHTML.slice(0, 90))"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def busy(draft):
    """A draft with needles in, an open prompt and a removed site."""
    factories.site(draft, muscle="smc", length_mm=50, depth_mm=30)
    factories.site(draft, technique="static", dwell_seconds=480)
    return draft


def opened(open_page, session, **options):
    page = open_page(user=session.therapist, **options)
    page.goto(session.get_absolute_url())
    expect(page.locator("[data-save]")).to_be_attached()
    return page


def test_at_400_percent_everything_is_reached_and_nothing_covers_it(open_page, busy):
    page = opened(open_page, busy, **ZOOMED)

    count, hidden = page.evaluate(COVERED)

    assert hidden == []
    assert count > 60
    assert page.evaluate(SIDEWAYS) <= 0


def test_at_400_percent_a_site_is_logged_and_the_note_signed_by_keyboard(open_page, draft, keyboard_for):
    note = notes.ready(draft, needles_out=2)
    user = keyboard_for(opened(open_page, note, **ZOOMED))
    steps.log_site(user, "so", side="l", insertions="2", twitches="1")
    assert user.page.evaluate(SIDEWAYS) <= 0
    steps.wait_until_saved(user)

    steps.review_note(user)
    count, hidden = user.page.evaluate(COVERED)
    assert (hidden, count > 5) == ([], True)
    user.page.locator("#id_password").focus()
    steps.sign_note(user)

    expect(user.page.locator(".messages")).to_contain_text("Signed")
    assert NeedlingSession.objects.get(pk=note.pk).state == "signed"


def test_in_colours_of_ones_own_every_focus_is_marked(open_page, busy):
    page = opened(open_page, busy, forced_colors="active")

    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.evaluate(UNMARKED) == []
    assert axe(page) == []
    # axe reads the original colors, which forced colors replace, so the outlines are checked
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(UNMARKED) == []


def test_who_wants_no_motion_gets_none(open_page, busy):
    page = opened(open_page, busy)

    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING) != [], "there is motion to be left out"
