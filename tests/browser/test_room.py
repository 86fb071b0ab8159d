"""Everything that can be long is tried long: no page scrolls sideways, and its next step stays in reach."""

from functools import partial

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser import long_practice, pages
from tests.browser.page_states import PageState

# how far the words that are seen reach over the edge of their button
OVER = """(button) => {
  const words = document.createRange();
  words.selectNodeContents([...button.childNodes].find((part) => part.nodeType === 3 && part.data.trim()));
  return Math.ceil(words.getBoundingClientRect().right - button.getBoundingClientRect().right);
}"""
SIZES = ((1280, 900), (1180, 820), (390, 780), (320, 640))
# what reaches over the right edge, innermost first, where the page as a whole scrolls sideways
SIDEWAYS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= innerWidth) return [];
  const over = Array.from(document.querySelectorAll("body *"))
    .filter((part) => part.checkVisibility() && part.getBoundingClientRect().right > innerWidth + 0.5);
  return [`${root.scrollWidth} px wide at ${innerWidth}: ${over.at(-1)?.outerHTML.slice(0, 90)}`];
}"""
# the part of the button that can be pressed, after the way to it that a person would go
OUT_OF_REACH = """async (selector) => {
  // the page has answered to its new size
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const button = document.querySelector(selector);
  button.scrollIntoView({ block: "nearest" });
  const { left, top, right, bottom } = button.getBoundingClientRect();
  const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const isInside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  const where = [left, top, right, bottom].map(Math.round).join(" ");
  return isInside && button.contains(at) ? [] : [`${selector} at ${where} of ${innerWidth} x ${innerHeight}`];
}"""
# short words of buttons that are broken over two lines, where only a long name may be
BROKEN_WORDS = """() => Array.from(document.querySelectorAll(".btn, button")).flatMap((button) => {
  if (!button.checkVisibility()) return [];
  const texts = document.createTreeWalker(button, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    // words for a screen reader alone have no width
    if (texts.currentNode.parentElement.getBoundingClientRect().width < 2) continue;
    for (const word of texts.currentNode.data.matchAll(/\\p{L}{2,14}(?!\\p{L})/gu)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      const tops = new Set(Array.from(range.getClientRects(), (box) => Math.round(box.top)));
      if (tops.size > 1) found.push(`${word[0]} is broken at ${innerWidth} px`);
    }
  }
  return found;
})"""
NEXT_STEPS = {
    "treatments:session": "[data-then=sign]",
    "treatments:session-sign": "[data-sign-button]",
    "treatments:session-open": ".btn-primary",
    "patients:register": "[data-finish-button]",
    "patients:visit-edit": "[data-finish-button]",
}
ROOMS = ("front desk", "safety", "tablet", "record", "keeping", "afterwards", "today", "session")
# a submission that failed adds words, and no shape of its own
SHOWN = [shown for room in ROOMS for shown in pages.ROOMS[room] if shown.send is None]


@pytest.fixture
def long_viewer(page_viewer):
    long_practice.lengthen(page_viewer.practice)
    return page_viewer


def fit(page, name: str) -> list[str]:
    faults = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        faults += page.evaluate(SIDEWAYS) + page.evaluate(BROKEN_WORDS)
        step = NEXT_STEPS.get(name)
        if step and page.locator(step).count():
            faults += page.evaluate(OUT_OF_REACH, step)
    return faults


def test_no_page_scrolls_sideways_and_the_next_step_is_in_reach(long_viewer):
    found = [fault for shown in SHOWN for fault in long_viewer.each([shown], partial(fit, name=shown.name))]
    assert not found, "\n".join(found)


def opened(viewer, width: int, height: int, **options):
    """The session page at that size from the start."""
    shown = PageState(pages.THERAPIST, "treatments:session", "draft", "draft")
    viewer.open(shown, **options).set_viewport_size({"width": width, "height": height})
    return viewer.open(shown, **options)


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_no_word_of_the_review_is_broken(long_viewer, width):
    page = opened(long_viewer, width, 780)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-review-close]")).to_be_visible()

    assert page.evaluate(BROKEN_WORDS) == []


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_first_field_is_near_the_top(long_viewer, width):
    page = opened(long_viewer, width, 780)
    more = page.locator(".strip-more")

    page.evaluate("scrollTo(0, 0)")
    assert page.locator("[data-field^=pain_before]").first.bounding_box()["y"] < 780 / 2
    assert more.get_attribute("aria-expanded") == "false"

    more.click()
    expect(more).to_have_text("Fewer notices")
    assert more.get_attribute("aria-expanded") == "true"
    for notice in page.locator(".strip-flags > *").all():
        assert notice.evaluate("(part) => part.scrollWidth <= part.clientWidth + 1")


def test_what_stops_stays_in_sight_when_the_notices_are_folded(long_viewer):
    page = opened(long_viewer, 390, 780)
    page.evaluate("""() => {
      const stop = document.createElement("span");
      stop.className = "tag k-stop";
      stop.textContent = "Do not treat";
      document.querySelector(".strip-flags").append(stop);
    }""")
    box, strip = page.locator(".k-stop", has_text="Do not treat").bounding_box(), page.locator(".strip-flags")
    outer = strip.bounding_box()
    assert outer["y"] <= box["y"]
    assert box["y"] + box["height"] <= outer["y"] + outer["height"]


REGIONS = """() => Array.from(document.querySelectorAll(".fig:not([hidden]) .cf-hit")).map((hit) => {
  const box = hit.getBoundingClientRect();
  return [hit.dataset.for, Math.min(box.width, box.height)];
}).filter(([name, size]) => size > 0)"""


LISTED = """() => Array.from(document.querySelectorAll("[data-body-list] label"), (label) =>
  [label.querySelector("input").value, Math.min(label.offsetWidth, label.offsetHeight)])"""


def test_a_region_too_small_for_a_finger_has_a_way_that_is_not(long_viewer):
    """The figure is drawn 1:1; what is narrow there is larger when it is near, and in the list."""
    page = opened(long_viewer, 1180, 820, has_touch=True, is_mobile=True)
    far = dict(page.evaluate(REGIONS))
    page.locator("[data-zoom]").tap()
    near = dict(page.evaluate(REGIONS))
    page.locator("[data-zoom]").tap()
    page.locator("[data-next-site] summary").first.tap()
    listed = dict(page.evaluate(LISTED))

    small = [name for name, size in far.items() if size < 43.5]
    assert small, "there are such regions"
    assert [name for name in small if near[name] < 43.5] == []
    assert [name for name in small if listed[name] < 43.5] == []


@pytest.mark.parametrize("width", [1280, 1180, 390])
def test_the_longest_next_step_stands_inside_its_button(open_page, reception, therapist, ada, width):
    factories.arrived(ada, therapist)
    page = open_page(user=reception, width=width)
    page.goto("/")

    step = page.locator(".cell-next .btn", has_text="Hand over questions")
    assert step.evaluate(OVER) <= -6
