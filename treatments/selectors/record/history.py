"""The audit events of one record: the history of changes, or the access log."""

import re

from django.db.models import QuerySet

from clinic.access import permissions_of
from clinic.models import AuditEvent
from patients.models import Patient
from treatments.rules import audit

SHOWN = 50
ACCESS_CODES = (
    "patient.opened",
    "patient.printed",
    "patient.found",
    "screening.opened",
    "consent.opened",
    "paper.opened",
    "session.read",
    "session.changes_read",
    "session.printed",
    "history.opened",
    "trends.opened",
    "restriction.opened",
    "restriction.found",
    "restriction.guessed",
    "disclosure.opened",
    "consent.copied",
    "followup.opened",
    "redflag.opened",
    "adverse_event.opened",
    "audit.searched",
    "audit.exported",
    "admin.looked",
    "admin.searched",
    "session.refused",
    "session.proof_failed",
    "record.proof_failed",
    "record.resolved",
)


def events(patient: Patient, *, before: str = "", looks: bool = False) -> QuerySet:
    """One page and one row more, the newest first: changes, or accesses (`looks`)."""
    rows = AuditEvent.objects.filter(patient_ref=patient.ref).select_related("actor").order_by("-seq")
    rows = rows.filter(code__in=ACCESS_CODES) if looks else rows.exclude(code__in=ACCESS_CODES)
    if re.fullmatch(r"[0-9]{1,18}", before):
        rows = rows.filter(seq__lt=int(before))
    return rows[: SHOWN + 1]


def page(patient: Patient, *, before: str, looks: bool, user) -> dict:
    rows = list(events(patient, before=before, looks=looks))
    shown, granted = rows[:SHOWN], permissions_of(user)
    return {
        "lines": [audit.event_line(event, granted) for event in shown],
        "older": shown[-1].seq if len(rows) > SHOWN else "",
    }
