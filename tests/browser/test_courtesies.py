"""Small conveniences of the pages, each tested once, by keyboard where possible."""

import datetime as dt

import pytest
from django.utils import timezone

from clinic import formats
from patients.rules import ages
from tests.browser import network
from tests.browser.accessibility import axe

pytestmark = pytest.mark.urls("tests.browser.gallery_urls")

WRITE = """async ([pattern, at, zone]) =>
    (await import("/static/clinic/formats.js")).written(pattern, new Date(at), zone)"""


@pytest.fixture
def gallery(open_page, therapist):
    page = open_page(user=therapist)
    page.goto("/gallery/")
    return page


@pytest.fixture
def timed_gallery(open_page, therapist):
    """Its clock moves with the test alone: a slow machine presses two keys as fast as any other."""
    page = open_page(user=therapist)
    network.open_with_paused_clock(page, "/gallery/")
    return page


def chosen(page, name):
    return page.evaluate(f"document.querySelector('[name={name}]:checked')?.value")


def focused(page, what="id"):
    return page.evaluate(f"document.activeElement.{what}")


def test_failed_page_starts_at_its_summary(gallery):
    assert "error-summary" in focused(gallery, "className")


def test_summary_link_shows_the_question_and_focuses_its_answer(gallery):
    gallery.focus(".error-summary a[href='#id_answer_0']")
    gallery.keyboard.press("Enter")

    legend = gallery.locator("fieldset:has(#id_answer_0) legend").bounding_box()
    strip = gallery.locator(".strip").bounding_box()
    assert focused(gallery) == "id_answer_0"
    assert strip["y"] + strip["height"] <= legend["y"] < gallery.viewport_size["height"]


def test_digits_choose_on_a_scale(timed_gallery):
    gallery = timed_gallery
    gallery.focus("#id_pain_3")

    gallery.keyboard.press("5")
    assert chosen(gallery, "pain") == "5"

    gallery.keyboard.press("1")
    gallery.keyboard.press("0")
    assert chosen(gallery, "pain") == "10"


def test_slow_digits_are_two_answers(timed_gallery):
    gallery = timed_gallery
    gallery.focus("#id_pain_3")

    gallery.keyboard.press("1")
    gallery.clock.run_for(450)
    gallery.keyboard.press("0")

    assert chosen(gallery, "pain") == "0"


def test_letters_choose_a_side(gallery):
    gallery.focus("#id_side_0")

    gallery.keyboard.press("b")

    assert chosen(gallery, "side") == "both"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3/5/1984", "March 5, 1984"),
        ("03051984", "March 5, 1984"),
        ("5 Mar 84", "March 5, 1984"),
        ("1984-03-05", "March 5, 1984"),
        ("2/29/2023", "That day does not exist."),
        ("3/5/2048", ""),
    ],
)
def test_birth_date_is_read_back(gallery, typed, read):
    gallery.fill("#id_born", typed)
    gallery.keyboard.press("Tab")

    echo = gallery.inner_text("[data-echo-for=id_born]")
    assert echo.startswith(read)
    assert bool(echo) == bool(read)


@pytest.mark.parametrize("hour", [0, 9, 12, 14])
def test_a_script_writes_days_and_times_as_the_server_does(gallery, hour):
    at = dt.datetime(2026, 5, 3, hour, 5, tzinfo=timezone.get_current_timezone())
    by_name = {
        "TIME_FORMAT": formats.clock, "MONTH_DAY_FORMAT": formats.short_day,
        "SPOKEN_DATE_FORMAT": formats.spoken_day, "DATETIME_FORMAT": formats.moment,
    }  # fmt: skip

    for name, write in by_name.items():
        values = [formats.of_country(name), formats.iso(at), timezone.get_current_timezone_name()]
        assert gallery.evaluate(WRITE, values) == write(at)


def test_the_age_of_an_infant_is_read_back_in_months(open_page, therapist):
    # the device is where the practice is: elsewhere its day may be another one
    gallery = open_page(user=therapist, timezone_id=timezone.get_current_timezone_name())
    gallery.goto("/gallery/")
    born = timezone.localdate() - dt.timedelta(days=5 * 31)

    gallery.fill("#id_born", formats.typed_day(born))
    gallery.keyboard.press("Tab")

    said = ages.age_words(born, timezone.localdate())
    assert said.endswith("months")
    assert gallery.inner_text("[data-echo-for=id_born]") == f"{formats.spoken_day(born)}, {said}"


def test_names_hide_and_it_is_said(gallery):
    gallery.keyboard.press("Alt+p")

    assert gallery.locator("html[data-private]").count() == 1
    assert gallery.inner_text("[data-live=polite]") == "Names are hidden."

    gallery.reload()
    assert gallery.locator("html[data-private]").count() == 1
    assert gallery.locator("[data-privacy][aria-pressed=true]").count() == 1

    gallery.keyboard.press("Alt+p")
    gallery.reload()
    assert gallery.locator("html[data-private]").count() == 0


def test_second_press_within_a_second_sends_nothing(timed_gallery):
    gallery = timed_gallery
    gallery.evaluate("""() => {
        window.sent = 0;
        window.addEventListener("submit", (event) => {
            window.sent += event.defaultPrevented ? 0 : 1;
            event.preventDefault();
        });
    }""")
    gallery.focus("#id_born")

    gallery.keyboard.press("Control+Enter")
    gallery.keyboard.press("Control+Enter")

    assert gallery.evaluate("window.sent") == 1


def test_figure_passes_a_press_to_its_box_and_shows_a_tick(gallery):
    gallery.locator("[data-for='b-lumb-r']").click(force=True)

    assert "Low back beside spine, right" in gallery.inner_text("[data-body-picked]")
    assert gallery.is_checked("input[value='b-lumb-r']")
    assert gallery.locator("[data-tick='b-lumb-r']").count() == 1


def test_signature_becomes_strokes_and_can_be_cleared(gallery):
    pad = gallery.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    gallery.mouse.move(box["x"] + 20, box["y"] + 20)
    gallery.mouse.down()
    gallery.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    gallery.mouse.up()
    assert gallery.input_value("[name=drawn]").startswith("20,20 ")
    assert gallery.inner_text("[data-signature-status]") == "Signature captured, 1 stroke."

    gallery.focus("[data-signature-clear]")
    gallery.keyboard.press("Enter")
    assert gallery.input_value("[name=drawn]") == ""


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_parts_have_no_violation_and_no_sideways_scroll(open_page, therapist, width, scheme):
    page = open_page(width=width, scheme=scheme, user=therapist)
    page.goto("/gallery/")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_door_has_no_violation(open_page, db, width, scheme):
    page = open_page(width=width, scheme=scheme)
    page.goto("/accounts/login/")

    assert axe(page) == []
    assert page.locator("h1").count() == 1
