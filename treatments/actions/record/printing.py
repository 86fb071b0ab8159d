"""Printing of a record: each is recorded before the sheet is made."""

from django.db import transaction

from clinic import audit
from patients.models import Patient


@transaction.atomic
def record_printing(patient: Patient, *, by) -> None:
    """Record that the chart is printed. When this cannot be written, nothing is printed."""
    audit.record("patient.printed", patient, by=by, patient=patient)
