"""Everybody registered, to be compared with everybody."""

from patients.models import Patient
from patients.rules.identity.likeness import ComparedPatient


def everybody() -> list[ComparedPatient]:
    """Of restricted records too: whoever may run a command reads the database. Merged ones are settled."""
    rows = Patient.objects.living_records().order_by("pk").values_list(*ComparedPatient._fields)
    return [ComparedPatient._make(row) for row in rows]
