"""The session page keeps what is typed: at once, through a lost network, and never twice."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic import formats
from tests import factories
from tests.browser import network, steps
from treatments.models import Measurement, NeedlingSession

SAVED_WITHIN = 2  # seconds of the page; DESIGN 1: what a person typed is on the server within 2 seconds
NOTE = "Slept on the right side again."


@pytest.fixture
def page(open_page, draft, therapist):
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    return page


def note_on_the_server(draft) -> str:
    return NeedlingSession.objects.get(pk=draft.pk).note


def test_what_is_typed_leaves_at_once_and_is_there_after_a_reload(open_page, draft, therapist):
    page = open_page(user=therapist)
    network.open_with_paused_clock(page, draft.get_absolute_url())
    page.get_by_text("Plan and note").click()
    page.get_by_label("Note", exact=True).press_sequentially(NOTE)
    page.clock.run_for(SAVED_WITHIN * 1000)

    assert network.eventually(page, lambda: note_on_the_server(draft) == NOTE)
    page.reload()
    expect(page.get_by_label("Note", exact=True)).to_have_value(NOTE)


def test_a_lost_network_is_said_and_made_up_for(page, draft):
    page.watch.allow("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.keyboard.press("7")
    expect(page.locator("[data-save]")).to_have_text("Not saved yet, no connection")
    expect(page.locator("[data-offline]")).to_contain_text("1 change kept on this page.")
    assert draft.conditions.get().pain_before is None

    page.context.set_offline(False)
    expect(page.locator("[data-save]")).to_contain_text("Saved ")
    expect(page.locator("[data-offline]")).to_be_hidden()
    assert draft.conditions.get().pain_before == 7


def test_enter_pressed_twice_adds_one_site(page, draft, keyboard_for):
    user = keyboard_for(page)
    user.fill("Muscle, code or name", "ecrb")
    user.press("Enter", "r")
    expect(page.locator("[name=insertions]:focus")).to_have_count(1)
    user.press("3", "Tab", "2", "Enter")
    user.choose("Needle", "0.25 × 30")

    user.press("Enter", "Enter")

    expect(page.locator("li.site")).to_have_count(1)
    steps.wait_until_saved(user)
    assert draft.sites.count() == 1


def test_a_site_that_went_away_is_said_and_the_rest_goes_on(page, draft):
    factories.site(draft)
    page.reload()
    page.watch.allow("status of 404")
    row = page.locator("li.site")
    strike = row.locator("form[action*=strike]")
    strike.evaluate("(form) => { form.action = form.action.replace(/[0-9a-f-]{36}/, crypto.randomUUID()); }")

    page.get_by_role("button", name="Remove site 1").click()

    expect(strike.locator(".invalid-feedback")).to_contain_text("not in the draft any more")
    page.keyboard.press("Escape")
    page.locator("[data-field^=pain_before][value='6']").check(force=True)
    expect(page.locator("[data-save]")).to_contain_text("Saved ")
    assert draft.conditions.get().pain_before == 6
    assert draft.sites.get().struck_at is None


def test_a_line_that_went_away_keeps_what_was_typed(page, draft):
    line = Measurement.objects.create(session=draft, kind=Measurement.Kind.RANGE, side="right")
    page.reload()
    Measurement.objects.filter(pk=line.pk).update(struck_at=timezone.now(), struck_by=draft.therapist)
    field = page.locator(f"[data-field=measure_before-{line.pk}]")

    for panel in page.locator(f"details:has([data-field=measure_before-{line.pk}])").all():
        panel.evaluate("(panel) => { panel.open = true; }")
    field.fill("40")
    field.press("Tab")

    expect(page.locator(f"#error-measure_before-{line.pk}")).to_have_text(
        "This line was removed. Open the page again."
    )
    expect(field).to_have_value("40")


def test_an_answer_that_cannot_be_kept_is_named_at_its_field(page, draft):
    page.get_by_label("Start", exact=True).fill("half past nine")
    page.keyboard.press("Tab")

    expect(page.locator("#error-started_at")).to_have_text("Enter a time such as 9:30 AM or 2 PM.")
    expect(page.locator("[data-save]")).to_have_text("Not saved: 1 answer to correct")
    assert page.get_by_label("Start", exact=True).input_value() == "half past nine"


def test_now_writes_the_time_as_the_server_does(page, draft):
    began = timezone.now() - dt.timedelta(minutes=10)
    NeedlingSession.objects.filter(pk=draft.pk).update(started_at=began)

    page.locator("[data-now=ended_at]").press("Enter")

    def ended():
        return NeedlingSession.objects.get(pk=draft.pk).ended_at

    assert network.eventually(page, lambda: ended() is not None)
    assert page.get_by_label("End", exact=True).input_value() == formats.clock(ended())
