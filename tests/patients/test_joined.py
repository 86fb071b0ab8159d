"""A record that was merged into another says so on every page, and takes nothing new."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import errors
from clinic.models import AuditEvent
from patients.actions import alerts, consents, episodes, handovers, patients, screenings, visits
from patients.models import Allergy
from tests import factories


@pytest.fixture
def loser(reception, lead, ada):
    return factories.patient(
        reception,
        family_name="Examplewood",
        given_name="A.",
        merged_into=ada,
        merged_at=timezone.now(),
        merged_by=lead,
    )


WRITES = {
    "allergy": lambda patient, by: alerts.note(Allergy, patient, by=by, substance="Nickel"),
    "none": lambda patient, by: alerts.none_known(patient, by=by, word="allergy"),
    "details": lambda patient, by: patients.change(patient, by=by, city="Sampleville"),
    "course": lambda patient, by: episodes.current(patient, by=by, on=dt.date(2026, 5, 14)),
    "refusal": lambda patient, by: consents.refuse(patient, by=by),
    "tablet": lambda patient, by: handovers.start(patient, by=by, purpose="screening", kind="visit"),
    "answers": lambda patient, by: screenings.take(patient, by=by, kind="visit", source="staff", answers={}),
    "visit": lambda patient, by: visits.book(
        patient,
        by=by,
        therapist=by,
        location=factories.location(),
        booked_for=timezone.now(),
        minutes=30,
        kind="follow_up",
    ),
}


@pytest.mark.parametrize("what", WRITES)
def test_nothing_is_written_into_a_merged_record(what, loser, therapist):
    with pytest.raises(errors.RuleViolation) as refused:
        WRITES[what](loser, therapist)

    assert "merged" in refused.value.codes
    assert not AuditEvent.objects.filter(patient_ref=loser.ref).exists()


def test_its_pages_lead_to_the_record_that_stands(loser, ada, therapist, signed_in):
    page = reverse("patients:screening-hand-over", args=[loser.ref])
    body = signed_in(therapist).get(page).content.decode()

    assert f"Joined with {ada.ref}" in body
    assert f'href="{ada.get_absolute_url()}"' in body


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("patients:screening-hand-over", {"kind": "intake"}),
        ("patients:alerts", {"what": "allergy", "allergy-substance": "Nickel"}),
    ],
)
def test_a_refused_page_says_why(page, typed, loser, reception, signed_in):
    answer = signed_in(reception).post(reverse(page, args=[loser.ref]), typed)

    assert answer.status_code == 422
    assert "joined with another one" in answer.content.decode()
