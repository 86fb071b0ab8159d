"""The pages of clinical and legal rules, once without scripts and once by keyboard alone."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clinic.models import CounselOpinion
from patients.actions import alerts
from patients.models import ConsentText, Coverage, NonCoverageNotice
from tests import measuring
from tests.browser import steps
from treatments.models import AdverseEvent, LevelDecision, Measurement, Muscle

OREGON = "us-or-pt"


@pytest.fixture
def plain(open_page):
    """plain(user, address, opens="", **fields) -> that page without scripts, filled in by name."""

    def fill(user, address: str, *, opens: str = "", **fields: str):
        page = open_page(user=user, java_script_enabled=False)
        page.goto(address)
        if opens:
            page.locator(f"summary:has-text('{opens}')").click()
        for name, value in fields.items():
            field = page.locator(f"main [name='{name}']")
            if field.first.get_attribute("type") == "checkbox":
                field.check(force=True)
            elif field.first.get_attribute("type") == "radio":
                chosen = page.locator(f"main [name='{name}'][value='{value}']")
                chosen.locator("xpath=ancestor::label").click()
            elif field.first.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        return page

    return fill


def press(page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).click()


def test_a_measurement_is_added_without_scripts(plain, therapist, draft):
    fields = measuring.typed(before="45", after="60")
    fields.pop("measurement-kind")

    press(plain(therapist, measuring.url(draft), **fields), "Add")

    row = Measurement.objects.get()
    assert (row.before, row.after, row.unit) == (45, 60, "degrees")


def test_a_faint_is_recorded_without_scripts(plain, therapist, draft):
    fields = {"did_needles": "on", "kind": "near-faint", "note": "Pale, then well."}

    press(plain(therapist, reverse("treatments:session-faint", args=[draft.ref]), **fields), "Record it")

    assert AdverseEvent.objects.get().session == draft


def test_a_level_is_changed_without_scripts(plain, lead):
    address = reverse("treatments:warning-level", args=["growing-bruise-any"])

    press(plain(lead, address, urgency="4", reason="Far from any clinic."), "Approve")

    assert LevelDecision.objects.get().urgency == 4


def test_counsel_is_recorded_without_scripts(plain, lead):
    said = {"counsel": "Sam Sample", "given_on": "11/2/2026", "opinion": "Tolerated.", "reason": "Asked.",
            "document": "Letter 1"}  # fmt: skip

    press(plain(lead, reverse("state-counsel", args=[OREGON]), **said), "Record it")

    assert CounselOpinion.objects.get().jurisdiction.code == OREGON


def test_a_notice_is_noted_without_scripts(plain, reception, ada):
    alerts.add(Coverage, ada, by=reception, kind="medicare")
    day = f"{timezone.localdate():%m/%d/%Y}"
    fields = {
        "kind": "voluntary", "given_at": f"{day} 0:01", "for_on": day, "items": "Dry needling",
        "reason": "Medicare does not pay for it", "estimated_cost": "60", "form_expires_on": "3/31/2029",
    }  # fmt: skip
    named = {f"notice-{name}": value for name, value in fields.items()}

    page = plain(reception, reverse("patients:alerts", args=[ada.ref]), opens="Add a notice", **named)
    page.locator("form:has([name='notice-items'])").get_by_role("button").last.click()

    expect(page.locator("main")).to_contain_text("Dry needling")
    assert NonCoverageNotice.objects.get().kind == "voluntary"


def test_two_texts_are_compared_without_scripts(plain, admin):
    shipped = ConsentText.objects.published().get()
    other = ConsentText.objects.create(
        version="own-1", title="Needling", body="What it is.", digest="-", statements=["I read it."]
    )
    page = plain(admin, reverse("admin:patients_consenttext_read", args=[other.pk]), former=str(shipped.pk))

    page.get_by_role("button", name="Compare").click()

    expect(page.locator("ins").filter(has_text="I read it.")).to_be_visible()


@pytest.fixture
def user(keyboard, lead):
    steps.sign_in(keyboard, lead)
    return keyboard


def test_a_lead_approves_a_level_by_keyboard(user):
    user.page.goto(reverse("treatments:warning-level", args=["growing-bruise-any"]))
    user.go("Approve")

    assert LevelDecision.objects.get().urgency == 3


def test_a_lead_reviews_a_muscle_by_keyboard(user):
    user.page.goto(reverse("treatments:muscles"))
    user.press("Tab")
    user.tick(re.compile("Infraspinatus"))
    user.go("Mark as reviewed")

    assert Muscle.objects.exclude(reviewed_by=None).get().code == "is"


def test_a_lead_records_counsel_and_withdraws_it_by_keyboard(user):
    user.page.goto(reverse("state-counsel", args=[OREGON]))
    user.fill(re.compile("^Who said it"), "Sam Sample")
    user.fill(re.compile("^On"), "11/2/2026")
    user.fill(re.compile("^What counsel says"), "Tolerated.")
    user.fill(re.compile("^Why the practice"), "Asked.")
    user.fill(re.compile("^Document"), "Letter 1")
    user.go("Record it")
    assert CounselOpinion.objects.get().withdrawn_at is None

    user.page.goto(reverse("state-counsel-withdraw", args=[OREGON]))
    user.fill(re.compile("^Why"), "Taken back.")
    user.go("Withdraw")
    assert CounselOpinion.objects.get().withdrawn_at


def test_a_therapist_measures_by_keyboard(keyboard, therapist, draft):
    steps.sign_in(keyboard, therapist)
    keyboard.page.goto(measuring.url(draft, "tone"))
    keyboard.fill(re.compile("^Muscle$|^Muscle \\W"), "Soleus")
    keyboard.choose(re.compile("^Side"), "Right")
    keyboard.fill(re.compile("^Scale"), "Modified")
    keyboard.fill(re.compile("^Position"), "Supine")
    keyboard.fill(re.compile("^Before"), "2")
    keyboard.fill(re.compile("^After"), "1+")
    keyboard.go("Add")

    row = Measurement.objects.get()
    assert (row.muscle.code, row.before, row.after) == ("so", 2, Decimal("1.5"))
