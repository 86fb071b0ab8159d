"""The main forms work without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from patients.models import Consent, Patient, Screening, ScreeningItem
from patients.rules import screenings
from tests import factories
from tests.browser import steps
from tests.treatments import notes
from treatments.models import NeedlingSession, SorenessReport


@pytest.fixture
def tablet(plain_page, reception):
    """tablet(address) -> the handed-over page; the form's first choices are accepted"""

    def hand_over(address: str, **chosen: str):
        page = plain_page(reception, address)
        for name, value in chosen.items():
            field = page.locator(f"main [name={name}]")
            if field.first.get_attribute("type") == "radio":
                page.locator(f"main [name={name}][value='{value}']").check(force=True)
            else:
                field.select_option(value)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign me out and hand over").click()
        return page

    return hand_over


def answer_questions(page) -> int:
    """Answers every question without a concern; returns the number of questions."""
    groups = page.locator("[data-question] > .field > fieldset").all()
    for group in groups:
        legend = " ".join(group.locator("legend").first.inner_text().split())
        answer = "yes" if legend in steps.YES else "no"
        group.locator(f"[type=radio][value={answer}]").check(force=True)
    return len(groups)


def take_back(page, person) -> None:
    page.get_by_role("link", name="Staff: take the tablet back").click()
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.locator("main").get_by_role("button").last.click()


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
    page.get_by_label("Last name").fill("Okafor")
    page.get_by_label("First name").fill("Ben")
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
    answer_questions(page)
    page.get_by_role("button", name="Save answers").click()
    expect(page.locator(".strip")).to_be_visible()
    assert Screening.objects.get().computed_level == "clear"


def test_the_whole_intake_is_entered_by_staff(plain_page, therapist, ada):
    page = plain_page(therapist, reverse("patients:screening-answer", args=[ada.ref, "intake"]))
    assert answer_questions(page) == ScreeningItem.objects.current().filter(kind="intake").count()
    page.get_by_role("button", name="Save answers").click()

    expect(page.locator(".strip")).to_be_visible()
    filed = Screening.objects.get()
    assert (filed.kind, filed.source, filed.computed_level) == ("intake", Screening.Source.STAFF, "clear")
    assert len(screenings.answered(filed)) == ScreeningItem.objects.current().filter(kind="intake").count()


def test_the_whole_intake_is_answered_on_the_tablet(tablet, ada, reception):
    page = tablet(reverse("patients:screening-hand-over", args=[ada.ref]), kind="intake")
    answered = 0
    while page.locator("h1").inner_text() != "Check your answers":
        answered += answer_questions(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Thank you")
    take_back(page, reception)

    expect(page.locator(".strip")).to_contain_text("EXAMPLEWOOD")
    filed = Screening.objects.get()
    assert (filed.kind, filed.source, filed.computed_level) == ("intake", Screening.Source.TABLET, "clear")
    asked = ScreeningItem.objects.current().filter(kind="intake")
    assert len(screenings.answered(filed)) == answered == asked.count()


def test_an_open_question_comes_back_with_a_sentence(tablet, ada):
    page = tablet(reverse("patients:screening-hand-over", args=[ada.ref]), kind="intake")
    page.locator("[data-question] [type=radio][value=no]").first.check(force=True)
    page.get_by_role("button", name="Continue").click()

    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("[data-question] [type=radio][value=no]").first).to_be_checked()
    assert not Screening.objects.exists()


def test_a_consent_is_read_and_signed(tablet, ada, reception, therapist):
    page = tablet(reverse("patients:consent-start", args=[ada.ref]), therapist=str(therapist.pk))
    expect(page.locator("h1")).to_have_text("Please read this")
    page.get_by_label("Arm and hand").check(force=True)
    page.get_by_role("button", name="Continue to sign").click()
    expect(page.locator(".error-summary")).to_be_visible()
    for statement in page.locator("[name=statements]").all():
        statement.check(force=True)
    page.get_by_role("button", name="Continue to sign").click()
    page.locator("[name=signer][value=patient]").check(force=True)
    page.get_by_label("Type your full name").fill("Ada Examplewood")
    page.get_by_role("button", name="I agree").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    take_back(page, reception)

    given = Consent.objects.get()
    assert (given.method, given.signature, given.regions) == ("typed", "Ada Examplewood", ["arm-hand"])
    assert (given.witness, given.therapist, given.refused_at) == (reception, therapist, None)


def test_a_consent_is_refused_on_the_tablet(tablet, ada, therapist):
    page = tablet(reverse("patients:consent-start", args=[ada.ref]), therapist=str(therapist.pk))
    page.get_by_role("link", name="I do not agree").click()
    page.locator("main textarea, main input[type=text]").first.fill("Afraid of needles")
    page.get_by_role("button", name="Send: I do not agree").click()

    expect(page.locator("h1")).to_have_text("Thank you")
    refused = Consent.objects.get()
    assert refused.refused_at
    assert refused.given_at is None


def test_a_refusal_is_recorded_by_staff(plain_page, reception, ada):
    page = plain_page(reception, reverse("patients:consent-start", args=[ada.ref]))
    page.get_by_role("link", name="Record that the patient refuses").click()
    page.locator("[name=signer][value=patient]").check(force=True)
    page.get_by_label("What was said").fill("Wants massage only")
    page.get_by_role("button", name="Record the refusal").click()

    expect(page.locator("h1")).not_to_have_text("Record that the patient refuses")
    refused = Consent.objects.get()
    assert (bool(refused.refused_at), refused.given_at) == (True, None)


def test_a_condition_is_recorded(plain_page, therapist, ada):
    page = plain_page(therapist, reverse("patients:condition-add", args=[ada.ref]))
    page.get_by_label("Condition").fill("golfers elbow, right")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Found for")).to_be_visible()
    expect(page.get_by_label("Condition")).to_have_value("golfers elbow, right")
    page.get_by_role("button", name="Tennis elbow").first.click()
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
    with page.expect_navigation():
        site.get_by_role("button", name="Add site").click()
    assert draft.sites.get().insertions == 3

    page.locator("[data-field^=pain_before][value='6']").check(force=True)
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-field^=pain_before]:checked")).to_have_value("6")
    assert draft.conditions.get().pain_before == 6


def test_a_note_is_signed(plain_page, therapist, draft):
    note = notes.ready(draft)
    page = plain_page(therapist, reverse("treatments:session-sign", args=[note.ref]))
    page.get_by_label("I checked name and birth date").check(force=True)
    # the idle lock's panel, closed here, has a field of the same name
    page.locator("#id_password").fill(factories.PASSWORD)
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


def test_a_lead_merges_two_records_and_takes_it_back(plain_page, reception, lead):
    ada, twin = (
        factories.patient(reception, family_name="Pairwood", given_name=name) for name in ("Ada", "Adah")
    )
    page = plain_page(lead, reverse("treatments:merge", args=[ada.ref, twin.ref]))
    prove(page, reason="Asked the patient", button="Merge the records")
    expect(page.get_by_text(f"{twin.ref} is merged into {ada.ref}.")).to_be_visible()

    page.get_by_role("link", name="Take the merge back").click()
    prove(page, reason="Two sisters", button="Take the merge back")
    expect(page.get_by_text(f"{twin.ref} is a record of its own again.")).to_be_visible()
    assert not Patient.objects.exclude(merged_into=None).exists()


def prove(page, *, reason: str, button: str) -> None:
    """The password is asked for once; a moment later the proof still holds."""
    form = page.locator("main form")
    form.get_by_label("Why").fill(reason)
    if form.get_by_label("Your password").count():
        form.get_by_label("Your password").fill(factories.PASSWORD)
    form.get_by_role("button", name=button).click()
