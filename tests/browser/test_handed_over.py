"""A hand-over covers every other tab of that browser at once, also one that sleeps."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.accessibility import axe

DEAF = "window.BroadcastChannel = class { postMessage() {} addEventListener() {} };"
CLOCKLESS = "window.setInterval = () => 0;"
# A sleeping tab hears nothing of its neighbours, and its clocks stand still.
ASLEEP = DEAF + CLOCKLESS
COVER = "Handed over"
NOTE_UNCOVERED = """() => {
  const root = document.documentElement;
  window.wasUncovered = false;
  new MutationObserver(() => { window.wasUncovered ||= !root.hasAttribute("data-covered"); })
    .observe(root, { attributes: true });
}"""


def opened(page, address, *, script=""):
    tab = page.context.new_page()
    if script:
        tab.add_init_script(script)
    tab.goto(address)
    return tab


def cover_of(tab):
    return tab.get_by_role("dialog", name=COVER)


def sign_in(tab, person):
    tab.get_by_role("link", name="Staff: take the tablet back").click()
    tab.locator("[name=login]").fill(person.username)
    tab.locator("[name=password]").fill(factories.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()


@pytest.fixture
def tabs(open_page, ada, therapist, reception):
    """The board, a form with typed text and a record in a tab that sleeps; then the tablet is handed over."""
    board = open_page(user=reception)
    factories.visit(ada, therapist)
    board.goto("/")
    typed = opened(board, f"/patients/{ada.ref}/edit/")
    typed.locator("#id_email").fill("ada@example.org")
    asleep = opened(board, ada.get_absolute_url(), script=ASLEEP)
    tablet = opened(board, f"/patients/{ada.ref}/screenings/hand-over/?kind=visit")
    tablet.get_by_role("button", name="hand over").click()
    expect(tablet).to_have_url(re.compile("/handover/"))
    return board, typed, asleep, tablet


def test_every_tab_is_covered_at_once_and_a_sleeping_one_before_it_is_seen(tabs):
    board, typed, asleep, _ = tabs

    for tab in (board, typed):
        expect(cover_of(tab)).to_be_visible()
        expect(tab).to_have_title(COVER)
        assert tab.locator("main").evaluate("part => getComputedStyle(part).visibility") == "hidden"
    assert axe(board) == []
    for event in ("visibilitychange", "pageshow"):
        asleep.evaluate("document.documentElement.removeAttribute('data-covered')")
        target = "document" if event == "visibilitychange" else "window"
        # in one step: nothing is asked of the network before the page is hidden
        shown = f"{target}.dispatchEvent(new Event('{event}'))"
        assert asleep.evaluate(f"{shown}, document.documentElement.hasAttribute('data-covered')"), event
    # a browser lets a second one through
    for _ in range(2):
        board.keyboard.press("Escape")
    expect(cover_of(board)).to_be_visible()


@pytest.mark.parametrize("script", [DEAF, CLOCKLESS], ids=["by its clock", "by its neighbour"])
def test_a_tab_is_covered_by_its_clock_and_by_its_neighbour_alike(open_page, ada, reception, script):
    """The neighbour is at once; the clock is for a form that has no script."""
    tablet = open_page(user=reception)
    tab = opened(tablet, ada.get_absolute_url(), script=script)
    tablet.goto(f"/patients/{ada.ref}/screenings/hand-over/?kind=visit")
    tablet.get_by_role("button", name="hand over").click()
    expect(cover_of(tab)).to_be_visible()


def test_the_server_refuses_those_tabs_and_the_cover_leads_to_the_form(tabs):
    board, _, asleep, _ = tabs

    asleep.reload()
    expect(asleep).to_have_url(re.compile("/handover/"))
    cover_of(board).get_by_role("link", name="Open the form").click()
    expect(board).to_have_url(re.compile("/handover/"))


def test_a_covered_tab_goes_on_with_its_words_when_the_same_person_is_back(tabs, reception):
    board, typed, _, tablet = tabs
    expect(cover_of(typed)).to_be_visible()

    sign_in(tablet, reception)

    for tab in (board, typed):
        expect(cover_of(tab)).to_be_hidden()
    expect(board).to_have_title("Today · Filiform")
    expect(typed.locator("#id_email")).to_have_value("ada@example.org")
    typed.get_by_role("button", name="Save details").click()
    expect(typed.get_by_text("ada@example.org")).to_be_visible()


def test_a_covered_tab_stays_covered_for_somebody_else(tabs, therapist):
    board, _, _, tablet = tabs

    sign_in(tablet, therapist)

    expect(cover_of(board)).to_contain_text("under another sign-in")


def test_a_tab_stays_covered_when_the_device_is_handed_over_again_meanwhile(tabs, reception):
    """The answer to "is the same person back?" is held until the device is in a patient's hands again."""
    board, _, _, tablet = tabs
    held = []
    board.evaluate(NOTE_UNCOVERED)
    board.route("**/here/", lambda route: held.append(route))
    sign_in(tablet, reception)
    while not held:
        board.wait_for_timeout(50)

    answer = held[0].fetch()
    board.evaluate("document.cookie = 'handed_over=1; path=/'")
    with board.expect_response("**/here/"):
        held[0].fulfill(response=answer)
    board.wait_for_timeout(200)

    assert not board.evaluate("window.wasUncovered")
