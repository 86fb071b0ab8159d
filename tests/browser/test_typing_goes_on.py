"""Hands go on while the server works: no answer moves the focus, empties a field or takes typed text."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser import network, typed_sites
from tests.browser.accessibility import axe
from tests.browser.keyboard import Keyboard
from tests.browser.test_nothing_lost_meanwhile import save_elsewhere
from treatments.models import Muscle, UnkeptEntry

SITES = r"/sites/$"
VL, TA = ("vl", "r", "2", "1"), ("ta", "l", "3", "2")


@pytest.fixture
def page(open_page, draft, reception, therapist):
    typed_sites.habit(reception, therapist, draft.patient)
    page = open_page(user=therapist)
    page.goto(draft.get_absolute_url())
    page.locator("#id_muscle").focus()
    return page


@pytest.fixture
def held(page):
    return network.DelayedRequests(page, SITES)


def muscle(page):
    return page.locator("#id_muscle")


def waiting(page):
    return page.locator("[data-rows] li")


def type_row(page, row=VL) -> None:
    typed_sites.type_row(page, row, 0)


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


def test_a_committed_row_has_left_the_form_before_the_next_key(page, draft, held):
    type_row(page)

    assert (focused(page), muscle(page).input_value()) == ("id_muscle", "")
    expect(waiting(page)).to_contain_text("Vastus lateralis, right, 2 insertions, 1 twitch Saving")
    expect(page.locator("[data-next-number]")).to_have_text("2")
    assert axe(page) == []
    key = page.locator("#new-site [name=key]").input_value()
    type_row(page, TA)
    assert page.locator("#new-site [name=key]").input_value() != key
    assert draft.sites.count() == 0

    held.wait()
    page.keyboard.type("so")
    held.send()
    typed_sites.wait_until_saved(page)
    assert typed_sites.stored(draft) == [VL, TA]
    assert (focused(page), muscle(page).input_value()) == ("id_muscle", "so")
    expect(page.locator("[data-next-number]")).to_have_text("3")


def test_rows_that_wait_go_together_in_one_request(page, draft, held):
    posted = []
    page.on("request", lambda request: posted.append(request) if re.search(SITES, request.url) else None)
    rows = typed_sites.rows_of(5)
    for row in rows:
        type_row(page, row)
    held.wait()
    held.send()
    typed_sites.wait_until_saved(page)

    assert typed_sites.stored(draft) == rows
    assert len(posted) == 2


def open_newer(page, held) -> None:
    """A first row that the server refuses, its needle being too short, and a newer one that is begun."""
    keys = Keyboard(page)
    keys.press("v", "l", "Enter", "r", "2", "Tab", "1")
    page.locator("#id_depth_mm").fill("60")
    page.locator("[name=twitches]:checked").focus()
    keys.press("Enter", "t", "a", "Enter", "l", "3")
    held.send()
    expect(waiting(page)).to_contain_text("Not saved.")


def test_a_refused_row_stands_beside_the_newer_one_and_comes_back(page, draft, held):
    open_newer(page, held)
    assert page.evaluate("document.activeElement.name") == "insertions"
    expect(muscle(page)).to_have_value(re.compile("TA"))
    expect(waiting(page)).to_contain_text("The depth cannot be more than the needle")
    assert axe(page) == []

    waiting(page).get_by_role("button", name=re.compile("^Correct")).press("Enter")
    expect(page.locator("#new-site .invalid-feedback")).to_contain_text("The depth cannot be more")
    assert page.evaluate("document.activeElement.name") == "depth_mm"
    expect(waiting(page)).to_contain_text("Begun, not saved yet")
    page.keyboard.press("Control+a")
    page.keyboard.type("20")
    page.keyboard.press("Enter")

    # the newer row is back in the same key press, at what is still missing
    assert page.evaluate("document.activeElement.name") == "twitches"
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    typed_sites.wait_until_saved(page)
    assert typed_sites.stored(draft) == [VL, TA]
    assert draft.sites.first().depth_mm == 20


def test_signing_and_leaving_wait_for_a_row_that_was_refused(page, draft, held):
    open_newer(page, held)
    page.get_by_role("button", name="Clear").press("Enter")
    page.keyboard.press("Control+Enter")

    expect(page.locator("[data-live=assertive]")).to_have_text("Signing waits until everything is saved.")
    expect(page.locator("[data-row-open]:focus")).to_have_count(1)
    expect(page.locator("[data-review]")).to_be_hidden()
    expect(page.locator("[data-save]")).to_have_text("Not saved: a site to correct")

    waiting(page).get_by_role("button", name=re.compile("^Discard")).press("Enter")
    assert focused(page) == "id_muscle"
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-review-head]:focus")).to_be_visible()
    assert draft.sites.count() == 0


def test_signing_waits_for_rows_and_says_so(page, draft, held):
    type_row(page)
    held.wait()
    page.keyboard.press("Control+Enter")

    expect(page.locator("[data-save]")).to_have_text("Saving. Signing waits for it")
    expect(page.locator("[data-live=assertive]")).to_have_text("Signing waits until everything is saved.")
    held.send()
    expect(page.locator("[data-review-head]:focus")).to_be_visible()
    assert typed_sites.stored(draft) == [VL]


def test_the_review_does_not_open_over_somebody_who_types_on(page, draft, held):
    type_row(page)
    held.wait()
    page.keyboard.press("Control+Enter")
    page.keyboard.type("so")
    held.send()

    expect(page.locator("[data-offline]")).to_contain_text(
        "The review did not open: press Review and sign again."
    )
    expect(page.locator("[data-review]")).to_be_hidden()
    assert (focused(page), muscle(page).input_value()) == ("id_muscle", "so")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-begun-keep]:focus")).to_be_visible()
    expect(page.locator("[data-offline]")).to_be_hidden()


def test_a_cut_network_keeps_every_row_and_says_so(page, draft):
    network.disconnect(page)
    rows = typed_sites.rows_of(3)
    for row in rows:
        type_row(page, row)
    expect(page.locator("[data-offline]")).to_contain_text("3 changes kept on this page.")
    expect(waiting(page)).to_have_count(3)

    network.reconnect(page)
    typed_sites.wait_until_saved(page)
    assert typed_sites.stored(draft) == rows


def test_rows_that_wait_outlive_their_tab(page, draft, held):
    rows = typed_sites.rows_of(3)
    for row in rows:
        type_row(page, row)
    held_rows = UnkeptEntry.objects.filter(said__has_keys=["waiting-0", "waiting-1", "waiting-2"])
    assert network.eventually(page, held_rows.exists)
    another = page.context.new_page()
    another.watch = page.watch
    assert draft.sites.count() == 0
    # as it closes it sends what waits once more, which may arrive or not
    page.close()

    another.goto(draft.get_absolute_url())
    typed_sites.wait_until_saved(another)

    assert typed_sites.stored(draft) == rows


@pytest.mark.parametrize("text", ["tmx", "vastus lateralsi", "zz"])
def test_an_unknown_muscle_is_never_another_one(page, draft, text):
    page.keyboard.type(text)
    page.keyboard.press("Enter")

    expect(page.locator("#error-muscle")).to_contain_text(f"No muscle is called “{text}”.")
    assert (focused(page), muscle(page).input_value()) == ("id_muscle", text)
    assert axe(page) == []
    page.keyboard.press("Tab")
    page.keyboard.type("l")
    page.keyboard.press("Enter")
    assert draft.sites.count() == 0

    muscle(page).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#error-muscle").count() == 0
    page.keyboard.press("2")
    page.keyboard.press("Tab")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    assert page.locator("#error-muscle").count() == 0


@pytest.mark.parametrize(("keys", "code"), [("is", "is"), ("masseter", None), ("infrasp", "is")])
def test_enter_takes_the_exact_code_or_what_is_lit(page, keys, code):
    code = code or Muscle.objects.get(name__iexact=keys).code
    page.keyboard.type(keys)
    page.keyboard.press("Enter")

    expect(muscle(page)).to_have_value(re.compile(rf"\({code}\)$", re.IGNORECASE))


def test_no_needle_is_carried_on_to_a_place_over_the_lung(page, draft):
    type_row(page)
    for key in ("m", "t", "Enter"):
        page.keyboard.press(key)

    expect(muscle(page)).to_have_value("Middle trapezius (MT)")
    assert page.locator("[name=needle]:checked").count() == 0


def test_a_prompt_of_an_earlier_row_takes_no_focus(page, draft, held):
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)
    keys = Keyboard(page)
    keys.press("r", "h", "o", "Enter", "l", "2", "Tab", "1", "Tab", "2", "5", "Enter", "t", "m")
    held.send()
    expect(page.locator("[id^=id_reason-depth-over-limit]")).to_be_visible()

    assert (focused(page), muscle(page).input_value()) == ("id_muscle", "tm")


def test_a_reason_is_written_on_in_the_same_field_while_answers_come(page, draft, held):
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)
    factories.site(draft, "rho", "left", depth_mm=25)
    page.reload()
    muscle(page).focus()
    type_row(page)
    reason = page.locator("[id^=id_reason-depth-over-limit]")
    reason.focus()
    page.keyboard.type("Thick wall")
    reason.evaluate("(input) => { input.mine = true; input.setSelectionRange(5, 5); }")
    held.send()
    typed_sites.wait_until_saved(page)

    assert page.evaluate("document.activeElement.mine")
    page.keyboard.type(" chest")
    expect(reason).to_have_value("Thick chest wall")
    expect(page.locator("li.site")).to_have_count(2)


def test_the_plan_goes_on_while_its_sites_are_saved(page, draft, therapist, held):
    at = timezone.now() - dt.timedelta(days=7)
    past = factories.session(draft.patient, therapist, opened_at=at, started_at=at, ended_at=at)
    for code in ("ga", "so", "vl"):
        factories.site(past, code, "right", insertions=2, added_at=at)
    page.reload()
    page.locator("[data-plan] .plan").first.focus()
    for number in "123":
        for key in (number, "2", "Tab", "1", "Enter"):
            page.keyboard.press(key)
    held.send()
    typed_sites.wait_until_saved(page)

    assert typed_sites.stored(draft) == [(code, "r", "2", "1") for code in ("ga", "so", "vl")]


def test_a_conflict_takes_no_focus(page, draft, therapist):
    """Two people set the plan; the first one types on in the note when it comes out."""
    page.locator("summary", has_text="Plan and note").press("Enter")
    plan, note = page.get_by_label("Plan", exact=True), page.get_by_label("Note", exact=True)
    saving = network.DelayedRequests(page, r"/fields/$")
    plan.fill("Once a week.")
    note.focus()
    saving.wait()
    save_elsewhere(draft, therapist, plan="Twice a week.")
    page.keyboard.type("Stiff")
    saving.send()
    expect(page.locator("[data-conflict]")).to_be_visible()
    page.keyboard.type(" again")

    expect(note).to_have_value("Stiff again")
    assert axe(page) == []
