"""The menu under somebody's name, with a script: the keys of a page, locking at once, light and dark."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.accessibility import axe
from tests.browser.network import DelayedAnswer, DelayedRequests, settle


@pytest.fixture
def board(open_page, therapist, ada):
    page = open_page(user=therapist)
    page.goto("/")
    # the box to find a patient may have the focus from the start
    page.get_by_role("heading", level=1).click()
    return page


def open_menu(page) -> None:
    page.locator("details.menu:not(.menu-s) > summary").press("Enter")


def keys_of(dialog) -> dict[str, str]:
    expect(dialog).to_be_visible()
    names, words = dialog.locator("dt").all_inner_texts(), dialog.locator("dd").all_inner_texts()
    return dict(zip((" ".join(name.split()) for name in names), words, strict=True))


def test_a_question_mark_lists_the_keys_of_this_page(board):
    board.keyboard.press("?")
    dialog = board.get_by_role("dialog", name="Keys on this page")

    expect(dialog).to_be_visible()
    assert axe(board) == []
    assert {"Ctrl K", "Alt P", "Esc", "?"} <= keys_of(dialog).keys()
    assert "Ctrl Enter" not in keys_of(dialog)
    board.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_list_differs_by_page_and_names_what_is_new_there(open_page, reception, ada):
    page = open_page(user=reception)
    page.goto(f"/patients/{ada.ref}/edit/")
    page.keyboard.press("?")
    assert keys_of(page.get_by_role("dialog"))["Ctrl Enter"] == "Finish the form"

    page.goto("/patients/")
    page.get_by_role("heading").first.click()
    page.keyboard.press("?")
    assert keys_of(page.get_by_role("dialog"))["Alt N"] == "New patient"


def test_each_key_of_the_list_works(board):
    board.keyboard.press("?")
    expect(board.get_by_role("dialog")).to_be_visible()
    board.keyboard.press("Enter")
    expect(board.get_by_role("dialog")).to_be_hidden()

    board.keyboard.press("Control+k")
    assert board.evaluate("document.activeElement.id") == "find-box"
    board.keyboard.press("Alt+p")
    assert board.evaluate("document.documentElement.hasAttribute('data-private')")


def test_in_a_field_a_question_mark_is_typed(board):
    board.locator("#find-box").focus()
    board.keyboard.type("who?")

    assert board.locator("#find-box").input_value() == "who?"
    expect(board.get_by_role("dialog")).to_have_count(0)


def test_the_session_page_lists_its_own_keys(open_page, draft, therapist):
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    page.locator("h1").evaluate("document.activeElement.blur()")
    page.keyboard.press("?")

    keys = keys_of(page.get_by_role("dialog", name="Keys on this page"))
    assert keys["Enter"] == "Add the site, or go on to the next field"
    assert "0 to 9" in keys


def test_the_menu_opens_the_list_too(board):
    open_menu(board)
    board.get_by_role("button", name=re.compile("Keyboard shortcuts")).press("Enter")

    expect(board.get_by_role("dialog", name="Keys on this page")).to_be_visible()


def lock_now(page) -> None:
    open_menu(page)
    page.get_by_role("button", name=re.compile("^Lock now")).press("Enter")
    expect(page.get_by_role("heading", name="Locked", exact=True)).to_be_visible()


def test_locking_hides_the_page_at_once_and_the_password_brings_it_back(board):
    board.locator("#find-box").fill("half a na")
    lock_now(board)

    assert board.title() == "Locked · Filiform"
    hidden = "getComputedStyle(document.querySelector('main')).visibility"
    assert board.evaluate(hidden) == "hidden"
    settle(board)
    other = board.context.new_page()
    other.goto("/patients/")
    assert "/accounts/login/" in other.url
    other.close()
    unlock(board)
    expect(board.get_by_role("heading", name="Locked", exact=True)).to_be_hidden()
    assert board.evaluate(hidden) == "visible"
    assert board.locator("#find-box").input_value() == "half a na"


def test_a_session_is_locked_by_its_key_while_somebody_types(open_page, draft, therapist):
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    page.get_by_text("Plan and note").click()
    page.get_by_label("Note", exact=True).press_sequentially("Slept on the ri")
    page.keyboard.press("Alt+l")
    expect(page.get_by_role("heading", name="Locked", exact=True)).to_be_visible()

    unlock(page)
    expect(page.get_by_role("heading", name="Locked", exact=True)).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "id_note"
    expect(page.get_by_label("Note", exact=True)).to_have_value("Slept on the ri")


def wake(page) -> None:
    """As when somebody comes back to the tab: the page asks how long it may stay open."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def unlock(page) -> None:
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_label("Your password").press("Enter")


def test_a_password_that_is_faster_than_the_lock_on_its_way_opens_the_page(board):
    lock_on_its_way = DelayedRequests(board, "/lock/$")
    lock_now(board)
    lock_on_its_way.wait()
    unlock(board)
    board.wait_for_timeout(1500)
    lock_on_its_way.send()

    expect(board.get_by_role("heading", name="Locked", exact=True)).to_be_hidden()
    settle(board)
    board.goto("/patients/")
    assert "/accounts/login/" not in board.url


def test_an_answer_from_before_the_lock_does_not_open_it(board):
    answer = DelayedAnswer(board, "/here/$")
    wake(board)
    answer.wait()
    lock_now(board)
    answer.release()

    board.wait_for_timeout(300)
    settle(board)
    expect(board.get_by_role("heading", name="Locked", exact=True)).to_be_visible()
    other = board.context.new_page()
    other.goto("/patients/")
    assert "/accounts/login/" in other.url


def test_an_answer_from_before_the_password_does_not_lock_again(board):
    answer = DelayedAnswer(board, "/here/$")
    lock_now(board)
    answer.wait()
    unlock(board)
    board.wait_for_timeout(1500)
    answer.release()

    board.wait_for_timeout(300)
    settle(board)
    assert not board.evaluate("document.documentElement.hasAttribute('data-locked')")


def test_a_page_is_locked_without_a_connection_too(board):
    board.watch.allow("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    board.context.set_offline(True)
    lock_now(board)

    board.context.set_offline(False)
    wake(board)
    expect(board.get_by_role("heading", name="Locked", exact=True)).to_be_visible()
    other = board.context.new_page()
    expect(other.get_by_role("button", name="Sign in")).to_have_count(0)
    for _ in range(20):
        other.goto("/patients/")
        if "/accounts/login/" in other.url:
            break
    assert "/accounts/login/" in other.url


def test_the_theme_changes_on_the_spot_and_stays(board):
    board.locator("#find-box").fill("half a na")
    light = board.evaluate("getComputedStyle(document.body).backgroundColor")
    open_menu(board)
    with board.expect_response("**/theme/"):
        board.get_by_role("button", name="Dark").press("Enter")

    assert board.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert board.locator("#find-box").input_value() == "half a na"
    assert board.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"
    board.goto("/patients/")
    assert board.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert board.locator("html").get_attribute("data-theme") == "dark"


def test_without_javascript_the_theme_and_the_lock_work(open_page, therapist):
    page = open_page(user=therapist, java_script_enabled=False)
    page.goto("/patients/")
    page.locator("details.menu:not(.menu-s) > summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.url.endswith("/patients/")

    page.locator("details.menu:not(.menu-s) > summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Lock now")).click()
    assert "/accounts/login/?next=/patients/" in page.url
