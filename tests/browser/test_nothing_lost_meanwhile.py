"""The tab closes, the sign-in ends, the server is killed, the clock jumps: no input is lost."""

import datetime as dt
import re
import signal

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clinic.models import AuditEvent
from tests import factories
from tests.browser import network, steps
from tests.browser.conftest import session_cookie
from tests.browser.keyboard import Keyboard
from tests.live_practice import LivePractice, copied_database, copied_file
from tests.treatments import notes
from treatments.actions.session import fields as fields_actions
from treatments.actions.session.draft_events import Stamp
from treatments.models import DraftEvent, NeedlingSession, Seal

NOTE = "Slept on the right side again, and woke up stiff; better after the second visit than after the first."
FIELDS = r"/fields/$"
LOST_AT_MOST = 2  # seconds of typing, by the page's own clock


@pytest.fixture
def page(open_page, draft, therapist):
    page = open_page(user=therapist)
    open_draft(page, draft)
    return page


def open_draft(page, draft):
    page.goto(draft.get_absolute_url())
    panel = page.locator("details:has([data-field=note])")
    panel.evaluate("(panel) => { panel.open = true; }")


def note(page):
    return page.get_by_label("Note", exact=True)


def stored_draft(draft):
    return NeedlingSession.objects.get(pk=draft.pk)


def save_elsewhere(draft, by, **fields):
    """The same person writes in the draft on another device."""
    for field, value in fields.items():
        fields_actions.save_field(stored_draft(draft), by=by, field=field, value=value, stamp=Stamp())


def end_sign_in():
    """Ends the sign-in as an administrator or the session lifetime would."""
    Session.objects.all().delete()


def test_a_tab_that_dies_in_mid_word_loses_two_seconds_at_most(open_page, draft, therapist):
    """The user types without a pause, and no script runs when the tab closes."""
    page, each = open_page(user=therapist), 90
    network.open_with_paused_clock(page, draft.get_absolute_url())
    page.locator("details:has([data-field=note])").evaluate("(panel) => { panel.open = true; }")
    note(page).focus()
    for letter in NOTE[:40]:
        page.keyboard.press(letter if letter != " " else "Space")
        page.clock.run_for(each)
    due = 40 - round(LOST_AT_MOST * 1000 / each)
    assert network.eventually(page, lambda: len(stored_draft(draft).note) >= due)
    message = stored_draft(draft).note
    reopened = page.context.new_page()
    reopened.watch = page.watch
    page.close()

    assert NOTE.startswith(message)
    assert due > 5
    open_draft(reopened, draft)
    assert note(reopened).input_value().startswith(message)
    saved = [event.new for event in DraftEvent.objects.filter(session=draft, field="note").order_by("pk")]
    assert all(NOTE.startswith(text) for text in saved)


def test_a_sign_in_that_ends_in_mid_sentence_is_made_again_in_place(page, draft, therapist):
    page.watch.allow("status of 400")
    delayed = network.DelayedRequests(page, FIELDS)
    note(page).press_sequentially(NOTE)
    delayed.wait()
    end_sign_in()
    delayed.drop()

    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    expect(page.locator("[data-lock-words]")).to_contain_text("What you typed is still here")
    expect(page.locator("[data-save]")).to_have_text("Not saved yet, signed out")
    page.locator("#lock-password").fill("not that one")
    page.keyboard.press("Enter")
    expect(page.locator("[data-lock-error]")).to_contain_text("do not match")
    page.locator("#lock-password").fill(factories.PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Sign in again")).to_be_hidden()
    network.assert_saved(page)
    expect(note(page)).to_be_focused()
    expect(note(page)).to_have_value(NOTE)
    assert stored_draft(draft).note == NOTE
    assert AuditEvent.objects.filter(code="user.signed_in", actor=therapist).exists()
    # later requests of the page carry the token of the new sign-in
    page.locator("[data-field^=pain_before]").first.focus()
    page.keyboard.press("6")
    network.assert_saved(page)
    assert draft.conditions.get().pain_before == 6


def test_nothing_is_saved_in_the_name_of_somebody_else_who_signs_in(page, draft, other_therapist):
    """The supervisor may write in the draft too; what the author typed stays the author's."""
    NeedlingSession.objects.filter(pk=draft.pk).update(supervisor=other_therapist)
    delayed = network.DelayedRequests(page, FIELDS)
    note(page).press_sequentially("Mine")
    delayed.wait()
    end_sign_in()
    delayed.drop()
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()

    other = page.context.new_page()
    steps.sign_in(Keyboard(other), other_therapist)
    network.focus_window(page)

    expect(page.locator("[data-lock-words]")).to_contain_text("Another sign-in holds this browser now")
    expect(page.locator("[data-save]")).to_have_text("Not saved yet, signed out")
    assert not DraftEvent.objects.filter(session=draft).exists()
    expect(note(page)).to_have_value("Mine")


@pytest.fixture
def live_practice(transactional_db, draft, tmp_path):
    """A separate server on a copy of the current database."""
    if connection.vendor == "sqlite":
        yield LivePractice(copied_file(tmp_path / "kept.sqlite3"))
    else:
        with copied_database() as url:
            yield LivePractice(url)


def test_a_server_that_is_killed_and_comes_back_gets_everything(
    browser, live_practice, draft, therapist, tmp_path
):
    address = f"http://127.0.0.1:{live_practice.port}"
    with (tmp_path / "server.log").open("w") as log, browser.new_context(base_url=address) as context:
        context.add_cookies([session_cookie(therapist, address)])
        if connection.vendor == "sqlite":
            live_practice.environment["DATABASE_URL"] = copied_file(tmp_path / "kept.sqlite3")
        server = live_practice.start(log)
        try:
            live_practice.wait(tmp_path / "server.log")
            page = context.new_page()
            open_draft(page, draft)
            note(page).press_sequentially(NOTE[:12])
            network.assert_saved(page)

            server.send_signal(signal.SIGKILL)
            server.wait(30)
            note(page).press_sequentially(NOTE[12:])
            expect(page.locator("[data-save]")).to_have_text(network.NO_CONNECTION)
            # slow typing is saved in several requests
            message = re.compile(r"\d changes? kept on this page")
            expect(page.locator("[data-offline]")).to_contain_text(message)

            server = live_practice.start(log)
            live_practice.wait(tmp_path / "server.log")
            network.focus_window(page)
            network.assert_saved(page)
            page.reload()
            expect(note(page)).to_have_value(NOTE)
        finally:
            server.send_signal(signal.SIGKILL)
            server.wait(30)
    saved = live_practice.ask(f"field_and_journal({draft.ref!r}, 'note')")
    assert (saved["stands"], saved["changes"][-1], saved["broken"]) == (NOTE, NOTE, None)
    assert saved["changes"] == sorted(set(saved["changes"]), key=len)


def test_back_and_forward_show_what_stands_and_go_on_from_it(page, draft, therapist):
    note(page).fill("Stiff.")
    page.get_by_role("link", name="Today").click()
    page.wait_for_url("/")
    assert stored_draft(draft).note == "Stiff."
    save_elsewhere(draft, therapist, plan="Changed elsewhere.")

    page.go_back()
    expect(note(page)).to_have_value("Stiff.")
    expect(page.get_by_label("Plan", exact=True)).to_have_value("Changed elsewhere.")
    note(page).fill("Stiff. Better now.")
    page.keyboard.press("Tab")
    network.assert_saved(page)
    page.go_forward()
    page.wait_for_url("/")
    page.go_back()

    expect(note(page)).to_have_value("Stiff. Better now.")
    expect(page.locator("[data-conflict]")).to_be_hidden()
    saved = DraftEvent.objects.filter(session=draft, field="note").order_by("pk")
    assert [event.new for event in saved] == ["Stiff.", "Stiff. Better now."]


def test_a_page_that_was_frozen_takes_up_what_changed_meanwhile(page, draft, therapist):
    """The browser's back/forward cache: the script continues where it stopped."""
    save_elsewhere(draft, therapist, note="From elsewhere.")

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(note(page)).to_have_value("From elsewhere.")


def test_two_tabs_of_one_author(page, draft):
    second = page.context.new_page()
    # it must not receive the first one's change, else it takes it over and there is no conflict
    second.route("**/presence/", lambda route: None)
    open_draft(second, draft)
    note(page).fill("From the first.")
    page.keyboard.press("Tab")
    network.assert_saved(page)
    second.get_by_label("Plan", exact=True).fill("From the second.")
    second.keyboard.press("Tab")
    network.assert_saved(second)
    assert (stored_draft(draft).note, stored_draft(draft).plan) == ("From the first.", "From the second.")

    note(second).evaluate("""(field) => {
        field.value = "Both at once.";
        field.dispatchEvent(new Event("change", { bubbles: true }));
    }""")
    expect(second.locator("[data-conflict-theirs]")).to_have_text("From the first.")
    assert stored_draft(draft).note == "From the first."
    second.get_by_role("button", name="Keep mine").click()
    network.assert_saved(second)
    assert stored_draft(draft).note == "Both at once."


def test_what_is_pressed_twice_happens_once(page, draft):
    factories.site(draft)
    page.reload()
    page.get_by_role("button", name="Remove site 1").dblclick()
    expect(page.locator("li.is-struck")).to_have_count(1)
    network.assert_saved(page)
    assert DraftEvent.objects.filter(session=draft, field="site_struck").count() == 1

    page.goto(reverse("treatments:session-void", args=[draft.ref]))
    page.get_by_label(re.compile("^Why|reason", re.I)).fill("Opened by mistake.")
    page.get_by_role("button", name="Void draft").dblclick()
    page.wait_for_url("/")
    assert stored_draft(draft).state == "voided"
    assert AuditEvent.objects.filter(code="session.voided").count() == 1


def test_enter_pressed_twice_signs_once(page, draft):
    notes.ready(draft)
    page.reload()
    page.keyboard.press("Control+Enter")
    page.locator("[data-review] [name=password]").fill(factories.PASSWORD)
    for _ in ("from the field to the button", "the signature", "the same press again"):
        page.keyboard.press("Enter")
    page.wait_for_url("**/#next")

    assert stored_draft(draft).state == "signed"
    assert Seal.objects.filter(session=draft).count() == 1
    assert AuditEvent.objects.filter(code="session.signed").count() == 1


def test_a_device_whose_clock_jumps_shows_and_notes_the_servers_time(open_page, draft, therapist):
    began = timezone.now() - dt.timedelta(minutes=5)
    NeedlingSession.objects.filter(pk=draft.pk).update(started_at=began)
    factories.site(draft, technique="static", needle_in_at=began)
    page = open_page(user=therapist)
    page.clock.install()
    open_draft(page, draft)
    page.watch.allow("status of 401")
    for hours in (3, -6):
        page.clock.set_system_time(timezone.now() + dt.timedelta(hours=hours))
        page.clock.run_for(2000)
        expect(page.locator("[data-since]")).to_have_text(re.compile(r"^[56]:\d\d in$"))

    page.locator("[data-now=ended_at]").press("Enter")
    network.assert_saved(page)
    assert abs(stored_draft(draft).ended_at - timezone.now()) < dt.timedelta(minutes=2)
    note(page).fill(NOTE)
    page.keyboard.press("Tab")
    network.assert_saved(page)
    assert stored_draft(draft).note == NOTE


@pytest.fixture
def end_of_summer_time():
    """Two in the morning in Chicago, when daylight saving time ends. Request it first."""
    with time_machine.travel(dt.datetime(2026, 11, 1, 6, 57, tzinfo=dt.UTC)) as travelling:
        yield travelling


def test_needles_dwell_through_the_night_when_the_clocks_go_back(
    end_of_summer_time, open_page, draft, therapist
):
    site = factories.site(draft, technique="static")
    page = open_page(user=therapist, timezone_id="America/Chicago")
    page.clock.install(time=timezone.now())
    open_draft(page, draft)
    page.get_by_role("button", name=re.compile("^Start the time of site 1")).press("Enter")
    expect(page.locator("[data-since]")).to_be_visible()

    end_of_summer_time.shift(dt.timedelta(minutes=6))
    page.clock.run_for(6 * 60 * 1000)
    expect(page.locator("[data-since]")).to_have_text(re.compile(r"^6:\d\d in$"))
    page.get_by_role("button", name=re.compile("^Needles out")).press("Enter")
    expect(page.locator("[data-since]")).to_have_count(0)

    site.refresh_from_db()
    dwelt = site.needle_out_at - site.needle_in_at
    assert dt.timedelta(minutes=6) <= dwelt < dt.timedelta(minutes=7)
