"""What a patient answered after a session: filed once, corrected by a row of its own, flagged at once."""

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.models import Practice
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from treatments.actions.followups import calls
from treatments.models import ContactAttempt, FollowUp, RedFlag, SorenessReport, WarningSign
from treatments.rules.followups import soreness

ANSWERS = (
    "now", "worst", "hours", "still_sore", "original_pain", "course", "bruise", "drank_water", "kept_moving",
    "took_painkiller", "wants_call",
)  # fmt: skip


@transaction.atomic
def file(followup, *, by, signs: dict[str, str], note: str = "", **answers) -> SorenessReport:
    """File the answers of a call. `signs` is {code of a warning sign: "yes" or "no"}, every one of them."""
    followup = calls.lock_row(followup)
    refuse_second_filing(followup)
    asked = _answered_signs(signs)

    errors.refuse(
        calls.closed_reasons(followup)
        + calls.claimed_reasons(followup, by=by)
        + _answer_reasons(asked, answers)
    )

    report = _write(followup, by=by, asked=asked, note=note, answers=answers)
    calls.record_contact(followup, by=by, result=ContactAttempt.Result.SPOKE)
    _close_or_reopen(followup, report, by=by)

    flag = _raise_flag(report, followup)
    audit.record_many(_entries("followup.answered", report, followup, by=by, before={}, flag=flag))
    return report


@transaction.atomic
def correct(report, *, by, signs: dict[str, str], note: str = "", **answers) -> SorenessReport:
    """File the answers again: the new report supersedes the old one, which stays as it was."""
    followup = calls.lock_row(report.followup)
    if SorenessReport.objects.filter(supersedes=report).exists():
        raise corrected_meanwhile()
    asked = _answered_signs(signs)

    errors.refuse(_answer_reasons(asked, answers))

    newer = _write(followup, by=by, asked=asked, note=note, answers=answers, supersedes=report)
    _close_or_reopen(followup, newer, by=by, before=report.triage)
    flag = _raise_flag(newer, followup)

    before = {name: getattr(report, name) for name in ANSWERS} | {"triage": report.triage}
    audit.record_many(_entries("followup.corrected", newer, followup, by=by, before=before, flag=flag))
    return newer


def corrected_meanwhile() -> StaleRecord:
    return StaleRecord("These answers were corrected by somebody else meanwhile. Open them again.")


def refuse_second_filing(followup) -> None:
    """Two callers, one patient: the second is told who filed, and when."""
    filed = followup.reports.filter(superseded_by=None).select_related("reported_by").first()
    if filed is None:
        return
    at = timezone.localtime(filed.reported_at).strftime("%H:%M")
    who = filed.reported_by.short_name if filed.reported_by else "The patient"
    raise StaleRecord(
        f"{who} filed the answers at {at}. Open the follow-up and correct them there if they differ."
    )


def _answered_signs(signs: dict[str, str]) -> list[dict]:
    """Every question of today's catalogue with its answer, word for word."""
    return [
        {"code": row.code, "question": row.question, "answer": signs.get(row.code, "")}
        for row in WarningSign.objects.current()
    ]


def _answer_reasons(asked: list[dict], answers: dict) -> list[Reason]:
    found = []
    if any(sign["answer"] not in ("yes", "no") for sign in asked):
        said = "Ask every warning sign, or choose “None of these” when the patient says so."
        found.append(Reason("warning-signs-open", said, field="none_of_these"))
    worst = answers.get("worst")
    if worst is not None and worst < answers["now"]:
        said = f"The worst soreness cannot be below the soreness now, {answers['now']}. Ask again."
        found.append(Reason("worst-below-now", said, field="worst"))
    return found


def _write(followup, *, by, asked, note, answers, supersedes=None) -> SorenessReport:
    return SorenessReport.objects.create(
        followup=followup,
        supersedes=supersedes,
        source=SorenessReport.Source.STAFF,
        reported_by=by,
        warning_signs=asked,
        note=note,
        triage=_triage(followup, asked, answers),
        **answers,
    )


def _close_or_reopen(followup, report, *, by, before: str = "") -> None:
    """An answer closes the follow-up; one that calls for a talk keeps it open until there was one."""
    if report.triage != soreness.TALK and followup.closed_at is None:
        calls.end(followup, by=by, outcome=FollowUp.Outcome.ANSWERED)
    elif report.triage == soreness.TALK and before != soreness.TALK and followup.closed_at:
        calls.reopen(followup)


def _triage(followup, asked: list[dict], answers: dict) -> str:
    practice = Practice.objects.get(pk=1)
    said = soreness.Answers(
        now=answers["now"],
        worst=answers.get("worst"),
        course=answers.get("course", ""),
        signs=soreness.answered_yes(asked),
        wants_call=answers.get("wants_call", False),
    )
    limits = soreness.Thresholds(practice.soreness_high_first, practice.soreness_high_later)
    is_first = not followup.session.followups.filter(step__lt=followup.step).exists()
    return soreness.triage(said, is_first_step=is_first, thresholds=limits)


def _raise_flag(report, followup) -> RedFlag | None:
    """Put a warning sign on the therapist's board, unless the report it corrects is still there."""
    if report.triage != soreness.URGENT:
        return None
    waiting = RedFlag.objects.filter(report__followup=followup, acknowledged_at=None)
    return (
        None
        if waiting.exists()
        else RedFlag.objects.create(report=report, therapist=followup.session.therapist)
    )


def _entries(code, report, followup, *, by, before: dict, flag) -> list[audit.AuditEntry]:
    after = {name: getattr(report, name) for name in ANSWERS} | {"triage": report.triage}
    patient = followup.session.patient
    entries = [audit.AuditEntry(code, followup, by, patient, audit.difference(before, after))]
    if flag is not None:
        entries.append(audit.AuditEntry("redflag.raised", flag, by, patient))
    return entries
