"""Unsaved input of a site, a shorthand line and a reason outlives the page that it was typed on."""

import re

import pytest
from django.templatetags.static import static
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories
from tests.browser import network
from tests.browser.accessibility import axe
from tests.browser.keyboard import Keyboard
from tests.browser.test_nothing_lost_meanwhile import LOST_AT_MOST, open_draft
from treatments.actions.session import measurements
from treatments.models import Muscle, UnkeptEntry

SITES, UNKEPT = r"/sites/$", r"/unkept/$"
REASON = "Thick chest wall, measured"


@pytest.fixture
def page(open_page, draft, therapist):
    page = open_page(user=therapist)
    open_draft(page, draft)
    return page


def begin_row(page):
    """Types muscle, side and insertions of the next site; twitches and needle are still missing."""
    user = Keyboard(page)
    user.fill("Muscle, code or name", "ecrb")
    user.press("Enter", "r")
    expect(page.locator("[name=insertions]:focus")).to_have_count(1)
    user.press("3")
    return user


def reopen_elsewhere(page, draft):
    """Closes the tab without running its scripts and opens the draft in another."""
    row_holds(page)
    return reopened(page, draft)


def row_holds(page):
    """Waits until the unsaved input was sent, two seconds after the last key press."""
    is_behind = f"async () => (await import('{static('treatments/unsaved.js')}')).isBehind()"
    assert network.eventually(page, lambda: not page.evaluate(is_behind))


def reopened(page, draft):
    another = page.context.new_page()
    another.watch = page.watch
    page.close()
    open_draft(another, draft)
    return another


def row(page):
    return page.locator("#new-site")


def value(page, name):
    return row(page).locator(f"[name={name}]:checked").get_attribute("value")


def is_empty(page):
    expect(row(page).locator("[name=muscle]")).to_have_value("")
    expect(row(page).locator("[name=side]:checked")).to_have_count(0)
    expect(page.locator("[data-begun-said]")).to_have_count(0)


def test_a_row_that_was_begun_is_finished_after_its_tab_died(page, draft):
    begin_row(page)

    page = reopen_elsewhere(page, draft)

    assert draft.sites.count() == 0
    assert [value(page, name) for name in ("side", "insertions")] == ["right", "3"]
    expect(page.locator("[data-begun-said]")).to_contain_text("Not added yet (started ")
    expect(page.locator("[name=twitches]:focus")).to_have_count(1)
    assert axe(page) == []
    user = Keyboard(page)
    user.press("2")
    user.choose("Needle", "0.25 × 30")
    user.press("Enter")
    expect(page.locator("li.site")).to_have_count(1)
    network.assert_saved(page)
    site = draft.sites.get()
    assert (site.muscle.code, site.side, site.insertions, site.twitches) == ("ecrb", "right", 3, 2)
    is_empty(page)
    page = reopen_elsewhere(page, draft)
    is_empty(page)


def test_what_is_begun_leaves_within_two_seconds(open_page, draft, therapist):
    page = open_page(user=therapist)
    network.open_with_paused_clock(page, draft.get_absolute_url())
    row(page).locator("[name=muscle]").fill("ecr")
    page.clock.run_for(LOST_AT_MOST * 1000)

    assert network.eventually(page, lambda: UnkeptEntry.objects.filter(said__muscle="ecr").exists())


def test_a_row_is_kept_once_although_its_tab_died_before_the_answer(page, draft):
    user = begin_row(page)
    user.press("Tab", "2")
    user.choose("Needle", "0.25 × 30")
    row_holds(page)
    network.lose_answers(page, SITES, times=100)  # a retry is not answered either
    page.keyboard.press("Enter")
    assert network.eventually(page, draft.sites.exists)

    page = reopened(page, draft)

    expect(page.locator("li.site")).to_have_count(1)
    is_empty(page)
    assert draft.sites.count() == 1


def test_a_complete_row_waits_for_its_own_enter(page, draft):
    user = begin_row(page)
    user.press("Tab", "2")
    user.choose("Needle", "0.25 × 30")
    page = reopen_elsewhere(page, draft)
    page.locator("[data-field^=pain_before]").first.focus()
    page.keyboard.press("6")
    network.assert_saved(page)
    assert draft.sites.count() == 0

    row(page).locator("[name=twitches]:checked").focus()
    page.keyboard.press("Enter")
    expect(page.locator("li.site")).to_have_count(1)
    assert draft.sites.count() == 1


def test_an_emptied_row_does_not_come_back(page, draft):
    begin_row(page)
    page = reopen_elsewhere(page, draft)
    page.get_by_role("button", name="Clear").press("Enter")
    is_empty(page)

    is_empty(reopen_elsewhere(page, draft))
    assert not UnkeptEntry.objects.exists()


def test_a_region_that_was_tapped_is_shown_again(page, draft):
    page.locator("#figure summary").first.press("Enter")
    box = page.locator("[data-next-site] [data-body-list] input").first
    words = box.locator("xpath=ancestor::label").inner_text().strip()
    box.check(force=True)

    page = reopen_elsewhere(page, draft)

    expect(page.locator("[data-new-head]")).to_have_text(words)
    expect(page.locator("[data-next-site] [data-body-list] input").first).to_be_checked()


def test_a_line_that_was_begun_stands_in_its_field(page, draft):
    page.locator("summary", has_text="Write the sites in one line").press("Enter")
    page.locator("[data-line]").press_sequentially("ut r 3 t2 d15 0.30x40; is l")

    page = reopen_elsewhere(page, draft)

    expect(page.locator("[data-line]")).to_be_visible()
    expect(page.locator("[data-line]")).to_have_value("ut r 3 t2 d15 0.30x40; is l")
    expect(page.locator("#line-read li")).to_have_count(2)
    page.locator("[data-line]").press("End")
    page.keyboard.type(" 2 t1 d8 0.30x40")
    page.keyboard.press("Enter")
    expect(page.locator("li.site")).to_have_count(2)
    network.assert_saved(page)
    expect(reopen_elsewhere(page, draft).locator("[data-line]")).to_have_value("")


@pytest.fixture
def prompted(page, draft):
    """A site too deep for its muscle's limit: the page asks for a reason."""
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)
    factories.site(draft, "rho", "left", depth_mm=25)
    page.reload()
    return page


def reason(page):
    return page.locator("[id^=id_reason-depth-over-limit]")


def test_a_reason_that_was_begun_stands_where_it_is_asked(prompted, draft):
    reason(prompted).press_sequentially(REASON)

    page = reopen_elsewhere(prompted, draft)

    expect(reason(page)).to_have_value(REASON)
    reason(page).press("Enter")
    expect(page.get_by_text(f"Reason: {REASON}")).to_be_visible()
    assert draft.overrides.get().reason == REASON


def test_a_reason_that_is_being_written_stays_while_a_site_is_kept(prompted, draft):
    reason(prompted).press_sequentially(REASON)
    user = begin_row(prompted)
    user.press("Tab", "2")
    user.choose("Needle", "0.25 × 30")
    user.press("Enter")
    expect(prompted.locator("li.site")).to_have_count(2)

    expect(reason(prompted)).to_have_value(REASON)


def test_a_page_that_cannot_send_says_that_the_row_is_on_it_alone(page, draft):
    network.disconnect(page)
    begin_row(page)
    expect(page.locator("[data-save]")).to_have_text(network.NO_CONNECTION)
    expect(page.locator("[data-offline]")).to_contain_text("Closing it loses it.")

    network.reconnect(page)

    network.assert_saved(page)
    expect(page.locator("[data-offline]")).to_be_hidden()
    assert UnkeptEntry.objects.get().said["insertions"] == "3"


def test_an_answer_that_is_not_the_servers_holds_nothing(page, draft):
    """A captive portal answers with status 200."""
    anything = re.compile(UNKEPT)
    page.route(anything, lambda route: route.fulfill(status=200, content_type="text/html", body="Welcome"))
    begin_row(page)
    expect(page.locator("[data-offline]")).to_contain_text("The server does not answer.")

    page.unroute(anything)
    network.focus_window(page)
    network.assert_saved(page)
    assert UnkeptEntry.objects.get().said["insertions"] == "3"


def test_more_than_can_be_held_is_on_the_page_alone_and_leaving_asks(page, draft):
    page.watch.allow("status of 400")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    begin_row(page)
    page.locator("#new-site summary", has_text="More about this site").press("Enter")
    with page.expect_response(re.compile(UNKEPT)):
        page.locator("#new-site [name=site_note]").fill("x" * 41_000)
        page.keyboard.press("Tab")

    page.goto("/")

    assert asked == ["beforeunload"]


def test_leaving_asks_only_for_what_is_on_the_page_alone(page, draft):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    begin_row(page)
    row_holds(page)
    page.goto("/")
    assert asked == []

    open_draft(page, draft)
    network.disconnect(page)
    row(page).locator("[name=twitches]").first.focus()
    page.keyboard.press("2")
    with page.expect_event("dialog"):
        page.evaluate("window.location.reload()")
    assert asked == ["beforeunload"]


# ---- a measurement, the correction of a site, a second line


def begin_measurement(page):
    page.locator("summary", has_text="Motion, strength, tone").press("Enter")
    page.get_by_role("link", name="Add a measurement").press("Enter")
    page.locator("[name=measurement-joint]").select_option("knee")
    page.locator("[name=measurement-before]").press_sequentially("45")


def test_a_measurement_that_was_begun_is_finished_after_its_tab_died(page, draft):
    begin_measurement(page)
    begun = UnkeptEntry.objects.filter(**{"said__measurement-before": "45"})
    assert network.eventually(page, begun.exists)
    page.go_back()

    page = reopen_elsewhere(page, draft)
    page.get_by_role("link", name="Go on with the measurement").press("Enter")

    expect(page.locator("[name=measurement-joint]")).to_have_value("knee")
    expect(page.locator("[data-begun-said]")).to_be_visible()
    for name, word in (("motion", "flexion"), ("device", "goniometer"), ("position", "supine")):
        page.locator(f"[name=measurement-{name}]").select_option(word)
    page.locator("[name=measurement-side][value=left]").check(force=True)
    page.locator("[name=measurement-active][value=yes]").check(force=True)
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(page.locator(".measure")).to_have_count(1)
    page = reopen_elsewhere(page, draft)
    expect(page.get_by_role("link", name="Add a measurement")).to_have_count(1)
    assert [line.before for line in draft.measurements.all()] == [45]


def test_a_correction_that_was_begun_is_finished_after_its_tab_died(page, draft):
    site = factories.site(draft, "is", depth_mm=20)
    there = reverse("treatments:site-edit", args=[draft.ref, site.key])
    page.goto(there)
    page.locator("[name=depth_mm]").fill("22")
    assert network.eventually(
        page, lambda: UnkeptEntry.objects.filter(said__has_key=f"edit-{site.key}-depth_mm").exists()
    )

    another = page.context.new_page()
    another.watch = page.watch
    page.close()
    another.goto(there)
    expect(another.locator("[name=depth_mm]")).to_have_value("22")
    expect(another.locator("[data-begun-said]")).to_be_visible()
    assert axe(another) == []
    another.get_by_role("button", name="Save site").press("Enter")
    another.wait_for_url(re.compile(r"#site-"))
    site.refresh_from_db()
    assert site.depth_mm == 22
    assert not UnkeptEntry.objects.exists()


def test_a_second_line_stands_behind_the_first(page, draft):
    for line in ("ut r 3 t2 d15 0.30x40", "is l 2 t1 d8 0.30x40"):
        page.locator("[name=muscle]").fill(line)
        page.locator("[name=muscle]").press("Enter")

    expect(page.locator("[data-line]")).to_have_value("ut r 3 t2 d15 0.30x40; is l 2 t1 d8 0.30x40")


# ---- at review


def review(page, part):
    page.keyboard.press("Control+Enter")
    begun = page.locator(f'[data-review] [data-begun-keep="{part}"]')
    expect(begun).to_have_count(1)
    return begun


def test_a_row_that_was_begun_is_put_away_by_one_key_at_review(page, draft):
    begin_row(page)

    expect(review(page, "row")).to_be_focused()
    assert axe(page) == []
    page.keyboard.press("Delete")

    expect(page.locator("[data-review] [data-begun-keep]")).to_have_count(0)
    page.keyboard.press("Escape")
    is_empty(page)
    assert not UnkeptEntry.objects.exists()


def test_a_line_that_was_begun_is_kept_by_one_key_at_review(page, draft):
    page.locator("summary", has_text="Write the sites in one line").press("Enter")
    page.locator("[data-line]").press_sequentially("is l 2 t1 d8 0.30x40")

    expect(review(page, "line-")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("[data-review] [data-begun-keep]")).to_have_count(0)
    expect(page.locator("[data-review] .readback")).to_contain_text("Infraspinatus")
    assert draft.sites.count() == 1


def test_a_row_that_is_not_complete_is_gone_on_with_from_review(page, draft):
    begin_row(page)
    review(page, "row")

    page.keyboard.press("Enter")

    expect(page.locator("[data-review]")).to_be_hidden()
    expect(page.locator("[name=twitches]:focus")).to_have_count(1)


def test_a_measurement_without_values_is_removed_by_one_key_at_review(page, draft, therapist):
    measurements.add(
        draft, by=therapist, kind="rom", joint="Knee flexion", side="left", active=True, scale=""
    )
    page.reload()

    expect(review(page, "")).to_be_focused()
    page.keyboard.press("Delete")

    expect(page.locator("[data-review] [data-begun-keep]")).to_have_count(0)
    assert not draft.measurements.filter(struck_at=None).exists()
