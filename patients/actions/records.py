"""The record that an action writes into, locked until the transaction ends."""

from clinic.values import errors
from patients.models import Patient
from patients.rules import merged


def lock_record(pk: int) -> Patient:
    """Whoever joins records waits, or has been faster: then nothing new is written into this one."""
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=pk)
    errors.refuse(merged.reasons(patient))
    return patient
