"""Co-editing by author and supervisor: changes are shown, merged and never overwritten."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser import network
from tests.browser.accessibility import axe
from tests.treatments import notes
from treatments.actions.signing import signature
from treatments.actions.sites import correction as site_correction
from treatments.actions.sites import prompts as site_prompts
from treatments.models import DraftPresence, NeedlingSession

HERS, THEIRS = "Stiff since Monday.", "Watch the shoulder."


@pytest.fixture
def draft(ada, therapist, other_therapist):
    session = factories.session(ada, therapist, supervisor=other_therapist)
    factories.session_condition(session)
    factories.site(session)
    return session


@pytest.fixture
def maria(open_page, draft, therapist):
    return opened(open_page, draft, therapist)


@pytest.fixture
def jo(open_page, draft, other_therapist):
    return opened(open_page, draft, other_therapist)


EVERY = 15_000  # ms between two questions of a page


def opened(open_page, draft, user, **options):
    page = open_page(user=user, **options)
    page.goto(draft.get_absolute_url())
    page.locator("summary", has_text="Plan and note").click()
    return page


def poll(page):
    """Triggers the poll that the page runs every 15 seconds."""
    with page.expect_response(re.compile(r"/presence/$")):
        fire_visibility_change(page)


def fire_visibility_change(page):
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def write(page, label, text):
    # a slow machine sends it before the field is left
    with page.expect_response(re.compile(r"/fields/$")):
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")
    expect(page.locator("[data-save]")).to_contain_text("Saved ")


def test_each_reads_the_other_beside_the_save_state(maria, jo):
    poll(jo)
    poll(maria)
    expect(maria.locator("[data-together]")).to_have_text("Jo has this draft open too")
    expect(maria.locator("[data-live=polite]")).to_have_text("Jo has this draft open too.")
    expect(jo.locator("[data-together]")).to_have_text("Maria has this draft open too")
    assert axe(maria) == []

    jo.goto("/")
    assert network.eventually(maria, lambda: DraftPresence.objects.count() == 1)
    poll(maria)
    expect(maria.locator("[data-together]")).to_be_hidden()
    expect(maria.locator("[data-live=polite]")).to_have_text("Nobody else has this draft open now.")


@pytest.mark.parametrize("width", [320, 390])
def test_it_fits_on_a_narrow_screen(open_page, draft, therapist, jo, width):
    page = opened(open_page, draft, therapist, width=width)
    poll(jo)
    poll(page)

    expect(page.locator("[data-together]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_different_fields_merge_on_both_screens(maria, jo, draft):
    write(maria, "Note", HERS)
    write(jo, "Plan", THEIRS)
    maria.locator("#h-sites").evaluate("(head) => { head.tabIndex = -1; head.focus(); }")
    poll(maria)
    poll(jo)

    expect(maria.get_by_label("Plan", exact=True)).to_have_value(THEIRS)
    expect(jo.get_by_label("Note", exact=True)).to_have_value(HERS)
    stored = NeedlingSession.objects.get(pk=draft.pk)
    assert (stored.note, stored.plan) == (HERS, THEIRS)
    write(maria, "Plan", f"{THEIRS} And the neck.")
    assert NeedlingSession.objects.get(pk=draft.pk).plan == f"{THEIRS} And the neck."
    expect(maria.locator("[data-conflict]")).to_be_hidden()


def test_what_is_being_written_is_not_replaced_and_both_values_are_shown(maria, jo, draft):
    hers = maria.get_by_label("Note", exact=True)
    hers.focus()
    write(jo, "Note", THEIRS)
    poll(maria)
    expect(hers).to_have_value("")

    hers.press_sequentially(HERS)
    maria.keyboard.press("Tab")

    expect(maria.locator("[data-conflict]")).to_contain_text("two people set it")
    expect(maria.locator("[data-conflict-theirs]")).to_have_text(THEIRS)
    expect(maria.locator("[data-conflict-mine]")).to_have_text(HERS)
    maria.get_by_role("button", name="Keep mine").click()
    expect(maria.locator("[data-save]")).to_contain_text("Saved ")
    assert NeedlingSession.objects.get(pk=draft.pk).note == HERS
    poll(jo)
    expect(jo.get_by_label("Note", exact=True)).to_have_value(HERS)


def test_a_field_left_untouched_takes_the_others_value_in_the_end(maria, jo):
    hers = maria.get_by_label("Note", exact=True)
    hers.focus()
    write(jo, "Note", THEIRS)
    poll(maria)
    expect(hers).to_have_value("")

    maria.keyboard.press("Tab")
    poll(maria)

    expect(hers).to_have_value(THEIRS)


def test_a_site_that_the_other_removed_goes_from_both_screens(maria, draft, other_therapist):
    expect(maria.locator("[data-placed]")).to_have_text("1")
    site_correction.strike(draft, by=other_therapist, key=draft.sites.get().key)
    maria.get_by_label("Muscle, code or name").fill("is")
    poll(maria)

    expect(maria.locator("[data-placed]")).to_have_text("0")
    expect(maria.get_by_role("button", name=re.compile("Put site 1 back|Undo", re.I)).first).to_be_visible()
    expect(maria.get_by_label("Muscle, code or name")).to_have_value("is")
    assert maria.evaluate("document.activeElement.name") == "muscle"


def test_a_draft_that_was_signed_elsewhere_takes_no_more(maria, draft):
    ready = notes.ready(NeedlingSession.objects.get(pk=draft.pk), needles_out=2)
    signature.sign(ready, by=ready.therapist, proved=True, identity_checked=True)
    fire_visibility_change(maria)

    # a poll that was already running does not include it; the next one does
    stopped = expect(maria.locator("[data-offline]"))
    stopped.to_contain_text("This session was signed meanwhile.", timeout=2 * EVERY)
    expect(maria.locator("[data-save]")).to_have_text("Closed elsewhere. Open it again to read it.")
    maria.get_by_label("Note", exact=True).fill(HERS)
    maria.keyboard.press("Tab")
    assert NeedlingSession.objects.get(pk=draft.pk).note == ""


def test_a_reason_that_the_other_gave_stands_there_without_a_reload(maria, jo, draft, other_therapist):
    """Not while a reason is being typed there, and without moving the focus."""
    site = factories.site(draft, muscle="smc", length_mm=50, depth_mm=30)
    for page in (maria, jo):
        page.reload()
    mine = maria.locator(f"#site-{site.key} [name=reason]")
    mine.press_sequentially("Ta")
    site_prompts.answer_prompt(
        draft, by=other_therapist, rule="long-needle-at-neck", key=site.key, reason="Tall patient."
    )
    poll(maria)
    expect(mine).to_have_value("Ta")

    mine.fill("")
    maria.get_by_label("Muscle, code or name").focus()
    poll(maria)

    expect(maria.locator(f"#site-{site.key}")).to_contain_text("Reason: Tall patient.")
    assert maria.evaluate("document.activeElement.name") == "muscle"


def test_on_a_phone_the_patients_name_keeps_its_line(open_page, draft, therapist, other_therapist):
    opened(open_page, draft, other_therapist)
    page = opened(open_page, draft, therapist, width=390, height=844)
    poll(page)
    expect(page.locator("[data-together]")).to_be_visible()

    assert page.locator(".strip-id").bounding_box()["width"] > 250
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
