"""Pictures on a phone: depth beside its limit while it is typed, and dates that can be read apart."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from treatments.models import Muscle, NeedlingSession

PHONE = {"width": 390, "height": 844}
LIMIT_Y = 64
TIP = "Number(document.querySelector('[data-depth-pic] .dp-needle').getAttribute('d').split('V')[1])"
# How many pairs of words of a picture cover each other.
COVERED = """(svg) => {
  const shown = Array.from(svg.querySelectorAll("text"), (text) => text.getBoundingClientRect())
    .filter((box) => box.width);
  const covers = (one, two) => one.left < two.right - 2 && two.left < one.right - 2
    && one.top < two.bottom - 4 && two.top < one.bottom - 4;
  return shown.flatMap((one, place) => shown.slice(place + 1).filter((two) => covers(one, two))).length;
}"""

# Words of the pictures that do not fit into their frames.
CUT_OFF = """() => Array.from(document.querySelectorAll("svg text"), (text) => [text, text.ownerSVGElement])
  .map(([text, svg]) => [text.textContent, text.getBoundingClientRect(), svg.getBoundingClientRect()])
  .filter(([, box, frame]) => box.width && (box.left < frame.left - 1 || box.right > frame.right + 1
    || box.top < frame.top - 1 || box.bottom > frame.bottom + 1))
  .map(([words]) => words.trim())"""


@pytest.fixture
def page(open_page, draft, therapist):
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)
    page = open_page(user=therapist)
    page.set_viewport_size(PHONE)
    return page


def test_depth_is_drawn_beside_the_limit_while_it_is_typed(page, draft):
    page.goto(draft.get_absolute_url())
    page.locator("#id_muscle").press_sequentially("rho")
    page.keyboard.press("Enter")
    depth, hint = page.locator("[name=depth_mm]"), page.locator("[data-depth-hint]")
    picture = page.locator("[data-depth-pic]")
    expect(picture).to_be_visible()
    tips = {}
    for typed, words in (("12", "7 mm to spare."), ("19", "0 mm to spare."), ("22", "3 mm over it")):
        depth.fill("")
        depth.press_sequentially(typed)
        expect(hint).to_contain_text(words)
        expect(picture.locator("[data-depth-said]")).to_have_text(typed)
        tips[typed] = page.evaluate(TIP)

    assert tips["12"] < LIMIT_Y == tips["19"] < tips["22"]
    assert picture.bounding_box()["x"] + picture.bounding_box()["width"] <= PHONE["width"]


def test_without_an_approved_limit_the_depth_that_is_asked_about_is_drawn(page, draft):
    Muscle.objects.filter(code="rho").update(depth_limit_mm=None)
    page.goto(draft.get_absolute_url())
    page.locator("#id_muscle").press_sequentially("rho")
    page.keyboard.press("Enter")

    expect(page.locator("[data-depth-pic]")).to_be_visible()
    expect(page.locator("[data-depth-limit]")).to_have_text("asked 20+")
    assert page.evaluate(CUT_OFF) == []
    expect(page.locator("[data-depth-hint]")).to_contain_text("from 20 mm you will be asked why")
    expect(page.locator("[data-depth-chips] button")).to_have_text(["10", "12", "15", "19"])
    page.locator("[name=depth_mm]").press_sequentially("20")
    assert page.evaluate(TIP) == LIMIT_Y


def test_a_course_of_six_visits_shows_every_second_date(page, ada, therapist):
    for week in range(6):
        at = timezone.now() - dt.timedelta(weeks=week, hours=1)
        session = factories.session(ada, therapist, opened_at=at, started_at=at)
        factories.session_condition(session, pain_before=10 - week % 3, pain_after=week % 3)
        factories.site(session)
        NeedlingSession.objects.filter(pk=session.pk).update(ended_at=at, signed_at=at, signed_by=therapist)
    page.goto(reverse("treatments:trends", args=[ada.ref]))
    chart = page.locator("svg.plot").first

    assert chart.locator("text[y='212.0']:visible").count() == 3
    assert chart.evaluate(COVERED) == 0
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
