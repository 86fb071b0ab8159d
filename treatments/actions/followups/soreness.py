"""Reports after a session: filed once, added to or corrected by a new report, with a red flag when urgent.

A warning sign waits for nothing: not for the other answers, and not for who else is calling or has filed.
"""

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit, formats
from clinic.models import Practice
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from patients.actions import patients, wordings
from patients.models import QuestionWording
from patients.rules import wordings as wordings_rules
from patients.selectors import wordings as wordings_selectors
from treatments.actions.followups import calls
from treatments.models import ContactAttempt, FollowUp, RedFlag, SorenessReport, WarningSign
from treatments.rules.followups import soreness
from treatments.rules.followups import warning_levels as levels
from treatments.selectors.followups import warning_levels

ANSWERS = (
    "now", "worst", "hours", "still_sore", "original_pain", "course", "bruise", "drank_water", "kept_moving",
    "took_painkiller", "wants_call",
)  # fmt: skip


@transaction.atomic
def file(
    followup,
    *,
    by,
    signs: dict[str, str],
    result: str = ContactAttempt.Result.SPOKE,
    note: str = "",
    **answers,
) -> SorenessReport:
    """File the answers of a call. `signs` is {code of a warning sign: yes, no or not_asked}.

    Every one is answered with yes or no, unless one is yes.
    """
    followup = calls.lock_row(followup)
    warning_signs = _signs_as_worded(signs)
    filed = _standing(followup) if soreness.answered_yes(warning_signs) else None
    if filed is not None:
        return _add(filed, followup, by=by, warning_signs=warning_signs, note=note, answers=answers)
    if not soreness.answered_yes(warning_signs):
        refuse_second_filing(followup)
        errors.refuse(calls.closed_reasons(followup) + calls.claimed_reasons(followup, by=by))
    errors.refuse(_answer_reasons(warning_signs, answers))

    report = _write(followup, by=by, warning_signs=warning_signs, note=note, answers=answers)
    calls.record_contact(followup, by=by, result=result)
    if followup.session.patient.phone_wrong_at and result == ContactAttempt.Result.SPOKE:
        patients.mark_phone(followup.session.patient, by=by, wrong=False)
    _close_or_reopen(followup, report, by=by)

    flag = _raise_flag(report, followup, before=())
    audit.record_many(_entries("followup.answered", report, followup, by=by, before={}, flag=flag))
    return report


@transaction.atomic
def add(report, *, by, signs: dict[str, str], note: str = "", **answers) -> SorenessReport:
    """File what a warning sign did not wait for: a newer report with that and all that was filed."""
    followup = calls.lock_row(report.followup)
    warning_signs = _signs_as_worded(signs)
    standing = _standing(followup) or report
    if standing.pk != report.pk and not soreness.answered_yes(warning_signs):
        raise corrected_meanwhile()
    return _add(standing, followup, by=by, warning_signs=warning_signs, note=note, answers=answers)


@transaction.atomic
def correct(report, *, by, signs: dict[str, str], note: str = "", **answers) -> SorenessReport:
    """File the answers again: the new report supersedes the old one, which stays as it was."""
    followup = calls.lock_row(report.followup)
    if SorenessReport.objects.filter(supersedes=report).exists():
        raise corrected_meanwhile()
    warning_signs = _signs_as_worded(signs)

    errors.refuse(_answer_reasons(warning_signs, answers))

    newer = _write(
        followup, by=by, warning_signs=warning_signs, note=note, answers=answers, supersedes=report
    )
    _close_or_reopen(followup, newer, by=by, before=report.triage)
    flag = _raise_flag(newer, followup, before=soreness.answered_yes(report.warning_signs))

    before = _answers_of(report) | {"triage": report.triage}
    audit.record_many(_entries("followup.corrected", newer, followup, by=by, before=before, flag=flag))
    return newer


def corrected_meanwhile() -> StaleRecord:
    return StaleRecord(_("These answers were corrected by somebody else meanwhile. Open them again."))


def refuse_second_filing(followup) -> None:
    """Refuse a second report for one follow-up, naming who filed the first and when."""
    filed = followup.reports.filter(superseded_by=None).select_related("reported_by").first()
    if filed is None:
        return
    at = formats.clock(filed.reported_at)
    who = filed.reported_by.short_name if filed.reported_by else _("The patient")
    raise StaleRecord(
        _("%(who)s filed the answers at %(at)s. Open the follow-up and correct them there if they differ.")
        % {"who": who, "at": at}
    )


def _add(filed, followup, *, by, warning_signs: soreness.Signs, note: str, answers: dict) -> SorenessReport:
    """Supersede `filed` with its own answers and these. The caller holds the follow-up's lock."""
    merged = soreness.with_added_answers(_answers_of(filed), answers)
    signs = soreness.with_added_signs(filed.warning_signs, warning_signs)
    errors.refuse(_answer_reasons(signs, merged))

    notes = "\n".join(text for text in (filed.note, note) if text)
    newer = _write(followup, by=by, warning_signs=signs, note=notes, answers=merged, supersedes=filed)
    _close_or_reopen(followup, newer, by=by, before=filed.triage)
    flag = _raise_flag(newer, followup, before=soreness.answered_yes(filed.warning_signs))

    before = _answers_of(filed) | {"triage": filed.triage}
    audit.record_many(_entries("followup.added_to", newer, followup, by=by, before=before, flag=flag))
    return newer


def _standing(followup) -> SorenessReport | None:
    return followup.reports.filter(superseded_by=None).first()


def _answers_of(report) -> dict:
    return {name: getattr(report, name) for name in ANSWERS}


def _signs_as_worded(signs: dict[str, str]) -> list[str | list]:
    """Every current warning sign with the version of its words and its answer."""
    catalogue = QuestionWording.Catalogue.WARNING_SIGN
    asked = wordings_selectors.with_version(WarningSign.objects.current(), catalogue=catalogue)
    versions = wordings.versions(asked, catalogue=catalogue)
    return wordings_rules.packed(
        wordings_rules.Answered(code, version, signs.get(code) or soreness.NOT_ASKED)
        for code, version in versions.items()
    )


def _answer_reasons(warning_signs: soreness.Signs, answers: dict) -> list[Reason]:
    reasons, now, worst = [], answers.get("now"), answers.get("worst")
    if not soreness.answered_yes(warning_signs):
        if soreness.not_asked(warning_signs):
            message = _("Ask every warning sign, or choose “None of these” when the patient says so.")
            reasons.append(Reason("warning-signs-open", message, field="none_of_these"))
        if now is None:
            reasons.append(Reason("soreness-missing", _("Choose a number from 0 to 10."), field="now"))
    if worst is not None and now is not None and worst < now:
        message = _("The worst soreness cannot be below the soreness now, %(now)s. Ask again.") % {"now": now}
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
        urgency=_urgency(followup, warning_signs),
        **answers,
    )


def _close_or_reopen(followup, report, *, by, before: str = "") -> None:
    """A report closes the follow-up, unless a therapist has to call: then it stays open or is reopened."""
    if report.triage != soreness.TALK and followup.closed_at is None:
        calls.end(followup, by=by, outcome=FollowUp.Outcome.ANSWERED)
    elif report.triage == soreness.TALK and before != soreness.TALK and followup.closed_at:
        calls.reopen(followup)


def _triage(followup, warning_signs: soreness.Signs, answers: dict) -> str:
    practice = Practice.objects.get(pk=1)
    relevant = soreness.Answers(
        now=answers.get("now"),
        worst=answers.get("worst"),
        course=answers.get("course", ""),
        signs=soreness.answered_yes(warning_signs),
        wants_call=answers.get("wants_call", False),
    )
    thresholds = soreness.Thresholds(practice.soreness_high_first, practice.soreness_high_later)
    is_first = not followup.session.followups.filter(step__lt=followup.step).exists()
    return soreness.triage(relevant, is_first_step=is_first, thresholds=thresholds)


def _urgency(followup, warning_signs: soreness.Signs) -> int | None:
    """The gravest of the signs; the hours count to the first report, so that adding lowers nothing."""
    signs = soreness.answered_yes(warning_signs)
    if not signs:
        return None
    first = followup.reports.aggregate(at=Min("reported_at"))["at"] or timezone.now()
    situation = warning_levels.situation_of(followup.session, at=first)
    return levels.gravest(signs, situation, warning_levels.table())


def _raise_flag(report, followup, *, before: tuple[str, ...]) -> RedFlag | None:
    """Put a sign that was not on file on the therapist's board, unless one of this call still waits there.

    `before`: the signs of the report that this one takes the place of.
    """
    if set(soreness.answered_yes(report.warning_signs)) <= set(before):
        return None
    waiting = RedFlag.objects.filter(report__followup=followup, acknowledged_at=None)
    return (
        None
        if waiting.exists()
        else RedFlag.objects.create(report=report, therapist=followup.session.therapist)
    )


def _entries(code, report, followup, *, by, before: dict, flag) -> list[audit.AuditEntry]:
    after = _answers_of(report) | {"triage": report.triage}
    patient = followup.session.patient
    entries = [audit.AuditEntry(code, followup, by, patient, audit.difference(before, after))]
    if flag is not None:
        entries.append(audit.AuditEntry("redflag.raised", flag, by, patient))
    return entries
