"""The days after a session: calls that are due, answers that came, and the one that must not wait."""

import datetime as dt

from demo.chart import Chart
from treatments.models import ContactAttempt, FollowUp, NeedlingSession, RedFlag, SorenessReport
from treatments.rules.followups import calling_hours, soreness

CALLED_AFTER = dt.timedelta(minutes=50)


def schedule(chart: Chart, session: NeedlingSession) -> list[FollowUp]:
    practice, location = chart.scene.team.practice, chart.scene.team.location
    times = calling_hours.due_times(
        session.ended_at,
        steps=practice.followup_steps,
        hours=practice.followup_open_hours,
        zone=location.time_zone,
    )
    at = session.ended_at
    chart.batch.note("followup.scheduled", session, by=session.therapist, patient=chart.patient, at=at)
    return [_followup(chart, session, step, due_at) for step, due_at in times.items()]


def _followup(chart: Chart, session: NeedlingSession, step: int, due_at: dt.datetime) -> FollowUp:
    return chart.batch.add(
        FollowUp,
        ref=chart.scene.minter.record(),
        session=session,
        step=step,
        due_at=due_at,
        made_at=session.ended_at,
        assigned_to=session.therapist,
    )


def usual_answers(chart: Chart, *, is_first: bool) -> dict:
    """Sore for a day or two and then no more, as most people are."""
    dice = chart.dice
    now = dice.randint(1, 4) if is_first else dice.randint(0, 2)
    return {
        "now": now,
        "worst": min(now + dice.randint(0, 2), 6),
        "hours": dice.choice((12, 18, 24)) if is_first else dice.choice((24, 36, 48)),
        "still_sore": now > 0,
        "original_pain": dice.randint(1, 5),
        "course": dice.choice(
            (SorenessReport.Course.BETTER, SorenessReport.Course.BETTER, SorenessReport.Course.SAME)
        ),
        "bruise": dice.choice(
            (SorenessReport.Bruise.NONE, SorenessReport.Bruise.NONE, SorenessReport.Bruise.SMALL)
        ),
        "drank_water": True,
        "kept_moving": dice.random() < 0.8,
        "took_painkiller": dice.random() < 0.2,
    }


def answer(
    chart: Chart,
    followup: FollowUp,
    *,
    at: dt.datetime,
    answers: dict,
    signs: tuple[str, ...] = (),
    note: str = "",
) -> SorenessReport:
    """A call that reached the patient. A talk keeps the follow-up open; anything else closes it."""
    is_first = followup.step == min(chart.scene.team.practice.followup_steps)
    report = chart.batch.add(
        SorenessReport,
        followup=followup,
        reported_at=at,
        reported_by=chart.reception,
        warning_signs=_asked(chart, signs),
        triage=_triage(chart, answers, signs, is_first),
        note=note,
        **answers,
    )
    _contact(chart, followup, ContactAttempt.Result.SPOKE, at=at)
    if report.triage != soreness.TALK:
        followup.outcome = FollowUp.Outcome.ANSWERED
        followup.closed_at, followup.closed_by = at, chart.reception
    said = {"now": [None, report.now], "triage": [None, report.triage]}
    chart.batch.note(
        "followup.answered", followup, by=chart.reception, patient=chart.patient, at=at, changes=said
    )
    if report.triage == soreness.URGENT:
        _flag(chart, report, followup)
    return report


def miss(chart: Chart, followup: FollowUp, *, at: dt.datetime) -> None:
    """Nobody picked up; the row stays on the list."""
    _contact(chart, followup, ContactAttempt.Result.NO_ANSWER, at=at)
    said = {"result": [None, "no_answer"]}
    chart.batch.note(
        "followup.attempted", followup, by=chart.reception, patient=chart.patient, at=at, changes=said
    )


def give_up(chart: Chart, followup: FollowUp, *, at: dt.datetime) -> None:
    """Three attempts, then it is closed with its reason."""
    for attempt in range(3):
        _contact(chart, followup, ContactAttempt.Result.NO_ANSWER, at=at + dt.timedelta(hours=attempt))
    followup.outcome = FollowUp.Outcome.UNREACHABLE
    followup.outcome_reason = "Called three times, no answer."
    followup.closed_at, followup.closed_by = at + dt.timedelta(hours=2), chart.reception
    said = {"outcome": ["", followup.outcome]}
    chart.batch.note(
        "followup.closed",
        followup,
        by=chart.reception,
        patient=chart.patient,
        at=followup.closed_at,
        changes=said,
    )


def _contact(chart: Chart, followup: FollowUp, result: str, *, at: dt.datetime) -> None:
    followup.attempts += 1
    by = chart.reception.pk
    chart.batch.put(ContactAttempt, followup_id=followup.pk, result=result, made_at=at, made_by_id=by)


def _asked(chart: Chart, signs: tuple[str, ...]) -> list[dict]:
    """Every question word for word, with its answer."""
    shelf = chart.scene.shelf
    return shelf.asked(signs) if signs else shelf.no_signs


def _triage(chart: Chart, answers: dict, signs: tuple[str, ...], is_first: bool) -> str:
    practice = chart.scene.team.practice
    said = soreness.Answers(answers["now"], answers["worst"], answers["course"], signs)
    limits = soreness.Thresholds(practice.soreness_high_first, practice.soreness_high_later)
    return soreness.triage(said, is_first_step=is_first, thresholds=limits)


def _flag(chart: Chart, report: SorenessReport, followup: FollowUp) -> None:
    flag = chart.batch.add(
        RedFlag, report=report, therapist=followup.session.therapist, raised_at=report.reported_at
    )
    chart.batch.note("redflag.raised", flag, by=chart.reception, patient=chart.patient, at=report.reported_at)
