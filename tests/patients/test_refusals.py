"""Why something about a patient is refused, judged of values: no database, one row for each case."""

import datetime as dt

import pytest

from clinic import formats
from clinic.models import Room, User
from patients.models import (
    Consent,
    Disclosure,
    Episode,
    Level,
    Patient,
    PatientAccess,
    PatientCondition,
    Referral,
    Screening,
    ScreeningItem,
    Visit,
)
from patients.rules import (
    alerts,
    consent_texts,
    consents,
    episodes,
    patients,
    restrictions,
    retention,
    screenings,
)
from patients.rules.conditions import onset, recorded
from patients.rules.visits import booking, steps

TODAY = dt.date(2026, 5, 14)
BORN = dt.date(1984, 3, 5)
NOON = dt.datetime(2026, 5, 14, 17, tzinfo=dt.UTC)


def codes(reasons) -> set[str]:
    return {reason.code for reason in reasons}


@pytest.mark.parametrize(
    ("own", "has_other_lead", "expected"),
    [(True, True, {"own-glass"}), (True, False, set()), (False, True, set())],
)
def test_nobody_checks_an_access_of_their_own_while_another_lead_could(own, has_other_lead, expected):
    glass = PatientAccess(user_id=1 if own else 2)

    found = restrictions.emergency_review_reasons(glass, by=User(pk=1), has_other_lead=has_other_lead)

    assert codes(found) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (None, set()),
        (TODAY, set()),
        (TODAY + dt.timedelta(days=1), {"onset-in-future"}),
        (dt.date(1984, 1, 1), set()),
        (dt.date(1983, 12, 31), {"onset-before-birth"}),
    ],
)
def test_a_condition_began_in_the_patients_life(on, expected):
    assert codes(onset.reasons(on, born=BORN, today=TODAY)) == expected


def condition(**fields) -> PatientCondition:
    return PatientCondition(condition_id=3, side="left", icd10="M54.2", **fields)


def test_a_resolved_condition_is_not_changed():
    assert codes(recorded.resolved_reasons(condition(resolved_at=NOON))) == {"condition-resolved"}
    assert recorded.resolved_reasons(condition()) == []


def test_minutes_and_room_of_a_booking():
    room = Room(location_id=1)

    assert booking.reasons(Patient(), 1, room, 30) == []
    assert codes(booking.reasons(Patient(), 2, room, 30)) == {"room-elsewhere"}
    assert codes(booking.reasons(Patient(deceased_on=TODAY), 2, room, 4)) == {
        "deceased",
        "room-elsewhere",
        "minutes",
    }


def test_the_newest_step_is_taken_back_with_a_reason():
    visit = Visit(arrived_at=NOON, roomed_at=NOON)

    assert steps.newest_stamp(visit) == "roomed"
    assert steps.undo_reasons(visit, "roomed", "Wrong patient") == []
    assert codes(steps.undo_reasons(visit, "arrived", " ")) == {"not-the-newest", "reason-missing"}
    assert codes(steps.undo_reasons(visit, "somewhere", "Why")) == {"not-the-newest"}


def test_who_is_here_is_told_since_when():
    here = Visit(arrived_at=NOON, therapist=User(first_name="Maria", last_name="Lund"))

    (reason,) = steps.walk_in_reasons(here)

    assert formats.clock(NOON) in reason.message
    assert "Lund" in reason.message
    assert steps.walk_in_reasons(None) == []


def test_a_course_that_came_by_referral_names_one_of_this_patient():
    direct, referral = Episode.Access.DIRECT, Episode.Access.REFERRAL
    elsewhere = Referral(pk=1, patient_id=8)

    assert episodes.reasons(Episode(patient_id=7, access=direct)) == []
    assert codes(episodes.reasons(Episode(patient_id=7, access=referral))) == {"referral-missing"}
    assert codes(episodes.reasons(Episode(patient_id=7, access=referral, referral=elsewhere))) == {
        "referral-of-another"
    }
    assert codes(episodes.reasons(Episode(access=direct, discharged_at=NOON))) == {"episode-ended"}


@pytest.mark.parametrize(("family", "given", "is_named"), [("Lund", "", 1), ("", "Ada", 1), (" ", "", 0)])
def test_a_patient_has_a_name(family, given, is_named):
    found = patients.name_reasons(Patient(family_name=family, given_name=given))

    assert codes(found) == (set() if is_named else {"name-missing"})


def test_people_alike_who_were_not_shown_are_looked_at_first():
    assert patients.match_reasons(set()) == []
    assert codes(patients.match_reasons({"7K4M9"})) == {"just-registered"}


def test_a_disclosure_is_recorded_afterwards_and_corrected_once():
    patient, former = Patient(pk=7), Disclosure(patient_id=7)

    assert retention.day_reasons(TODAY, today=TODAY) == []
    assert codes(retention.day_reasons(TODAY, today=TODAY - dt.timedelta(days=1))) == {"ahead"}
    assert retention.correction_reasons(patient, None, corrected=False) == []
    assert retention.correction_reasons(patient, former, corrected=False) == []
    assert codes(retention.correction_reasons(Patient(pk=8), former, corrected=True)) == {
        "elsewhere",
        "corrected",
    }


def test_what_was_given_is_withdrawn_once():
    given = Consent(given_at=NOON)

    assert consents.withdrawal_reasons(given, withdrawn=False) == []
    assert codes(consents.withdrawal_reasons(given, withdrawn=True)) == {"already-withdrawn"}
    assert codes(consents.withdrawal_reasons(Consent(refused_at=NOON), withdrawn=False)) == {"not-given"}


@pytest.mark.parametrize(("word", "said"), [("allergy", "allergies"), ("medication", "medications")])
def test_none_known_is_said_of_an_empty_list(word, said):
    assert alerts.none_known_reasons(word, listed=False) == []
    (reason,) = alerts.none_known_reasons(word, listed=True)

    assert said in reason.message


@pytest.mark.parametrize(
    ("kind", "source", "level", "expected"),
    [
        ("visit", "staff", Level.CLEAR, True),
        ("visit", "staff", Level.CAUTION, False),
        ("visit", "tablet", Level.CLEAR, False),
        ("intake", "staff", Level.CLEAR, False),
    ],
)
def test_asking_aloud_and_hearing_nothing_is_a_review(kind, source, level, expected):
    screening = Screening(kind=kind, source=source, computed_level=level)

    assert screenings.is_reviewed_by_asking(screening) is expected


def test_youth_is_judged_at_the_intake_only():
    assert screenings.judged_age(ScreeningItem.Kind.INTAKE, 15) == 15
    assert screenings.judged_age(ScreeningItem.Kind.VISIT, 15) == 18


def test_statements_stand_in_one_cell():
    found = consent_texts.statements_in("Read: I have read it; I agree ;; ")

    assert [(one.name, one.text) for one in found] == [("Read", "I have read it"), ("", "I agree")]
