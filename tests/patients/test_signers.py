"""Who signs a consent is compared with the names on record; another name is asked about."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.values import errors
from patients.actions import alerts, consents
from patients.models import Consent, RelatedPerson
from patients.rules import signers
from patients.rules.consents import ASSENT
from patients.rules.signers import NamesOnRecord
from tests import factories
from tests.patients.posted_answers import REGIONS, consent_answers, consent_text

READ, SIGN = (reverse("patients:handover-step", args=[number]) for number in (1, 2))
ADA = NamesOnRecord("Examplewood", "Ada", "Addie", ())
TIM = NamesOnRecord("Samplekin", "Tim", "", ("Eve Samplekin-Ward",))
NEWBORN = NamesOnRecord("Samplekin", "", "", ())


@pytest.mark.parametrize(
    ("signer", "typed", "names", "minor", "asked"),
    [
        ("patient", "Ada Examplewood", ADA, False, ""),
        ("patient", "EXAMPLEWOOD, Ada", ADA, False, ""),
        ("patient", "Addie Examplewood", ADA, False, ""),
        ("patient", "A. Examplewood", ADA, False, ""),
        ("patient", "Ada Marie Exampelwood", ADA, False, ""),
        ("patient", "AdaExamplewood", ADA, False, ""),
        ("patient", "Ada", ADA, False, "not-the-patient"),
        ("patient", "Ben Examplewood", ADA, False, "not-the-patient"),
        ("patient", "Ada Miller", ADA, False, "not-the-patient"),
        ("patient", "yes", ADA, False, "not-the-patient"),
        ("patient", "\u674e\u5c0f\u9f99", NamesOnRecord("\u674e", "\u5c0f\u9f99", "", ()), False, ""),
        ("patient", "Madonna", NamesOnRecord("", "Madonna", "", ()), False, ""),
        ("representative", "Ada Examplewood", ADA, False, "patients-own-name"),
        ("representative", "Ben Miller", ADA, False, ""),
        ("guardian", "Tim Samplekin", TIM, True, "patients-own-name"),
        ("guardian", "Eve Samplekin-Ward", TIM, True, ""),
        ("guardian", "Eve Samplekin", TIM, True, ""),
        ("guardian", "Joan Other", TIM, True, "another-guardian"),
        ("representative", "Joan Other", TIM, True, "another-guardian"),
        ("guardian", "Eve Samplekin", NEWBORN, True, "patients-own-name"),
        ("guardian", "Eve Ward", NEWBORN, True, "no-guardian"),
    ],
)
def test_a_name_that_is_not_the_one_on_record_is_asked_about(signer, typed, names, minor, asked):
    found = signers.reasons(signer=signer, signer_name=typed, note="", names=names, minor=minor)

    assert [reason.code for reason in found] == ([asked] if asked else [])
    assert not signers.reasons(signer=signer, signer_name=typed, note="why", names=names, minor=minor)


@pytest.fixture
def newborn(reception):
    born = timezone.localdate() - dt.timedelta(days=3)
    return factories.patient(reception, family_name="Samplekin", given_name="Baby", born=born)


def give(patient, by, *, signer_name: str, assent: tuple = (), **fields) -> Consent:
    text = consent_text()
    values = {"text": text, "statements": [*text.statements, *assent], "regions": REGIONS, "therapist": by}
    signature = {"method": "typed", "signature": signer_name, "signer_name": signer_name}
    return consents.give(patient, by=by, **values, **signature, **fields)


def test_the_patients_tablet_asks_and_keeps_the_answer(ada, reception, therapist, signed_in):
    tablet = signed_in(reception)
    tablet.post(reverse("patients:consent-start", args=[ada.ref]), {"therapist": therapist.pk})
    tablet.post(READ, consent_answers())
    typed = {"signer": "patient", "signer_name": "Ada Miller"}

    first_page = tablet.get(SIGN).text
    asked = tablet.post(SIGN, typed)
    answered = tablet.post(SIGN, {**typed, "signer_note": "My name since I married"})

    assert 'name="signer_note"' not in first_page
    assert asked.status_code == 422
    assert "not the patient" in asked.text
    assert "Examplewood" not in asked.text
    assert 'name="signer_note"' in asked.text
    assert answered.status_code == 302
    assert Consent.objects.get().signer_note == "My name since I married"


def test_the_sheet_shows_who_signed_and_why(ada, therapist, signed_in):
    consent = give(ada, therapist, signer="patient", signer_name="Ada Miller", signer_note="Since I married")

    for name in ("consent", "consent-print"):
        page = signed_in(therapist).get(reverse(f"patients:{name}", args=[ada.ref, consent.pk]))
        assert "Since I married" in page.text


def test_a_paper_that_a_child_signed_for_a_guardian_is_asked_about(newborn, therapist, signed_in):
    today = timezone.localdate()
    typed = {
        "paper_on": f"{today.month}/{today.day}/{today.year}", "paper_place": "Folder 3", "regions": REGIONS,
        "therapist": therapist.pk, "signer": "guardian", "signer_name": "Baby Samplekin",
        "relationship": "mother",
    }  # fmt: skip
    path = reverse("patients:consent-paper", args=[newborn.ref])

    asked = signed_in(therapist).post(path, typed)
    unknown = signed_in(therapist).post(path, {**typed, "signer_name": "Eve Ward"})
    answered = signed_in(therapist).post(
        path, {**typed, "signer_name": "Eve Ward", "signer_note": "Showed the birth certificate"}
    )

    assert (asked.status_code, unknown.status_code, answered.status_code) == (422, 422, 302)
    assert "own name" in asked.text
    assert "on record" in unknown.text
    assert Consent.objects.get().signer_note == "Showed the birth certificate"


def test_a_guardian_on_record_is_not_asked_about(newborn, therapist):
    alerts.add(
        RelatedPerson,
        newborn,
        by=therapist,
        kind="guardian",
        name="Eve Ward",
        relationship="mother",
        phone="",
    )

    names = {"signer": "guardian", "signer_name": "Eve Ward", "relationship": "mother"}
    assert give(newborn, therapist, **names, assent=(ASSENT,)).signer_note == ""


def test_the_action_asks_again(ada, therapist):
    with pytest.raises(errors.RuleViolation) as refused:
        give(ada, therapist, signer="patient", signer_name="Somebody Else")

    assert refused.value.codes == {"not-the-patient"}
    assert not Consent.objects.exists()
