"""The open conditions of a patient, what can be recorded, and how it is found."""

import datetime as dt

from django.db.models import QuerySet

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import CodeSet
from clinic.rules import code_sets as code_set_rules
from clinic.selectors import code_sets
from patients.models import Condition, ConditionName, DiagnosisFamily, Patient, PatientCondition
from patients.rules.conditions import diagnoses, families_compared
from patients.rules.conditions import search as search_rules
from patients.rules.conditions.search import Hit
from patients.rules.conditions.vocabulary import Family, Listed, OtherName, Vocabulary


def open_conditions(patient: Patient) -> list[PatientCondition]:
    return OPEN_CONDITIONS(patient=patient.pk)


def _open_conditions(patient: int) -> QuerySet:
    rows = PatientCondition.objects.open().filter(episode__patient=patient)
    return rows.select_related("condition", "variant", "noted_by")


OPEN_CONDITIONS = PreparedQuery(_open_conditions)


def selectable_families(
    condition: Condition,
    *,
    on: dt.date,
    code_set: CodeSet | None,
    former: DiagnosisFamily | None = None,
) -> list[DiagnosisFamily]:
    """Diagnosis families that have a code in the set of that day, and the `former` choice."""
    codes = code_set_rules.codes_of(code_set) if code_set else None
    return [
        family
        for family in condition.families.all()
        if family == former
        or (
            diagnoses.is_current(family, on=on)
            and (codes is None or families_compared.is_possible(family, codes))
        )
    ]


def code_set_of(on: dt.date) -> CodeSet | None:
    """The set of diagnosis codes that a day uses."""
    return code_set_rules.of_day(code_sets.all_sets(), on)


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
