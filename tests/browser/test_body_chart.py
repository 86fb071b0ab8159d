"""The body chart: left and right are the patient's, regions are large enough, the list is the control."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clinic.rules.body_chart import regions_by_code, shapes
from tests.browser.accessibility import axe

TABLET = {"width": 1180, "height": 820, "has_touch": True, "is_mobile": True}
FINGER = 44
SIDE = {"l": "left", "r": "right"}
# The largest circle inside a region's press area, in screen pixels.
ROOM = """(code) => {
  const hit = document.querySelector(`.cf-hit[data-for="${code}"]`);
  const box = hit.getBBox(), svg = hit.ownerSVGElement;
  const length = hit.getTotalLength(), edge = [], point = svg.createSVGPoint();
  for (let at = 0; at < length; at += 1) edge.push(hit.getPointAtLength(at));
  let most = 0;
  for (let x = box.x; x < box.x + box.width; x += 1.5) for (let y = box.y; y < box.y + box.height; y += 1.5) {
    point.x = x; point.y = y;
    if (!hit.isPointInFill(point)) continue;
    most = Math.max(most, Math.min(...edge.map((e) => Math.hypot(e.x - x, e.y - y))));
  }
  return 2 * most * svg.getScreenCTM().a;
}"""
# A tap goes where the page was drawn last, so the figure's move is drawn first.
MIDDLE = """async (code) => {
  const hit = document.querySelector(`.cf-hit[data-for="${code}"]`), svg = hit.ownerSVGElement;
  const [x, y] = hit.dataset.at.split(" ").map(Number);
  const to = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
  const view = svg.parentElement, frame = view.getBoundingClientRect();
  view.scrollBy(to.x - frame.x - frame.width / 2, to.y - frame.y - frame.height / 2);
  for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
  const now = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
  return [now.x, now.y];
}"""


@pytest.fixture
def tablet(open_page, draft, therapist):
    page = open_page(user=therapist, **TABLET)
    page.goto(draft.get_absolute_url())
    return page


def turn(page, view: str) -> None:
    page.locator(f"label.chip:has([data-figure-view][value={view}])").tap()


@pytest.mark.parametrize(("view", "letters"), [("front", ("R", "L")), ("back", ("L", "R"))])
def test_left_and_right_are_the_patients_own(tablet, view, letters):
    """In the front view the patient's right side is on the viewer's left."""
    turn(tablet, view)
    figure = tablet.locator(f"[data-figure={view}]")
    printed = sorted((mark.bounding_box()["x"], mark.inner_text()) for mark in figure.locator(".lr").all())
    assert tuple(letter for _, letter in printed) == letters

    middle = figure.bounding_box()["x"] + figure.bounding_box()["width"] / 2
    for shape in shapes(view):
        x, _ = tablet.evaluate(MIDDLE, shape["code"])
        side = letters[0] if x < middle else letters[1]
        assert shape["code"].endswith(f"-{side.lower()}"), shape["code"]


@pytest.mark.parametrize("view", ["front", "back"])
def test_near_every_region_holds_a_finger_and_answers_as_itself(tablet, view):
    turn(tablet, view)
    tablet.locator("[data-zoom]").tap()
    for shape in shapes(view):
        code, region = shape["code"], shape["code"][:-2]
        if code.endswith("-r"):
            assert tablet.evaluate(ROOM, code) >= FINGER, code
        tablet.touchscreen.tap(*tablet.evaluate(MIDDLE, code))
        text = f"{regions_by_code()[region]['name']}, {SIDE[code[-1]]}"
        expect(tablet.locator("[data-new-head]")).to_have_text(text)
        picked = tablet.locator("[data-next-site] input:checked")
        assert [box.get_attribute("value") for box in picked.all()] == [code]
        assert tablet.locator("[name=side]:checked").get_attribute("value") == SIDE[code[-1]]
        assert not tablet.evaluate("document.activeElement === document.body")


def test_the_list_does_it_by_keyboard(open_page, draft, therapist, keyboard_for):
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    user = keyboard_for(page)
    user.act("Choose regions from a list")
    user.tick("Shoulder blade, right")

    expect(page.locator("[data-new-head]")).to_have_text("Shoulder blade, right")
    chips = page.locator("[data-muscle-chips] label").all_inner_texts()
    assert chips == ["Infraspinatus", "Teres minor"]
    assert page.locator(".cf-r.next").get_attribute("data-region") == "b-infra-r"
    user.press("Space")
    expect(page.locator("[data-new-head]")).to_have_text("Next site")
    assert axe(page) == []


def test_a_region_with_one_muscle_needs_no_choice(tablet):
    turn(tablet, "front")
    tablet.touchscreen.tap(*tablet.evaluate(MIDDLE, "f-quadl-l"))

    assert tablet.locator("[data-muscle]").input_value() == "Vastus lateralis (VL)"
    assert not tablet.locator("[data-muscle-chips]").is_visible()


def test_without_a_script_the_list_opens_the_row(open_page, draft, therapist):
    page = open_page(user=therapist, java_script_enabled=False)
    page.goto(draft.get_absolute_url())
    page.get_by_text("Choose regions from a list").click()
    page.locator("[name=pick-region][value=b-infra-l]").check(force=True)
    with page.expect_navigation():
        page.get_by_role("button", name="Needle here next").click()

    assert page.url.split("?")[0].endswith(reverse("treatments:session", args=[draft.ref]))
    assert page.locator("#new-site [name=side]:checked").get_attribute("value") == "left"
    expect(page.locator(".picked-muscles")).to_have_text("Muscles here: Infraspinatus (IS), Teres minor (TM)")


def test_a_muscle_that_lies_elsewhere_than_was_picked_is_told_so_in_the_row(
    open_page, draft, therapist, keyboard_for
):
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    user = keyboard_for(page)
    user.act("Choose regions from a list")
    user.tick("Mid-back beside spine, right")
    user.fill("Muscle, code or name", "les")
    user.press("Enter")

    head = "Next site, not at: Mid-back beside spine, right. This muscle lies elsewhere."
    expect(page.locator("[data-new-head]")).to_have_text(head)
    expect(page.locator("[name=region]").first).to_have_value("")
    expect(page.locator("[name=pick-region][value=b-mid-r]")).not_to_be_checked()


def test_a_figure_that_is_drawn_again_stays_where_it_was_moved(tablet):
    """Also where the move was in the same frame, of which the browser has not told yet."""
    tablet.locator("[data-zoom]").tap()
    moved = tablet.evaluate("""() => {
        const views = Array.from(document.querySelectorAll("#figure .is-near > .fig-view"));
        const view = views.find((one) => one.clientWidth);
        view.scrollTo(40, 60);
        document.dispatchEvent(new Event("figure-drawn"));
        return [view.scrollLeft, view.scrollTop];
    }""")

    assert moved == [40, 60]
