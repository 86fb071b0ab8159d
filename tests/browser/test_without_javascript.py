"""The main forms do their work with scripts off."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from patients.models import Patient, Screening
from tests import factories
from tests.browser import steps
from tests.treatments import notes
from treatments.models import NeedlingSession, SorenessReport


@pytest.fixture
def plain_page(open_page):
    """plain_page(user, address) -> that page in a browser without scripts."""

    def open_plain(user, address: str):
        page = open_page(user=user, java_script_enabled=False)
        page.goto(address)
        return page

    return open_plain


def test_a_patient_is_registered(plain_page, reception, therapist):
    page = plain_page(reception, reverse("patients:register"))
    page.get_by_label("Family name").fill("Okafor")
    page.get_by_label("Given name").fill("Ben")
    page.get_by_label("Date of birth").fill("3/5/1984")
    page.get_by_role("button", name="Register only").click()
    expect(page.locator(".strip")).to_contain_text("OKAFOR, Ben")
    assert Patient.objects.get().given_name == "Ben"


def test_a_patient_is_found(plain_page, reception, ada):
    page = plain_page(reception, reverse("patients:find"))
    page.locator("main [name=q]").fill("examplew")
    page.locator("main").get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("link", name="Examplewood, Ada").first).to_be_visible()


def test_the_questions_of_a_visit_are_answered(plain_page, therapist, ada):
    page = plain_page(therapist, reverse("patients:screening-answer", args=[ada.ref, "visit"]))
    for group in page.locator("[data-question] > .field > fieldset").all():
        legend = " ".join(group.locator("legend").first.inner_text().split())
        answer = "yes" if legend in steps.YES else "no"
        group.locator(f"[type=radio][value={answer}]").check(force=True)
    page.get_by_role("button", name="File the answers").click()
    expect(page.locator(".strip")).to_be_visible()
    assert Screening.objects.get().computed_level == "clear"


def test_a_condition_is_recorded(plain_page, therapist, ada):
    page = plain_page(therapist, reverse("patients:condition-add", args=[ada.ref]))
    page.get_by_label("Condition").select_option("tennis-elbow")
    page.get_by_role("button", name="Continue").click()
    page.locator("[name=side][value=right]").check(force=True)
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("#conditions")).to_contain_text("M77.11")


def test_a_session_takes_a_site_and_a_plain_save(plain_page, therapist, draft):
    page = plain_page(therapist, draft.get_absolute_url())
    site = page.locator("#new-site")
    site.locator("[name=muscle]").fill("is")
    for name, value in [("side", "right"), ("insertions", "3"), ("twitches", "2"), ("needle", "0.30x40")]:
        site.locator(f"[name={name}][value='{value}']").check(force=True)
    site.locator("[name=technique][value=in_out]").check(force=True)
    site.locator("[name=tissue][value=trigger_point]").check(force=True)
    site.locator("[name=depth_mm]").fill("20")
    site.get_by_role("button", name="Add site").click()
    assert draft.sites.get().insertions == 3

    page.locator("[data-field^=pain_before][value='6']").check(force=True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-field^=pain_before]:checked")).to_have_value("6")
    assert draft.conditions.get().pain_before == 6


def test_a_note_is_signed(plain_page, therapist, draft):
    note = notes.ready(draft)
    page = plain_page(therapist, reverse("treatments:session-sign", args=[note.ref]))
    page.get_by_label("I checked name and birth date").check(force=True)
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign note").click()
    expect(page.locator("h1")).to_contain_text("Maria")
    assert NeedlingSession.objects.get(pk=note.pk).signed_at


def test_a_follow_up_is_recorded(plain_page, reception, draft):
    call = factories.followup(draft)
    page = plain_page(reception, call.get_absolute_url())
    page.locator("[name=result][value=spoke]").check(force=True)
    page.locator("[name=now][value='3']").check(force=True)
    page.locator("[name=none_of_these]").check(force=True)
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("h1")).to_have_text("Follow-ups")
    assert SorenessReport.objects.get().now == 3
