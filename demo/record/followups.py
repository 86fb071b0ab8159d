"""The days after a session: follow-up calls, and what patients report."""

import datetime as dt

from demo.record.patients import PatientRecord
from treatments.models import ContactAttempt, FollowUp, NeedlingSession, SorenessReport
from treatments.rules.followups import calling_hours, soreness

Course, Bruise, Result = SorenessReport.Course, SorenessReport.Bruise, ContactAttempt.Result
CALLED_AFTER = dt.timedelta(minutes=50)
ATTEMPTS = 3
UNREACHED = 0.05


def schedule(record: PatientRecord, session: NeedlingSession) -> list[FollowUp]:
    practice, location = record.context.staff.practice, record.context.staff.location
    due_times = calling_hours.due_times(
        session.ended_at,
        steps=practice.followup_steps,
        hours=practice.followup_open_hours,
        zone=location.time_zone,
    )
    record.add_event("followup.scheduled", session, by=session.therapist, at=session.ended_at)
    return [_add_followup(record, session, step, due_at) for step, due_at in due_times.items()]


def _add_followup(
    record: PatientRecord, session: NeedlingSession, step: int, due_at: dt.datetime
) -> FollowUp:
    return record.batch.add(
        FollowUp,
        ref=record.context.references.for_record(),
        session=session,
        step=step,
        due_at=due_at,
        made_at=session.ended_at,
        assigned_to=session.therapist,
    )


def settle(record: PatientRecord, followups: list[FollowUp]) -> None:
    """Calls that were due by now reached the patient, most of the time."""
    for followup in followups:
        at = followup.due_at + CALLED_AFTER
        if at > record.context.clock.now:
            continue
        if record.random_source.random() < UNREACHED:
            _close_unreached(record, followup, at=at)
        else:
            answers = usual_answers(record, is_first=_is_first(record, followup))
            _record_answers(record, followup, at=at, answers=answers)


def usual_answers(record: PatientRecord, *, is_first: bool) -> dict:
    """Sore for a day or two and then no more, as most people are."""
    random_source = record.random_source
    now = random_source.randint(1, 4) if is_first else random_source.randint(0, 2)
    return {
        "now": now,
        "worst": min(now + random_source.randint(0, 2), 6),
        "hours": random_source.choice((12, 18, 24) if is_first else (24, 36, 48)),
        "still_sore": now > 0,
        "original_pain": random_source.randint(1, 5),
        "course": random_source.choice((Course.BETTER, Course.BETTER, Course.SAME)),
        "bruise": random_source.choice((Bruise.NONE, Bruise.NONE, Bruise.SMALL)),
        "drank_water": True,
        "kept_moving": random_source.random() < 0.8,
        "took_painkiller": random_source.random() < 0.2,
    }


def _record_answers(record: PatientRecord, followup: FollowUp, *, at: dt.datetime, answers: dict) -> None:
    """A call that reached the patient, without a warning sign and without a need for a therapist's call."""
    report = record.batch.add(
        SorenessReport,
        followup=followup,
        reported_at=at,
        reported_by=record.reception,
        warning_signs=record.context.catalogs.no_signs,
        triage=_triage(record, followup, answers),
        **answers,
    )
    _add_attempt(record, followup, Result.SPOKE, at=at)
    followup.outcome = FollowUp.Outcome.ANSWERED
    followup.closed_at, followup.closed_by = at, record.reception
    changes = {"now": [None, report.now], "triage": [None, report.triage]}
    record.add_event("followup.answered", followup, by=record.reception, at=at, changes=changes)


def _triage(record: PatientRecord, followup: FollowUp, answers: dict) -> str:
    practice = record.context.staff.practice
    reported = soreness.Answers(answers["now"], answers["worst"], answers["course"])
    thresholds = soreness.Thresholds(practice.soreness_high_first, practice.soreness_high_later)
    return soreness.triage(reported, is_first_step=_is_first(record, followup), thresholds=thresholds)


def _is_first(record: PatientRecord, followup: FollowUp) -> bool:
    return followup.step == min(record.context.staff.practice.followup_steps)


def _close_unreached(record: PatientRecord, followup: FollowUp, *, at: dt.datetime) -> None:
    """Closed with its reason after the last attempt."""
    for attempt in range(ATTEMPTS):
        _add_attempt(record, followup, Result.NO_ANSWER, at=at + dt.timedelta(hours=attempt))
    followup.outcome = FollowUp.Outcome.UNREACHABLE
    followup.outcome_reason = "Called three times, no answer."
    followup.closed_at = at + dt.timedelta(hours=ATTEMPTS - 1)
    followup.closed_by = record.reception
    changes = {"outcome": ["", followup.outcome]}
    record.add_event("followup.closed", followup, by=record.reception, at=followup.closed_at, changes=changes)


def _add_attempt(record: PatientRecord, followup: FollowUp, result: str, *, at: dt.datetime) -> None:
    followup.attempts += 1
    attempt = {"followup_id": followup.pk, "result": result, "made_at": at, "made_by_id": record.reception.pk}
    record.batch.add_columns(ContactAttempt, **attempt)
