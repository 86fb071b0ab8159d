"""The card for a faint opens by key and by touch without a connection, and nothing of it is lost."""

import pytest
from playwright.sync_api import expect

from clinic.models import HeldForm
from tests.browser import network
from treatments.models import AdverseEvent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session_page(open_page, therapist, draft):
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    page.locator("dialog.faint form").wait_for(state="attached")
    return page


def test_it_opens_and_is_filled_in_without_a_connection_and_is_sent_when_that_is_back(session_page):
    page = session_page
    network.disconnect(page)

    page.keyboard.press("Alt+a")
    expect(page.locator("dialog.faint")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.locator("[name=at_needles]")).not_to_have_value("")
    page.locator("label:has([name=kind][value='faint'])").click()
    page.locator("dialog.faint [data-finish-button]").click()
    expect(page.locator("[data-faint-state]")).to_contain_text("Not saved yet")
    assert not AdverseEvent.objects.exists()

    network.reconnect(page)
    expect(page.locator("dialog.faint")).not_to_be_visible()
    event = AdverseEvent.objects.get()
    assert event.kind.code == "faint"
    assert event.action.startswith("Needles out (")


def test_what_was_ticked_stands_on_the_cards_page_when_the_browser_closes(session_page, draft):
    page = session_page
    page.keyboard.press("Alt+a")
    page.keyboard.press("Space")
    # the open card alone is held too, and before
    assert network.eventually(page, lambda: HeldForm.objects.filter(texts__has_key="did_needles:on").exists())
    page.close()

    again = page.context.new_page()
    again.goto(draft.get_absolute_url() + "faint/")

    expect(again.locator("[name=did_needles]")).to_be_checked()
    expect(again.locator("[name=at_needles]")).not_to_have_value("")
    assert not AdverseEvent.objects.exists()
