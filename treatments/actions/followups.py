"""Follow-ups: made when a session ends or its patient leaves, whichever comes first."""

import datetime as dt

from django.db import transaction

from clinic import audit
from clinic.models import Practice
from treatments import calling
from treatments.models import FollowUp, NeedlingSession


@transaction.atomic
def schedule(session, *, by, at: dt.datetime) -> list[FollowUp]:
    """Make the follow-ups of a session once; a second call finds them and makes none."""
    session = (
        NeedlingSession.objects.select_for_update(of=("self",))
        .select_related("location", "patient")
        .get(pk=session.pk)
    )

    if session.voided_at or session.patient.deceased_on or session.followups.exists():
        return []

    practice = Practice.objects.get(pk=1)
    times = calling.due_times(
        at, steps=practice.followup_steps, hours=practice.followup_open_hours, zone=session.location.time_zone
    )
    made = FollowUp.objects.bulk_create(
        FollowUp(session=session, step=step, due_at=due_at, assigned_to_id=session.therapist_id)
        for step, due_at in times.items()
    )

    audit.record(
        "followup.scheduled",
        session,
        by=by,
        patient=session.patient,
        changes={f"{step} h": [None, due_at.isoformat()] for step, due_at in times.items()},
    )
    return made


@transaction.atomic
def schedule_for_visit(visit, by) -> None:
    """The patient leaves: each of the visit's sessions that has no follow-ups yet gets them now."""
    for session in visit.sessions.counted().filter(followups=None).order_by("pk"):
        schedule(session, by=by, at=session.ended_at or visit.left_at)
