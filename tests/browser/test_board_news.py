"""An open board shows what happens without moving focus, scroll or what somebody is doing."""

import pytest
from playwright.sync_api import expect

from patients.actions import visits
from tests import factories
from tests.browser import network
from tests.browser.accessibility import axe
from treatments.actions.followups import soreness
from treatments.rules.board import news

VISITS = 14


@pytest.fixture
def due(open_page, monkeypatch, reception, therapist):
    """Visits of today, and a board that asks again at once."""
    monkeypatch.setattr(news, "EVERY_SECONDS", 0.25)
    people = [factories.patient(reception, family_name=f"Row{number:02}") for number in range(VISITS)]
    return [factories.visit(person, therapist) for person in people]


@pytest.fixture
def board(open_page, due, reception):
    page = open_page(user=reception, height=600)
    page.goto("/")
    return page


def row(page, visit):
    return page.locator("tr", has_text=visit.patient.listed_name)


def place_of(page):
    return page.evaluate("Math.round(document.activeElement.getBoundingClientRect().top)")


def test_a_check_in_and_a_room_show_while_the_focus_and_the_page_stay(board, due, reception):
    first, last = due[0], due[-1]
    row(board, last).get_by_role("button").focus()
    board.evaluate("window.held = document.activeElement")
    before = place_of(board)
    assert board.evaluate("scrollY") > 0

    visits.check_in(first, by=reception)
    expect(row(board, first)).to_contain_text("Waiting")
    visits.take_to_room(first, by=reception, room=factories.room())
    expect(row(board, first)).to_contain_text("In room")

    assert board.evaluate("document.activeElement === window.held")
    assert abs(place_of(board) - before) <= 1
    assert axe(board) == []


def test_what_has_the_focus_follows_when_the_focus_has_left(board, due, reception):
    visit = due[3]
    button = row(board, visit).get_by_role("button", name="Check in")
    button.focus()

    visits.check_in(visit, by=reception)

    expect(row(board, visit)).to_contain_text("Waiting")
    expect(button).to_be_focused()
    board.evaluate("document.activeElement.blur()")
    expect(button).to_have_count(0)


def test_the_patient_whose_turn_it_is_is_shown_as_they_are_while_the_row_has_the_focus(
    open_page, due, therapist, reception
):
    page = open_page(user=therapist)
    page.goto("/#next")
    expect(page.locator("#next")).to_be_focused()
    page.evaluate("window.held = document.activeElement")

    visits.check_in(due[0], by=reception)

    expect(page.locator("li", has_text=due[0].patient.listed_name)).to_contain_text("Waiting")
    assert page.evaluate("document.activeElement === window.held")
    assert page.locator("li", has_text=due[0].patient.listed_name).count() == 1


def test_a_therapists_board_opens_on_the_next_step_and_the_desks_on_the_search(
    open_page, due, therapist, reception
):
    visits.check_in(due[3], by=reception)
    page = open_page(user=therapist)
    page.goto("/")
    step = page.locator("#next").get_by_role("link", name="Hand over questions")
    expect(step).to_be_focused()
    expect(page.locator("#next")).to_contain_text(due[3].patient.listed_name)

    desk = open_page(user=reception)
    desk.goto("/")
    expect(desk.get_by_placeholder("Find a patient")).to_be_focused()


def test_a_patient_who_comes_first_takes_the_place_while_the_focus_stays(
    open_page, due, therapist, reception
):
    page = open_page(user=therapist)
    page.goto("/")
    held = page.locator("#next").get_by_role("link", name=due[0].patient.listed_name)
    expect(held).to_be_focused()

    visits.check_in(due[5], by=reception)

    first = page.locator("[data-own-day] li").first
    expect(first).to_contain_text(due[5].patient.listed_name)
    expect(first).to_have_id("next")
    expect(page.get_by_role("link", name=due[0].patient.listed_name)).to_be_focused()
    expect(page.locator("[data-own-day] li")).to_have_count(VISITS)
    expect(page.locator("#next")).to_have_count(1)


def test_typed_text_and_an_open_menu_stay(board, due, reception):
    board.get_by_placeholder("Find a patient").fill("Exa")
    menu = board.locator("details.menu", has_text="Hale")
    menu.locator("summary").click()

    visits.check_in(due[0], by=reception)

    expect(row(board, due[0])).to_contain_text("Waiting")
    expect(board.get_by_placeholder("Find a patient")).to_have_value("Exa")
    assert menu.evaluate("menu => menu.open")
    expect(board.get_by_role("button", name="Hide names").first).to_be_visible()


def test_a_warning_sign_stands_in_the_tab_and_is_said(board, due, reception, ada, therapist):
    followup = factories.followup(factories.session(ada, therapist))

    soreness.file(followup, by=reception, signs={"breathless": "yes"})

    expect(board).to_have_title("1 warning sign · Today · Filiform")
    expect(board.locator("[data-live=assertive]")).to_have_text("A warning sign has come in.")


def test_a_lost_connection_is_said_and_made_up_for(board, due, reception):
    said = board.locator("[data-board-lost]")
    network.disconnect(board)
    expect(said).to_contain_text("No connection since")
    visits.check_in(due[0], by=reception)

    network.reconnect(board)

    expect(said).to_be_empty()
    expect(row(board, due[0])).to_contain_text("Waiting")


def test_a_tab_that_is_shown_again_catches_up_at_once(open_page, due, reception, monkeypatch):
    monkeypatch.setattr(news, "EVERY_SECONDS", 600)
    page = open_page(user=reception)
    page.goto("/")
    visits.check_in(due[0], by=reception)

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(row(page, due[0])).to_contain_text("Waiting")


def test_a_sign_in_that_ended_is_said_by_the_board_itself(board):
    board.context.clear_cookies()

    expect(board.get_by_role("dialog", name="Sign in again")).to_be_visible()
    expect(board).to_have_title("Locked · Filiform")
