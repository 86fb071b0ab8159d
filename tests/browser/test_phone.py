"""A phone: tables are cards, a row of tabs says that it goes on, the banner folds."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_states import PageState
from tests.browser.pages import DESK, LEAD, THERAPIST

WIDTHS = (390, 320)
TABLES = [
    PageState(THERAPIST, "treatments:record", "filled", "ada"),
    PageState(LEAD, "treatments:adverse-events", "filled"),
    PageState(LEAD, "treatments:sharps-log", "filled"),
    PageState(LEAD, "treatments:caseload", "filled"),
]
# Each cell of the cards on a page that says no column, or stands outside the screen.
BARE = """() => Array.from(document.querySelectorAll(".cards td")).filter((cell) => {
  const label = getComputedStyle(cell, "::before").content;
  const box = cell.getBoundingClientRect();
  return box.width > 0 && (!/[A-Za-z]/.test(label) || box.right > innerWidth);
}).map((cell) => cell.outerHTML.slice(0, 80))"""
CARDS = "document.querySelectorAll('.cards tbody tr').length"
SIDEWAYS = """() => Array.from(document.querySelectorAll(".panel-scroll:has(.cards)"))
  .filter((part) => part.scrollWidth > part.clientWidth).length"""

# Buttons above the board whose words reach their edge, or go over it.
TIGHT = """() => [...document.querySelectorAll(".page-head-end .btn:not(.btn-icon)")].filter((button) => {
  const words = document.createRange();
  words.selectNodeContents(button);
  return words.getBoundingClientRect().width + 4 > button.getBoundingClientRect().width;
}).map((button) => button.innerText)"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("shown", TABLES, ids=str)
def test_a_table_is_cards_that_say_their_columns(page_viewer, shown, width):
    page = page_viewer.open(shown)
    page.set_viewport_size({"width": width, "height": 800})

    assert page.evaluate(CARDS) >= 1
    assert page.evaluate(BARE) == []
    assert page.evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_tabs_show_that_they_go_on_and_where_one_is(page_viewer, width):
    page = page_viewer.open(PageState(THERAPIST, "treatments:history", "filled", "ada"))
    page.set_viewport_size({"width": width, "height": 800})
    page.reload()
    tabs, here = page.locator(".tabs"), page.locator(".tabs [aria-current]").bounding_box()

    assert tabs.evaluate("(row) => row.scrollWidth > row.clientWidth")
    assert tabs.evaluate("(row) => getComputedStyle(row).backgroundImage").count("gradient") == 4
    assert here["x"] >= 0
    assert here["x"] + here["width"] <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_the_banner_folds_to_two_lines_of_notices_and_opens(page_viewer, width):
    page = page_viewer.open(PageState(DESK, "treatments:record", "filled", "ada"))
    page.set_viewport_size({"width": width, "height": 800})
    page.reload()
    strip, more = page.locator(".strip"), page.locator(".strip-more")

    folded = strip.bounding_box()["height"]
    assert more.is_visible()
    assert page.locator(".strip-flags").bounding_box()["height"] <= 48
    more.press("Enter")
    assert strip.bounding_box()["height"] > folded


@pytest.mark.parametrize("width", WIDTHS)
def test_the_words_of_another_day_stand_inside_their_buttons(page_viewer, width):
    page = page_viewer.open(PageState(DESK, "treatments:today", "filled"))
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("link", name="The next day").press("Enter")
    expect(page.get_by_role("link", name="Today", exact=True).first).to_be_visible()

    assert page.evaluate(TIGHT) == []


def test_on_a_wide_screen_the_tables_are_tables(page_viewer):
    page = page_viewer.open(TABLES[0])
    page.set_viewport_size({"width": 1280, "height": 900})

    cell = page.locator(".cards td").first
    assert cell.evaluate("(cell) => getComputedStyle(cell).display") == "table-cell"
