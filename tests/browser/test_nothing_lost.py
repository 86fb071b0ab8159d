"""The network fails at every point of a save; nothing typed is lost or stored twice."""

import re

import pytest
from playwright.sync_api import expect

from tests import audit_chain, factories
from tests.browser import network
from tests.browser.keyboard import Keyboard
from tests.browser.network import NO_CONNECTION
from tests.treatments import notes
from treatments.models import DraftEvent, FollowUp, NeedleSite, NeedlingSession, Seal

FIELDS, SITES, SIGN = r"/fields/$", r"/sites/$", r"/sign/$"
NOTE = "Slept on the right side again."


@pytest.fixture
def page(open_page, draft, therapist):
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    page.locator("summary", has_text="Plan and note").click()
    return page


def save_state(page):
    return page.locator("[data-save]")


def fill_and_leave(page, label, text):
    """Fills in a field and leaves it."""
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Tab")


def fill_row(user, muscle="ecrb"):
    """Fills in the next site completely without saving it."""
    user.fill("Muscle, code or name", muscle)
    user.press("Enter", "r")
    expect(user.page.locator("[name=insertions]:focus")).to_have_count(1)
    user.press("3", "Tab", "2", "Enter")
    user.choose("Needle", "0.25 × 30")


def changes(draft, field):
    """The values of a field in the draft's journal, oldest first."""
    return [event.new for event in DraftEvent.objects.filter(session=draft, field=field).order_by("pk")]


def stored_draft(draft):
    return NeedlingSession.objects.get(pk=draft.pk)


def test_cut_before_anything_is_sent(page, draft):
    user = Keyboard(page)
    fill_row(user)
    network.disconnect(page)
    user.press("Enter")
    user.tab_to("Note")
    user.type(NOTE)
    user.press("Tab")

    expect(save_state(page)).to_have_text(NO_CONNECTION)
    expect(page.locator("[data-offline]")).to_contain_text(
        "2 changes kept on this page. Closing it loses them. Signing waits until they are saved."
    )
    assert (draft.sites.count(), stored_draft(draft).note) == (0, "")

    network.reconnect(page)
    network.assert_saved(page)
    assert draft.sites.count() == 1
    assert changes(draft, "note") == [NOTE]
    expect(page.locator("li.site")).to_have_count(1)
    page.reload()
    expect(page.locator("li.site")).to_have_count(1)
    expect(page.get_by_label("Note", exact=True)).to_have_value(NOTE)


def test_cut_while_a_save_is_on_its_way(page, draft):
    delayed = network.DelayedRequests(page, FIELDS)
    fill_and_leave(page, "Plan", "Once a week.")
    delayed.wait()
    expect(save_state(page)).to_have_text("Saving")
    fill_and_leave(page, "Note", NOTE)
    delayed.drop()

    network.assert_saved(page)
    assert changes(draft, "plan") == ["Once a week."]
    assert changes(draft, "note") == [NOTE]


def test_a_save_that_is_never_answered_is_sent_again(open_page, draft, therapist):
    page = open_page(user=therapist)
    page.clock.install()
    page.goto(draft.get_absolute_url())
    delayed = network.DelayedRequests(page, FIELDS)
    page.watch.allow("ERR_ABORTED")
    page.locator("[data-field^=pain_before][value='6']").check(force=True)
    delayed.wait()
    expect(save_state(page)).to_have_text("Saving")

    page.clock.run_for(21_000)
    expect(save_state(page)).to_have_text(NO_CONNECTION)
    delayed.drop()
    network.focus_window(page)

    network.assert_saved(page)
    assert changes(draft, "pain_before") == [6]


def test_an_answer_that_is_not_the_servers_keeps_nothing(page, draft):
    """A captive portal or a gateway answers with status 200 and a page of its own."""
    anything = re.compile(FIELDS)
    page.route(anything, lambda route: route.fulfill(status=200, content_type="text/html", body="Welcome"))
    fill_and_leave(page, "Note", NOTE)
    expect(save_state(page)).to_have_text("Not saved yet, no answer")
    assert stored_draft(draft).note == ""

    page.unroute(anything)
    network.focus_window(page)
    network.assert_saved(page)
    assert changes(draft, "note") == [NOTE]


def test_the_answer_is_lost_after_the_server_kept_it(page, draft):
    """A field, a site, a removal and a time: each is sent again and stored once."""
    factories.site(draft, technique="static")
    page.reload()
    network.lose_answers(page, FIELDS)
    page.locator("[data-field^=pain_before][value='6']").check(force=True)
    network.assert_saved(page)
    assert changes(draft, "pain_before") == [6]

    fill_row(Keyboard(page))
    network.lose_answers(page, SITES)
    page.keyboard.press("Enter")
    expect(page.locator("li.site")).to_have_count(2)
    network.assert_saved(page)
    assert draft.sites.count() == 2

    network.lose_answers(page, r"/needles/$")
    page.get_by_role("button", name=re.compile("^Start the time of site 1")).press("Enter")
    expect(page.locator("[data-since]")).to_have_count(1)
    network.assert_saved(page)
    assert len(changes(draft, "needle_in_at")) == 1

    network.lose_answers(page, r"/strike/$")
    page.get_by_role("button", name="Remove site 2").press("Enter")
    expect(page.locator("li.is-struck")).to_have_count(1)
    network.assert_saved(page)
    assert changes(draft, "site_struck") == [True]
    assert audit_chain.first_broken_link() is None


def test_cut_between_two_saves_that_wait_in_line(page, draft):
    network.disconnect_after(page, FIELDS, 1)
    page.evaluate("""() => {
        for (const [name, text] of [["plan", "Once a week."], ["note", "Stiff."], ["other_care", "Heat."]]) {
            const field = document.querySelector(`[data-field="${name}"]`);
            field.value = text;
            field.dispatchEvent(new Event("change", { bubbles: true }));
        }
    }""")

    expect(save_state(page)).to_have_text(NO_CONNECTION)
    expect(page.locator("[data-offline]")).to_contain_text("2 changes kept on this page.")
    assert [stored_draft(draft).plan, stored_draft(draft).note, stored_draft(draft).other_care] == [
        "Once a week.",
        "",
        "",
    ]

    page.unroute(re.compile(FIELDS))
    network.focus_window(page)
    network.assert_saved(page)
    saved_fields = DraftEvent.objects.filter(session=draft).order_by("pk").values_list("field", flat=True)
    assert list(saved_fields) == ["plan", "note", "other_care"]


@pytest.fixture
def ready(draft):
    return notes.ready(draft)


def open_review(page):
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-review] .readback")).to_be_visible()


def press_sign(page):
    page.locator("[data-review] [name=password]").fill(factories.PASSWORD)
    page.keyboard.press("Control+Enter")


def test_cut_when_review_is_pressed(page, ready):
    page.reload()
    network.disconnect(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-offline]")).to_contain_text(
        "No connection. The note opens for signing when it is back"
    )
    expect(page.locator("[data-review]")).to_be_hidden()

    network.reconnect(page)
    open_review(page)
    expect(page.locator("[data-offline]")).to_be_hidden()
    assert stored_draft(ready).is_draft


def test_signing_waits_and_says_why_while_something_is_not_saved(page, ready):
    page.reload()
    network.disconnect(page)
    fill_and_leave(page, "Note", NOTE)
    expect(save_state(page)).to_have_text(NO_CONNECTION)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-live=assertive]")).to_have_text("Signing waits until everything is saved.")
    expect(page.locator("[data-offline]")).to_contain_text("1 change kept on this page.")
    expect(page.locator("[data-review]")).to_be_hidden()

    network.reconnect(page)
    network.assert_saved(page)
    open_review(page)
    expect(page.locator("[data-review] .readback")).to_contain_text(NOTE)


def test_cut_when_sign_is_pressed(page, ready):
    page.reload()
    open_review(page)
    network.disconnect(page)
    press_sign(page)
    expect(page.locator("[data-offline]")).to_contain_text("Whether the note was signed is not known yet.")
    assert stored_draft(ready).is_draft

    network.reconnect(page)
    page.get_by_role("button", name="Sign note").press("Enter")
    page.wait_for_url("**/#next")
    assert stored_draft(ready).state == "signed"
    assert Seal.objects.filter(session=ready).count() == 1


def test_the_answer_of_a_signature_is_lost_and_the_second_press_signs_nothing_more(page, ready):
    page.reload()
    open_review(page)
    network.lose_answers(page, SIGN)
    press_sign(page)
    expect(page.locator("[data-offline]")).to_contain_text("Whether the note was signed is not known yet.")
    signed_at = stored_draft(ready).signed_at
    assert signed_at is not None

    page.get_by_role("button", name="Sign note").press("Enter")
    page.wait_for_url("**/#next")
    expect(page.get_by_text("Signed: ").first).to_be_visible()
    assert stored_draft(ready).signed_at == signed_at
    assert Seal.objects.filter(session=ready).count() == 1
    steps_made = FollowUp.objects.filter(session=ready).values_list("step", flat=True)
    assert len(steps_made) == len(set(steps_made)) > 0
    assert NeedleSite.objects.filter(session=ready).count() == 1
