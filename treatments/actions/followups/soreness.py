"""Reports after a session: filed once, corrected by a new report, with a red flag when urgent."""

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
    warning_signs = _answered_signs(signs)

    errors.refuse(
        calls.closed_reasons(followup)
        + calls.claimed_reasons(followup, by=by)
        + _answer_reasons(warning_signs, answers)
    )

    report = _write(followup, by=by, warning_signs=warning_signs, note=note, answers=answers)
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
    warning_signs = _answered_signs(signs)

    errors.refuse(_answer_reasons(warning_signs, answers))

    newer = _write(
        followup, by=by, warning_signs=warning_signs, note=note, answers=answers, supersedes=report
    )
    _close_or_reopen(followup, newer, by=by, before=report.triage)
    flag = _raise_flag(newer, followup)

    before = {name: getattr(report, name) for name in ANSWERS} | {"triage": report.triage}
    audit.record_many(_entries("followup.corrected", newer, followup, by=by, before=before, flag=flag))
    return newer


def corrected_meanwhile() -> StaleRecord:
    return StaleRecord("These answers were corrected by somebody else meanwhile. Open them again.")


def refuse_second_filing(followup) -> None:
    """Refuse a second report for one follow-up, naming who filed the first and when."""
    filed = followup.reports.filter(superseded_by=None).select_related("reported_by").first()
    if filed is None:
        return
    at = timezone.localtime(filed.reported_at).strftime("%H:%M")
    who = filed.reported_by.short_name if filed.reported_by else "The patient"
    raise StaleRecord(
        f"{who} filed the answers at {at}. Open the follow-up and correct them there if they differ."
    )


def _answered_signs(signs: dict[str, str]) -> list[dict]:
    """Every current warning sign with its question as worded now and its answer."""
    return [
        {"code": row.code, "question": row.question, "answer": signs.get(row.code, "")}
        for row in WarningSign.objects.current()
    ]


def _answer_reasons(warning_signs: list[dict], answers: dict) -> list[Reason]:
    reasons = []
    if any(sign["answer"] not in ("yes", "no") for sign in warning_signs):
        message = "Ask every warning sign, or choose “None of these” when the patient says so."
        reasons.append(Reason("warning-signs-open", message, field="none_of_these"))
    worst = answers.get("worst")
    if worst is not None and worst < answers["now"]:
        message = f"The worst soreness cannot be below the soreness now, {answers['now']}. Ask again."
        reasons.append(Reason("worst-below-now", message, field="worst"))
    return reasons


def _write(followup, *, by, warning_signs, note, answers, supersedes=None) -> SorenessReport:
    return SorenessReport.objects.create(
        followup=followup,
        supersedes=supersedes,
        source=SorenessReport.Source.STAFF,
        reported_by=by,
        warning_signs=warning_signs,
        note=note,
        triage=_triage(followup, warning_signs, answers),
        **answers,
    )


def _close_or_reopen(followup, report, *, by, before: str = "") -> None:
    """A report closes the follow-up, unless a therapist has to call: then it stays open or is reopened."""
    if report.triage != soreness.TALK and followup.closed_at is None:
        calls.end(followup, by=by, outcome=FollowUp.Outcome.ANSWERED)
    elif report.triage == soreness.TALK and before != soreness.TALK and followup.closed_at:
        calls.reopen(followup)


def _triage(followup, warning_signs: list[dict], answers: dict) -> str:
    practice = Practice.objects.get(pk=1)
    relevant = soreness.Answers(
        now=answers["now"],
        worst=answers.get("worst"),
        course=answers.get("course", ""),
        signs=soreness.answered_yes(warning_signs),
        wants_call=answers.get("wants_call", False),
    )
    thresholds = soreness.Thresholds(practice.soreness_high_first, practice.soreness_high_later)
    is_first = not followup.session.followups.filter(step__lt=followup.step).exists()
    return soreness.triage(relevant, is_first_step=is_first, thresholds=thresholds)


def _raise_flag(report, followup) -> RedFlag | None:
    """Put a warning sign on the therapist's board, unless one of this follow-up is still waiting there."""
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
