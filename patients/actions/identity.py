"""Search keys that no column of the patient has: former names, and who goes with the patient."""

from collections.abc import Iterable

from patients.models import Patient, PatientKey
from patients.rules.identity import keys


def add_keys(patient: Patient, *, kind: str, texts: Iterable[str]) -> None:
    """Each word is added once. The transaction is the caller's."""
    words = {form for text in texts for form in keys.found_as(text)}
    PatientKey.objects.bulk_create(
        [PatientKey(patient=patient, kind=kind, value=word) for word in sorted(words)], ignore_conflicts=True
    )
