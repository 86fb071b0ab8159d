"""The open conditions of a patient, what can be recorded, and how it is found."""

import datetime as dt

from django.db.models import QuerySet

from patients.models import Condition, ConditionName, DiagnosisFamily, Patient, PatientCondition
from patients.rules.conditions import diagnoses
from patients.rules.conditions import search as search_rules
from patients.rules.conditions.search import Hit
from patients.rules.conditions.vocabulary import Family, Listed, OtherName, Vocabulary


def open_conditions(patient: Patient) -> QuerySet[PatientCondition]:
    rows = PatientCondition.objects.open().filter(episode__patient=patient)
    return rows.select_related("condition", "variant", "noted_by")


def selectable_families(
    condition: Condition, *, on: dt.date, former: DiagnosisFamily | None = None
) -> list[DiagnosisFamily]:
    """Diagnosis families that may be chosen on that day, including the `former` choice."""
    rows = condition.families.all()
    return [family for family in rows if family == former or diagnoses.is_current(family, on=on)]


def search(text: str, *, on: dt.date) -> list[Hit]:
    """The conditions that may be meant, the likeliest first."""
    return search_rules.search(vocabulary(on), text)


def vocabulary(on: dt.date) -> Vocabulary:
    """What the box finds conditions by on that day."""
    listed = Condition.objects.current().values_list(
        "code", "patient_term", "name", "position", "side_policy"
    )
    names = ConditionName.objects.current().filter(condition__retired_at=None)
    families = DiagnosisFamily.objects.filter(retired_at=None, condition__retired_at=None)
    return Vocabulary(
        conditions=tuple(Listed(*row) for row in listed),
        names=tuple(
            OtherName(*row) for row in names.values_list("condition__code", "name", "proposed_variant")
        ),
        families=tuple(
            Family(row.condition.code, row.variant, row.label, row.is_default, diagnoses.codes_by_side(row))
            for row in families.select_related("condition")
            if diagnoses.is_current(row, on=on)
        ),
    )
