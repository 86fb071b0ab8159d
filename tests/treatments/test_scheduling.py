"""Follow-ups are made once, at the practice's hours."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest

from clinic.models import AuditEvent, Practice
from treatments.actions.followups import calls
from treatments.actions.session import fields
from treatments.models import SorenessReport
from treatments.rules.followups import calling_hours

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
    moved = calling_hours.moved_into(_local(at), hours="08:00-20:00", zone="America/Chicago")
    assert moved == _local(expected)


def test_a_step_counts_hours_that_pass_not_hours_on_the_clock():
    end = _local("2026-03-07T12:00")
    times = calling_hours.due_times(end, steps=[24], hours="08:00-20:00", zone="America/Chicago")
    assert times == {24: _local("2026-03-08T13:00")}


@pytest.mark.parametrize("text", ["", "always", "8-20", "25:00-26:00", "20:00-08:00", "08:70-20:00"])
def test_hours_that_cannot_be_read_are_the_usual_ones(text):
    assert calling_hours.open_hours(text) == (dt.time(8), dt.time(20))


@pytest.mark.django_db
def test_the_end_of_a_session_schedules_the_practice_steps_for_its_therapist(draft, therapist):
    calls.schedule(draft, by=therapist, at=_local("2026-05-12T09:31"))
    made = [(row.step, row.due_at, row.assigned_to) for row in draft.followups.order_by("step")]
    assert made == [
        (24, _local("2026-05-13T09:31"), therapist),
        (72, _local("2026-05-15T09:31"), therapist),
    ]
    assert AuditEvent.objects.filter(code="followup.scheduled", object_ref=draft.ref).count() == 1


@pytest.mark.django_db
def test_scheduling_twice_makes_them_once(draft, therapist):
    calls.schedule(draft, by=therapist, at=_local("2026-05-12T09:31"))
    assert calls.schedule(draft, by=therapist, at=_local("2026-05-12T11:00")) == []
    assert draft.followups.count() == 2
    assert draft.followups.get(step=24).due_at == _local("2026-05-13T09:31")
    assert AuditEvent.objects.filter(code="followup.scheduled").count() == 1


@pytest.mark.django_db
def test_the_practice_chooses_the_steps(draft, therapist):
    Practice.objects.update(followup_hours="48, 24,168")
    made = calls.schedule(draft, by=therapist, at=_local("2026-05-12T09:31"))
    assert [row.step for row in made] == [24, 48, 168]


def ended(draft, text: str):
    at = _local(text)
    base = draft.events.filter(field="ended_at").order_by("-pk").values_list("pk", flat=True).first()
    draft.started_at = _local("2026-05-12T09:00")
    draft.save(update_fields=["started_at"])
    stamp = {"client_id": uuid.uuid4(), "seq": 1, "base_version": base or 0}
    fields.save_field(draft, by=draft.therapist, field="ended_at", value=at, **stamp)


@pytest.mark.django_db
def test_a_corrected_end_moves_the_calls_that_nobody_has_worked_on(draft):
    ended(draft, "2026-05-12T09:31")
    ended(draft, "2026-05-12T11:00")

    due = dict(draft.followups.values_list("step", "due_at"))
    assert due == {24: _local("2026-05-13T11:00"), 72: _local("2026-05-15T11:00")}
    event = AuditEvent.objects.get(code="followup.rescheduled")
    assert (event.object_ref, set(event.changes)) == (draft.ref, {"24 h", "72 h"})


@pytest.mark.django_db
@pytest.mark.parametrize("work", ["claimed", "attempted", "closed", "answered"])
def test_a_call_that_somebody_has_worked_on_stays_where_it_is(draft, reception, work):
    ended(draft, "2026-05-12T09:31")
    call = draft.followups.get(step=24)
    deeds = {
        "claimed": lambda: calls.claim(call, by=reception),
        "attempted": lambda: calls.attempt(call, by=reception, result="no_answer"),
        "closed": lambda: calls.close(call, by=reception, outcome="declined", reason="No calls"),
        "answered": lambda: SorenessReport.objects.create(
            followup=call, reported_by=reception, now=1, triage="expected"
        ),
    }
    deeds[work]()

    ended(draft, "2026-05-12T11:00")

    due = dict(draft.followups.values_list("step", "due_at"))
    assert due == {24: _local("2026-05-13T09:31"), 72: _local("2026-05-15T11:00")}


@pytest.mark.django_db
def test_the_same_end_again_moves_nothing(draft):
    ended(draft, "2026-05-12T09:31")
    ended(draft, "2026-05-12T09:31")

    assert not AuditEvent.objects.filter(code="followup.rescheduled").exists()


@pytest.mark.django_db
def test_steps_that_the_practice_chose_since_do_not_drop_a_call(draft):
    ended(draft, "2026-05-12T09:31")
    Practice.objects.update(followup_hours="48")
    ended(draft, "2026-05-12T11:00")

    assert dict(draft.followups.values_list("step", "due_at")) == {
        24: _local("2026-05-13T11:00"),
        72: _local("2026-05-15T11:00"),
    }


@pytest.mark.django_db
def test_leaving_schedules_what_no_end_has_scheduled(draft, therapist, reception):
    visit = draft.visit
    visit.left_at, visit.left_by = _local("2026-05-12T10:00"), reception
    calls.schedule_for_visit(visit, reception)
    assert draft.followups.get(step=24).due_at == _local("2026-05-13T10:00")
    calls.schedule_for_visit(visit, by=reception)
    assert draft.followups.count() == 2


@pytest.mark.django_db
def test_a_voided_draft_and_a_patient_who_died_are_not_called(draft, therapist, ada):
    ada.deceased_on = dt.date(2026, 5, 1)
    ada.save(update_fields=["deceased_on"])
    assert calls.schedule(draft, by=therapist, at=_local("2026-05-12T09:31")) == []
    ada.deceased_on = None
    ada.save(update_fields=["deceased_on"])
    draft.voided_at, draft.voided_by = _local("2026-05-12T09:40"), therapist
    draft.save(update_fields=["voided_at", "voided_by"])
    assert calls.schedule(draft, by=therapist, at=_local("2026-05-12T09:31")) == []
