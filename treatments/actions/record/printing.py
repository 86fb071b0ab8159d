"""Printing of a record: each is recorded before the sheet is made."""

from collections.abc import Iterable

from django.db import transaction

from clinic import audit
from clinic.audit import AuditEntry
from patients.models import Patient


@transaction.atomic
def record_printing(people: Iterable[Patient], *, by) -> None:
    """Record of each of these records that it is printed. When this cannot be written, nothing is printed."""
    audit.record_many([AuditEntry("patient.printed", patient, by, patient) for patient in people])
