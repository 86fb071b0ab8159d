"""Decisions that two patients of one name and birth date are two people, from the audit."""

from clinic.models import AuditEvent
from treatments.rules.reports.kept_apart import KeptApart
from treatments.rules.reports.report import MAX_ROWS, Terms
from treatments.selectors.reports import sessions


def kept_apart(terms: Terms) -> list[KeptApart]:
    """Decided in these days, and by this person where one is named. The newest first."""
    decided = AuditEvent.objects.filter(code="patient.kept_apart").select_related("actor")
    events = sessions.of_terms(decided, terms, day="at", therapist="actor").order_by("-at", "-seq")
    return [_row(event) for event in events[:MAX_ROWS]]


def _row(event: AuditEvent) -> KeptApart:
    other_ref = event.changes["kept_apart_from"][1]
    return KeptApart(event.patient_ref, other_ref, event.reason, event.who, event.at)
