"""The network goes away at every point of a save, and nothing typed is lost or stands twice."""

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


def corner(page):
    return page.locator("[data-save]")


def leave(page, label, text):
    """A field is filled and left."""
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Tab")


def fill_row(hands, muscle="ecrb"):
    """The next site, complete and not kept yet."""
    hands.fill("Muscle, code or name", muscle)
    hands.press("Enter", "r")
    expect(hands.page.locator("[name=insertions]:focus")).to_have_count(1)
    hands.press("3", "Tab", "2", "Enter")
    hands.choose("Needle", "0.25 × 30")


def changes(draft, field):
    """What the draft's journal says of a field, oldest first."""
    return [event.new for event in DraftEvent.objects.filter(session=draft, field=field).order_by("pk")]


def stands(draft):
    return NeedlingSession.objects.get(pk=draft.pk)


def test_cut_before_anything_is_sent(page, draft):
    hands = Keyboard(page)
    fill_row(hands)
    network.disconnect(page)
    hands.press("Enter")
    hands.tab_to("Note")
    hands.type(NOTE)
    hands.press("Tab")

    expect(corner(page)).to_have_text(NO_CONNECTION)
    expect(page.locator("[data-offline]")).to_contain_text(
        "2 changes kept on this page. Closing it loses them. Signing waits until they are saved."
    )
    assert (draft.sites.count(), stands(draft).note) == (0, "")

    network.reconnect(page)
    network.assert_saved(page)
    assert draft.sites.count() == 1
    assert changes(draft, "note") == [NOTE]
    expect(page.locator("li.site")).to_have_count(1)
    page.reload()
    expect(page.locator("li.site")).to_have_count(1)
    expect(page.get_by_label("Note", exact=True)).to_have_value(NOTE)


def test_cut_while_a_save_is_on_its_way(page, draft):
    held = network.DelayedRequests(page, FIELDS)
    leave(page, "Plan", "Once a week.")
    held.wait()
    expect(corner(page)).to_have_text("Saving")
    leave(page, "Note", NOTE)
    held.drop()

    network.assert_saved(page)
    assert changes(draft, "plan") == ["Once a week."]
    assert changes(draft, "note") == [NOTE]


def test_a_save_that_is_never_answered_is_sent_again(open_page, draft, therapist):
    page = open_page(user=therapist)
    page.clock.install()
    page.goto(draft.get_absolute_url())
    held = network.DelayedRequests(page, FIELDS)
    page.watch.allow("ERR_ABORTED")
    page.locator("[data-field^=pain_before][value='6']").check(force=True)
    held.wait()
    expect(corner(page)).to_have_text("Saving")

    page.clock.run_for(21_000)
    expect(corner(page)).to_have_text(NO_CONNECTION)
    held.drop()
    network.focus_window(page)

    network.assert_saved(page)
    assert changes(draft, "pain_before") == [6]


def test_an_answer_that_is_not_the_servers_keeps_nothing(page, draft):
    """The sign-in of a guest network, or a gateway's own page: both say that all is well."""
    anything = re.compile(FIELDS)
    page.route(anything, lambda route: route.fulfill(status=200, content_type="text/html", body="Welcome"))
    leave(page, "Note", NOTE)
    expect(corner(page)).to_have_text("Not saved yet, no answer")
    assert stands(draft).note == ""

    page.unroute(anything)
    network.focus_window(page)
    network.assert_saved(page)
    assert changes(draft, "note") == [NOTE]


def test_the_answer_is_lost_after_the_server_kept_it(page, draft):
    """A field, a site, a removal and a time: each is sent again, and stands once."""
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

    expect(corner(page)).to_have_text(NO_CONNECTION)
    expect(page.locator("[data-offline]")).to_contain_text("2 changes kept on this page.")
    assert [stands(draft).plan, stands(draft).note, stands(draft).other_care] == ["Once a week.", "", ""]

    page.unroute(re.compile(FIELDS))
    network.focus_window(page)
    network.assert_saved(page)
    kept = DraftEvent.objects.filter(session=draft).order_by("pk").values_list("field", flat=True)
    assert list(kept) == ["plan", "note", "other_care"]


@pytest.fixture
def ready(draft):
    return notes.ready(draft)


def open_review(page):
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-review] .readback")).to_be_visible()


def press_sign(page):
    page.locator("[data-review] [name=password]").fill(factories.PASSWORD)
    page.keyboard.press("Enter")


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
    assert stands(ready).is_draft


def test_signing_waits_and_says_why_while_something_is_not_saved(page, ready):
    page.reload()
    network.disconnect(page)
    leave(page, "Note", NOTE)
    expect(corner(page)).to_have_text(NO_CONNECTION)
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
    assert stands(ready).is_draft

    network.reconnect(page)
    page.get_by_role("button", name="Sign note").press("Enter")
    page.wait_for_url("**/#next")
    assert stands(ready).state == "signed"
    assert Seal.objects.filter(session=ready).count() == 1


def test_the_answer_of_a_signature_is_lost_and_the_second_press_signs_nothing_more(page, ready):
    page.reload()
    open_review(page)
    network.lose_answers(page, SIGN)
    press_sign(page)
    expect(page.locator("[data-offline]")).to_contain_text("Whether the note was signed is not known yet.")
    signed_at = stands(ready).signed_at
    assert signed_at is not None

    page.get_by_role("button", name="Sign note").press("Enter")
    page.wait_for_url("**/#next")
    expect(page.get_by_text("Signed: ").first).to_be_visible()
    assert stands(ready).signed_at == signed_at
    assert Seal.objects.filter(session=ready).count() == 1
    steps_made = FollowUp.objects.filter(session=ready).values_list("step", flat=True)
    assert len(steps_made) == len(set(steps_made)) > 0
    assert NeedleSite.objects.filter(session=ready).count() == 1
