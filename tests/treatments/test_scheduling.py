"""Follow-ups are made once, at the practice's hours."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from clinic.models import AuditEvent, Practice
from treatments import calling
from treatments.actions import followups

CHICAGO = ZoneInfo("America/Chicago")


def _local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-05-12T09:31", "2026-05-12T09:31"),
        ("2026-05-12T07:59", "2026-05-12T08:00"),
        ("2026-05-12T08:00", "2026-05-12T08:00"),
        ("2026-05-12T20:00", "2026-05-13T08:00"),
        ("2026-05-31T23:59", "2026-06-01T08:00"),
        # the night the clocks go forward, and the night they go back
        ("2026-03-07T21:00", "2026-03-08T08:00"),
        ("2026-10-31T21:00", "2026-11-01T08:00"),
    ],
)
def test_due_times_fall_into_the_open_hours_of_the_location(at, expected):
    moved = calling.moved_into(_local(at), hours="08:00-20:00", zone="America/Chicago")
    assert moved == _local(expected)


def test_a_step_counts_hours_that_pass_not_hours_on_the_clock():
    end = _local("2026-03-07T12:00")
    times = calling.due_times(end, steps=[24], hours="08:00-20:00", zone="America/Chicago")
    assert times == {24: _local("2026-03-08T13:00")}


@pytest.mark.parametrize("text", ["", "always", "8-20", "25:00-26:00", "20:00-08:00", "08:70-20:00"])
def test_hours_that_cannot_be_read_are_the_usual_ones(text):
    assert calling.open_hours(text) == (dt.time(8), dt.time(20))


@pytest.mark.django_db
def test_the_end_of_a_session_schedules_the_practice_steps_for_its_therapist(draft, therapist):
    followups.schedule(draft, by=therapist, at=_local("2026-05-12T09:31"))
    made = [(row.step, row.due_at, row.assigned_to) for row in draft.followups.order_by("step")]
    assert made == [
        (24, _local("2026-05-13T09:31"), therapist),
        (72, _local("2026-05-15T09:31"), therapist),
    ]
    assert AuditEvent.objects.filter(code="followup.scheduled", object_ref=draft.ref).count() == 1


@pytest.mark.django_db
def test_scheduling_twice_makes_them_once(draft, therapist):
    followups.schedule(draft, by=therapist, at=_local("2026-05-12T09:31"))
    assert followups.schedule(draft, by=therapist, at=_local("2026-05-12T11:00")) == []
    assert draft.followups.count() == 2
    assert draft.followups.get(step=24).due_at == _local("2026-05-13T09:31")
    assert AuditEvent.objects.filter(code="followup.scheduled").count() == 1


@pytest.mark.django_db
def test_the_practice_chooses_the_steps(draft, therapist):
    Practice.objects.update(followup_hours="48, 24,168")
    made = followups.schedule(draft, by=therapist, at=_local("2026-05-12T09:31"))
    assert [row.step for row in made] == [24, 48, 168]


@pytest.mark.django_db
def test_leaving_schedules_what_no_end_has_scheduled(draft, therapist, reception):
    visit = draft.visit
    visit.left_at, visit.left_by = _local("2026-05-12T10:00"), reception
    followups.schedule_for_visit(visit, reception)
    assert draft.followups.get(step=24).due_at == _local("2026-05-13T10:00")
    followups.schedule_for_visit(visit, by=reception)
    assert draft.followups.count() == 2


@pytest.mark.django_db
def test_a_voided_draft_and_a_patient_who_died_are_not_called(draft, therapist, ada):
    ada.deceased_on = dt.date(2026, 5, 1)
    ada.save(update_fields=["deceased_on"])
    assert followups.schedule(draft, by=therapist, at=_local("2026-05-12T09:31")) == []
    ada.deceased_on = None
    ada.save(update_fields=["deceased_on"])
    draft.voided_at, draft.voided_by = _local("2026-05-12T09:40"), therapist
    draft.save(update_fields=["voided_at", "voided_by"])
    assert followups.schedule(draft, by=therapist, at=_local("2026-05-12T09:31")) == []
