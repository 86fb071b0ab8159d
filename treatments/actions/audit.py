"""Exports of the audit: each is recorded before the file is made."""

from django.db import transaction

from clinic import audit
from patients.models import Patient


@transaction.atomic
def record_export(summary: str, *, patient: Patient | None, by) -> int:
    """The number of the audit event. When it cannot be written, nothing is exported."""
    return audit.record("audit.exported", None, by=by, patient=patient, reason=summary).seq
