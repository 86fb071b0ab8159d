"""The box that finds a condition, by keyboard: typing lists, arrows move, Enter goes on to the details."""

from urllib.parse import unquote_plus

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import network
from tests.browser.accessibility import axe
from tests.browser.network import DelayedRequests

SEARCH = r"/conditions/search/"


@pytest.fixture
def open_box(open_page, keyboard_for, therapist, ada):
    def open_(**options):
        user = keyboard_for(open_page(user=therapist, **options))
        user.page.goto(reverse("patients:condition-add", args=[ada.ref]))
        expect(user.page.get_by_role("combobox", name="Condition")).to_be_focused()
        return user

    return open_


def lit(user):
    return user.page.locator("[role=option][aria-selected=true]")


def checked(user, name: str):
    return user.page.locator(f"[name={name}]:checked")


def type_words(user, words: str) -> None:
    """Types the words and waits for their list: one of a part of them may look the same for a moment."""
    with user.page.expect_response(lambda answer: words in unquote_plus(answer.request.post_data or "")):
        user.type(words)
    network.settle(user.page)


def test_a_few_letters_and_enter_lead_to_the_details(open_box):
    user = open_box()
    user.type("plantar f")
    user.leave_by("Enter")

    expect(user.page.locator("h1")).to_have_text("Plantar fasciitis")
    assert user.presses == 10


def test_the_list_says_why_and_the_arrows_choose(open_box):
    user = open_box()
    type_words(user, "left golfers elbow")
    expect(lit(user)).to_contain_text("also: golfer's elbow · Left")
    user.press("ArrowDown", "ArrowUp")
    expect(lit(user)).to_contain_text("Thrower's elbow")
    user.leave_by("Enter")

    expect(checked(user, "side")).to_have_value("left")
    expect(user.page.locator("label:has([name=variant]:checked)")).to_contain_text("Medial epicondylitis")


def test_the_second_hit_is_an_arrow_away(open_box):
    user = open_box()
    type_words(user, "elbow pain")
    expect(lit(user)).to_contain_text("Thrower's elbow")
    user.press("ArrowDown")
    expect(lit(user)).to_contain_text("Tennis elbow")
    user.leave_by("Enter")

    expect(user.page.locator("h1")).to_have_text("Tennis elbow")


def test_enter_does_not_wait_for_the_list(open_box):
    user = open_box()
    held = DelayedRequests(user.page, SEARCH)
    user.type("jumpers knee")
    held.wait()
    user.leave_by("Enter")
    held.drop()

    expect(user.page.locator("h1")).to_have_text("Jumper's knee")


def test_escape_closes_the_list_and_keeps_the_words(open_box):
    user = open_box()
    user.type("frozen")
    expect(lit(user)).to_be_visible()
    user.press("Escape")

    expect(user.page.get_by_role("listbox")).to_be_hidden()
    expect(user.page.get_by_role("combobox", name="Condition")).to_have_value("frozen")


def test_nothing_found_is_said_aloud_and_enter_shows_the_whole_list(open_box):
    user = open_box()
    user.type("xyzzyq")
    expect(user.page.locator('[data-live="polite"]')).to_have_text("Nothing found")
    user.leave_by("Enter")

    expect(user.page.get_by_role("heading", name="Nothing found for “xyzzyq”")).to_be_visible()
    expect(user.page.get_by_role("combobox", name="Condition")).to_have_value("xyzzyq")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_open_list_has_no_violation_and_fits(open_box, width, scheme):
    user = open_box(width=width, scheme=scheme)
    user.type("sciatica right")
    expect(lit(user)).to_be_visible()
    network.settle(user.page)

    assert axe(user.page) == []
    assert user.page.evaluate("document.documentElement.scrollWidth") <= width
