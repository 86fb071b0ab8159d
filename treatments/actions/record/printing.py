"""Paper leaves the house: no sheet without its line in the audit."""

from django.db import transaction

from clinic import audit
from patients.models import Patient


@transaction.atomic
def record_printing(patient: Patient, *, by) -> None:
    """The chart is about to be printed. When this cannot be written, nothing is printed."""
    audit.record("patient.printed", patient, by=by, patient=patient)
