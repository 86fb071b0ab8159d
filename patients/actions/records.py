"""The row lock on a patient's record that writing actions take."""

from clinic.values import errors
from patients.models import Patient
from patients.rules import merged


def lock_record(pk: int) -> Patient:
    """Lock the record until the transaction ends; refuse it when it was merged into another."""
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=pk)
    errors.refuse(merged.reasons(patient))
    return patient
