"""A merged record says so on every page and accepts no changes."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.values import errors
from patients.actions import alerts, conditions, consents, episodes, handovers, patients, screenings, visits
from patients.models import Allergy, Condition
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


def allergy_of(patient):
    return patient.allergies.create(substance="Nickel", noted_by=patient.registered_by)


def condition_of(patient, by):
    return factories.condition(factories.episode(patient, by), by)


WRITES = {
    "an allergy ends": lambda patient, by: alerts.end(allergy_of(patient), by=by),
    "a condition": lambda patient, by: conditions.record(
        patient, by=by, condition=Condition.objects.get(code="neck-pain"), side="right"
    ),
    "a condition changes": lambda patient, by: conditions.change(
        condition_of(patient, by), by=by, side="left"
    ),
    "a condition is resolved": lambda patient, by: conditions.resolve(
        condition_of(patient, by), by=by, reason="Gone"
    ),
    "a course changes": lambda patient, by: episodes.change(
        factories.episode(patient, by), by=by, target_visits=9
    ),
    "a course ends": lambda patient, by: episodes.discharge(
        factories.episode(patient, by), by=by, summary="Well"
    ),
    "a withdrawal": lambda patient, by: consents.withdraw(factories.consent(patient, by), by=by),
    "a review": lambda patient, by: screenings.review(
        factories.screening(patient, by, reviewed_at=None, reviewed_by=None, decision="", decided_level=""),
        by=by,
        decision="proceed",
    ),
    "a booking changes": lambda patient, by: visits.change(factories.visit(patient, by), by=by, minutes=45),
    "an arrival": lambda patient, by: visits.check_in(factories.visit(patient, by), by=by),
    "a room": lambda patient, by: visits.take_to_room(factories.arrived(patient, by), by=by),
    "a walk-in": lambda patient, by: visits.walk_in(
        patient, by=by, therapist=by, location=factories.location(), minutes=30, kind="follow_up"
    ),
    "allergy": lambda patient, by: alerts.add(Allergy, patient, by=by, substance="Nickel"),
    "none": lambda patient, by: alerts.record_none_known(patient, by=by, noun="allergy"),
    "details": lambda patient, by: patients.change(patient, by=by, city="Sampleville"),
    "course": lambda patient, by: episodes.current_episode(patient, by=by, on=dt.date(2026, 5, 14)),
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
def test_nothing_is_written_into_a_merged_record(what, loser, ada, therapist):
    with pytest.raises(errors.RuleViolation) as refused:
        WRITES[what](loser, therapist)

    assert "merged" in refused.value.codes
    reason = next(reason for reason in refused.value.reasons if reason.code == "merged")
    assert ada.ref in reason.message
    assert reason.url == ada.get_absolute_url()
    assert not AuditEvent.objects.filter(patient_ref=loser.ref).exists()


def test_its_pages_lead_to_the_record_that_stands(loser, ada, therapist, signed_in):
    page = reverse("patients:screening-hand-over", args=[loser.ref])
    body = signed_in(therapist).get(page).content.decode()

    assert f"Merged into {ada.ref}" in body
    assert f'href="{ada.get_absolute_url()}"' in body


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("patients:screening-hand-over", {"kind": "intake"}),
        ("patients:alerts", {"what": "allergy", "allergy-substance": "Nickel"}),
    ],
)
def test_a_refused_page_says_why(page, typed, loser, ada, reception, signed_in):
    answer = signed_in(reception).post(reverse(page, args=[loser.ref]), typed)

    assert answer.status_code == 422
    assert f"merged into {ada.ref}" in answer.content.decode()


def test_an_allergy_of_it_does_not_end_and_the_page_says_why(loser, ada, reception, signed_in):
    row = allergy_of(loser)

    answer = signed_in(reception).post(
        reverse("patients:alerts", args=[loser.ref]), {"end": f"allergy-{row.pk}"}
    )

    assert answer.status_code == 422
    assert f"merged into {ada.ref}" in answer.content.decode()
    row.refresh_from_db()
    assert row.ended_at is None


@pytest.mark.parametrize("verb", ["leave", "cancel", "miss", "take_back"])
def test_what_was_begun_before_may_end(verb, loser, therapist):
    ends = {
        "leave": lambda: visits.check_out(factories.arrived(loser, therapist), by=therapist).left_at,
        "cancel": lambda: (
            visits.cancel(factories.visit(loser, therapist), by=therapist, reason="x").cancelled_at
        ),
        "miss": lambda: visits.mark_missed(factories.visit(loser, therapist), by=therapist).missed_at,
        "take_back": lambda: visits.undo_step(
            factories.arrived(loser, therapist), by=therapist, stamp="arrived", reason="x"
        ).withdrawals.exists(),
    }

    assert ends[verb]()
