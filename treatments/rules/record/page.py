"""The record page: its tabs, the sessions table and the conditions."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.access import Permission, may
from clinic.models import Practice
from clinic.values.addresses import reverse
from patients.models import Patient, PatientCondition
from patients.rules import state_duties
from patients.rules.conditions import onset
from patients.rules.state_duties import DutyCounter
from treatments.rules.record.patient_sessions import Merged, Treatment

STATES = {
    "draft": ("draft", gettext_lazy("Draft")),
    "signed": ("ok", gettext_lazy("Signed")),
    "closed": ("caution", gettext_lazy("Closed unsigned")),
}
UNANSWERED = {
    "unreachable": gettext_lazy("Not reached"),
    "declined": gettext_lazy("Declined"),
    "not_needed": gettext_lazy("Not needed"),
    "": gettext_lazy("Not yet"),
}


@dataclass(frozen=True)
class SessionsPage:
    """One page of the sessions table, and where the older ones are."""

    treatments: list[Treatment]
    older: str = ""


def session_row(one: Treatment, steps: list[int]) -> dict:
    kind, text = STATES[one.state][0], str(STATES[one.state][1])
    if one.state == "draft":
        sites = ngettext("Draft, %(count)d site", "Draft, %(count)d sites", len(one.sites))
        text = sites % {"count": len(one.sites)}
    elif one.in_error:
        kind, text = "neutral", _("Entered in error")
    elif one.amended:
        kind, text = "info", _("Amended")
    return {
        "ref": one.ref,
        "on": one.on,
        "late": one.is_late,
        "number": one.number,
        "record_ref": one.record_ref,
        "sites": ", ".join(f"{muscle} {count}" for muscle, count in _by_muscle(one).items())
        or one.not_needled,
        "pains": one.pains,
        "soreness": soreness_text(one, steps),
        "kind": kind,
        "state": text,
        "in_error": one.in_error,
        "events": one.events,
    }


def _by_muscle(one: Treatment) -> dict[str, int]:
    """Insertions by muscle and side, in the order they were needled."""
    totals: dict[str, int] = {}
    for site in one.sites:
        totals[site.short] = totals.get(site.short, 0) + site.insertions
    return totals


def soreness_text(one: Treatment, steps: list[int]) -> str:
    """“4, then 1”; without a report, the outcome of the follow-ups."""
    by_step = {sore.step: str(sore.now) for sore in one.soreness}
    if by_step:
        known = [step for step in sorted({*steps, *one.steps}) if step in by_step or step in one.steps]
        return _(", then ").join(by_step.get(step, "–") for step in known)
    outcomes = list(one.steps.values())
    return str(UNANSWERED.get(outcomes[-1], "")) if outcomes else ""


def duties(patient: Patient, practice: Practice, *, on: dt.date) -> list[DutyCounter]:
    """The counters of direct access under the rules of the place where the patient was last."""
    limits = state_duties.limits_at(patient.duty_place, practice)
    return state_duties.counters(state_duties.direct_access(patient, on=on), limits, on=on)


def is_treated(patient: Patient, conditions: list[PatientCondition]) -> bool:
    """Whether there is an open condition of this very record in an episode that has not ended."""
    return any(
        row.resolved_at is None and row.episode.discharged_at is None and row.episode.patient_id == patient.pk
        for row in conditions
    )


def condition_lines(rows: list[PatientCondition], merged: Merged) -> list[dict]:
    """Rows of a merged record are marked with its reference."""
    return [
        {
            "pk": row.pk,
            "label": row.label,
            "details": " · ".join(_details(row)),
            "resolved_on": timezone.localdate(row.resolved_at) if row.resolved_at else None,
            "resolved_reason": row.resolved_reason,
            "record_ref": merged.get(row.episode.patient_id, ""),
        }
        for row in rows
    ]


def _details(row: PatientCondition) -> list[str]:
    since = onset.onset_label(row.onset_on, row.onset_precision)
    parts = [
        f"{row.icd10} ({row.code_set_year})" if row.icd10 else "",
        _("since %(since)s") % {"since": since} if since else "",
        row.get_cause_display().lower() if row.cause != PatientCondition.Cause.UNKNOWN else "",
        _("goal: %(goal)s") % {"goal": row.goal} if row.goal else "",
        _beside(row),
    ]
    return [part for part in parts if part]


def _beside(row: PatientCondition) -> str:
    """Why it holds beside a code that excludes it."""
    if not row.excluded_codes:
        return ""
    return _("holds beside %(codes)s: %(reason)s") % {
        "codes": ", ".join(row.excluded_codes.split()),
        "reason": row.exclusion_reason,
    }


def tabs_for(patient: Patient, *, user, current: str) -> list[dict]:
    """Sections of the record's page, and the pages beside it."""
    page = reverse("treatments:record", args=[patient.ref])
    history = reverse("treatments:history", args=[patient.ref])
    reads = may(user, Permission.CHART_VIEW)
    tabs = [
        ("summary", _("Summary") if reads else _("Record"), page, True),
        ("sessions", _("Sessions"), f"{page}#sessions", reads),
        ("safety", _("Health questions and consent"), f"{page}#safety", True),
        ("visits", _("Visits"), f"{page}#visits", True),
        ("trends", _("Trends"), reverse("treatments:trends", args=[patient.ref]), reads),
        ("history", _("History"), history, may(user, Permission.HISTORY_VIEW)),
        ("looks", _("Access log"), f"{history}?show=looks", may(user, Permission.HISTORY_VIEW)),
    ]
    return [
        {"label": label, "url": url, "current": name == current} for name, label, url, shown in tabs if shown
    ]
