"""Review and sign over the session page, and the ways through it by keyboard."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser import network, steps
from tests.browser.accessibility import axe
from tests.browser.page_checks import FINGER, TOO_SMALL
from tests.treatments import notes
from treatments.models import NeedlingSession


@pytest.fixture
def open_draft(open_page, therapist):
    def open_(session, **options):
        page = open_page(user=therapist, **options)
        page.goto(session.get_absolute_url())
        return page

    return open_


@pytest.fixture
def user(open_draft, draft, keyboard_for):
    return keyboard_for(open_draft(draft))


@pytest.mark.parametrize("width", [1180, 1280, 1366])
def test_the_foot_of_a_session_is_one_line(open_draft, draft, width):
    page = open_draft(draft, width=width, height=820)
    parts = page.locator(".foot-group > *, .foot .end > *")
    middles = parts.evaluate_all("""(parts) => parts.map((part) => part.getBoundingClientRect())
      .filter((box) => box.width).map((box) => box.top + box.height / 2)""")
    assert len(middles) > 2
    assert max(middles) - min(middles) < 12


def focused(page, what: str) -> str:
    return page.evaluate(f"document.activeElement.{what}")


def test_a_problem_leads_to_its_field_and_escape_back_to_the_page(user):
    page = user.page
    user.press("Control+Enter")
    expect(page.locator("[data-review-head]:focus")).to_contain_text("Before you sign")
    user.activate("Say how")
    assert focused(page, "dataset.field") == "tolerance"
    expect(page.locator("[data-review]")).to_be_hidden()

    user.press("Space", "Control+Enter")
    expect(page.locator("[data-review-head]:focus")).to_be_visible()
    assert "Say how" not in page.locator(".problems").inner_text()
    user.press("Escape")
    expect(page.locator("[data-review]")).to_be_hidden()
    assert focused(page, "dataset.field") == "tolerance"


def test_signing_is_shut_while_something_is_open(user, draft):
    user.press("Control+Enter")
    expect(user.page.locator("[data-review-head]:focus")).to_be_visible()
    user.press("Enter")
    user.stays_somewhere()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_the_next_patient_has_the_focus_after_signing(open_draft, draft, reception, therapist, keyboard_for):
    note = notes.ready(draft)
    later = factories.patient(reception, family_name="Nextwood", given_name="Nora")
    # a moment later and still today, at any hour that the suite runs
    factories.arrived(later, therapist, booked_for=timezone.now() + dt.timedelta(seconds=1))
    user = keyboard_for(open_draft(note))
    steps.review_note(user)
    assert focused(user.page, "type") == "password"
    steps.sign_note(user)

    expect(user.page.locator(".messages")).to_contain_text("Signed")
    expect(user.page.locator("#next")).to_contain_text("Nextwood, Nora")
    expect(user.page.locator("#next:focus")).to_have_count(1)
    network.settle(user.page)
    assert focused(user.page, "id") == "next"
    assert NeedlingSession.objects.get(pk=note.pk).identity_checked_by == therapist


def test_a_wrong_password_is_said_in_the_panel_and_signs_nothing(open_draft, draft, keyboard_for):
    page = open_draft(notes.ready(draft))
    page.watch.allow("status of 422")
    user = keyboard_for(page)
    steps.review_note(user)
    user.type("not this one")
    user.press("Control+Enter")
    expect(page.locator("[data-review] [data-error-summary]:focus")).to_contain_text("not your password")
    assert axe(page) == []
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_review_leads_back_to_a_row_that_is_not_complete(user, draft):
    user.tab_to("Muscle, code or name")
    user.type("so")
    user.press("Enter", "l", "2", "Control+Enter")
    expect(user.page.locator('[data-begun-keep="row"]')).to_be_focused()
    user.press("Enter")

    expect(user.page.locator("[data-gaps]")).to_contain_text("twitches")
    assert focused(user.page, "name") == "twitches"
    assert not draft.sites.exists()


def test_a_complete_row_is_kept_by_going_on(user, draft):
    user.tab_to("Muscle, code or name")
    user.type("so")
    user.press("Enter", "l", "2", "Tab", "1")
    user.choose("Needle", "0.25 × 30")
    user.tab_to("Add site")
    assert not draft.sites.exists()
    user.choose("Pain after", "3")

    expect(user.page.locator("li.site")).to_have_count(1)
    assert focused(user.page, "dataset.field").startswith("pain_after")
    steps.wait_until_saved(user)
    assert draft.sites.get().muscle.code == "so"


def test_tab_leaves_an_empty_row_at_once(user):
    user.tab_to("Muscle, code or name")
    user.press("Tab")

    assert focused(user.page, "dataset.field").startswith("pain_after")


def test_a_line_begun_in_the_muscle_field_becomes_rows(user, draft):
    page = user.page
    user.tab_to("Muscle, code or name")
    user.type("is r 2 t1 .30x40 d20; so l 1 t0 .30x40 zz")
    user.press("Enter")
    expect(page.locator("#line-read mark")).to_have_text("zz")
    expect(page.locator("#line-read")).to_contain_text("Infraspinatus, right. 2 insertions")
    assert axe(page) == []

    user.press("Backspace", "Backspace", "Enter")
    expect(page.locator("li.site")).to_have_count(2)
    assert focused(page, "name") == "line-line"
    assert [site.muscle.code for site in draft.sites.select_related("muscle")] == ["is", "so"]


@pytest.mark.parametrize("state", ["blocked", "ready"])
@pytest.mark.parametrize(
    "look",
    [
        {"width": 1180, "height": 820, "has_touch": True, "is_mobile": True},
        {"width": 320, "height": 640, "has_touch": True, "is_mobile": True},
        {"width": 1280, "scheme": "dark"},
        {"width": 1280, "forced_colors": "active"},
    ],
    ids=["tablet", "320", "dark", "forced colours"],
)
def test_the_panel_shuts_nobody_out(open_draft, draft, state, look):
    if state == "ready":
        draft = notes.ready(draft, ended_at=None)
    page = open_draft(draft, **look)
    page.locator("[data-then=sign]").click()
    expect(page.locator("[data-review] .oath")).to_be_visible()

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    if look.get("has_touch"):
        assert page.evaluate(TOO_SMALL, FINGER) == []
