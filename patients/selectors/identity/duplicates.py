"""Everybody registered, to be compared with everybody."""

from patients.models import Patient
from patients.rules.identity.likeness import COLUMNS, ComparedPatient
from patients.selectors.identity import former_names


def everybody() -> list[ComparedPatient]:
    """Of restricted records too: whoever may run a command reads the database. Merged ones are settled."""
    rows = Patient.objects.living_records().order_by("pk").values_list(*COLUMNS)
    former = former_names.of_everybody()
    return [ComparedPatient._make((*row, former.get(row[0], frozenset()))) for row in rows]
