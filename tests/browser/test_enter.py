"""Enter in a field keeps it and goes on: it never leaves, signs, ends or takes back."""

import pytest
from playwright.sync_api import expect

from clinic.models import Practice
from tests import factories
from tests.browser import network, pages, steps
from tests.treatments import notes
from treatments.models import NeedlingSession

MARK_FIELDS = """(selector) => {
  const seen = new Set();
  const stops = Array.from(document.querySelectorAll(selector)).filter((field) => {
    const key = field.type === "radio" ? field.name : field;
    if (field.type === "hidden" || field.disabled || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  document.querySelectorAll("details").forEach((box) => { box.open = true; });
  const shown = stops.filter((field) => field.checkVisibility());
  shown.forEach((field, at) => { field.dataset.stop = at; });
  return shown.map((field) => field.dataset.stop);
}"""


@pytest.fixture
def session_page(open_page, draft, therapist):
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    expect(page.locator("[data-together]")).to_be_attached()
    return page


def test_enter_in_each_field_of_the_session_page_stays_on_it(session_page, draft):
    page, left = session_page, []
    page.on("framenavigated", lambda frame: left.append(frame.url))
    fields = page.evaluate(MARK_FIELDS, "input[data-field]")
    assert len(fields) > 15

    for field in fields:
        page.locator(f"[data-stop='{field}']").focus()
        page.keyboard.press("Enter")
        assert left == [], field
        assert not page.evaluate("document.activeElement === document.body"), field
        assert page.evaluate("document.activeElement.dataset.stop") != field, f"Enter in {field} goes on"

    expect(page.locator("[data-review]")).to_be_hidden()
    assert left == []
    assert NeedlingSession.objects.get(pk=draft.pk).state == "draft"


def test_enter_keeps_what_was_typed(session_page, draft):
    page = session_page
    page.get_by_label("Start", exact=True).fill("0:00")
    page.keyboard.press("Enter")

    network.assert_saved(page)
    assert NeedlingSession.objects.get(pk=draft.pk).started_at
    expect(page.get_by_label("End", exact=True)).to_be_focused()


@pytest.mark.parametrize(
    "field", ["started_at", "ended_at", "needles_out", "next_visit_on", "needles_opened"]
)
def test_review_by_key_and_enter_a_moment_later_leave_nothing_unsigned(open_page, draft, therapist, field):
    notes.ready(draft)
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    expect(page.locator("[data-together]")).to_be_attached()
    page.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
    page.locator(f"[data-field={field}]").focus()

    page.keyboard.press("Control+Enter", delay=100)
    page.keyboard.press("Enter")

    expect(page.locator("[data-review] .readback")).to_be_visible()
    assert page.url.endswith(draft.get_absolute_url())


def test_in_the_panel_enter_goes_from_the_password_to_the_button(open_page, draft, therapist, keyboard_for):
    Practice.objects.update(sign_reauth_minutes=0)
    notes.ready(draft)
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    user = keyboard_for(page)
    steps.review_note(user)
    user.type(factories.PASSWORD)
    user.press("Enter")

    expect(page.locator("[data-sign-button]")).to_be_focused()
    assert NeedlingSession.objects.get(pk=draft.pk).state == "draft"
    user.leave_by("Enter")
    expect(page.locator(".messages")).to_contain_text(f"Signed: {draft.patient.listed_name}")


def test_leaving_by_its_button_says_that_the_note_is_not_signed(session_page, draft):
    session_page.get_by_role("button", name="Save and close").click()

    expect(session_page.locator(".messages")).to_contain_text(f"Not signed: {draft.patient.listed_name}")


def test_enter_goes_on_in_a_form_that_is_finished_by_a_key(open_page, reception):
    page = open_page(user=reception)
    page.goto("/patients/register/")
    page.get_by_label("Last name").fill("Okafor")
    page.keyboard.press("Enter")

    expect(page.get_by_label("First name")).to_be_focused()
    assert page.url.endswith("/patients/register/")


def test_without_scripts_enter_keeps_and_stays(open_page, draft, therapist):
    page = open_page(user=therapist, java_script_enabled=False)
    page.goto(draft.get_absolute_url())
    page.get_by_label("Start", exact=True).fill("0:00")
    with page.expect_navigation():
        page.get_by_label("Start", exact=True).press("Enter")

    assert page.url.endswith(draft.get_absolute_url())
    assert NeedlingSession.objects.get(pk=draft.pk).started_at


@pytest.mark.parametrize("name", ["treatments:session-sign", "patients:visit-take-back"])
def test_without_scripts_enter_signs_and_ends_nothing(page_viewer, name):
    shown = next(row for row in pages.PAGES if row.name == name and row.state in ("ready", "filled"))
    page = page_viewer.open(shown, java_script_enabled=False)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    field = page.locator("main form input:not([type=hidden])").last
    field.fill("A reason")
    field.press("Enter")
    page.wait_for_load_state()

    assert "POST" not in sent
