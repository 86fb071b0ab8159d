"""The open conditions of a patient, and the variants that a condition may be recorded with."""

import datetime as dt

from django.db.models import QuerySet

from patients.models import Condition, DiagnosisFamily, Patient, PatientCondition
from patients.rules.conditions import diagnoses


def open_conditions(patient: Patient) -> QuerySet[PatientCondition]:
    rows = PatientCondition.objects.open().filter(episode__patient=patient)
    return rows.select_related("condition", "variant", "noted_by")


def selectable_families(
    condition: Condition, *, on: dt.date, former: DiagnosisFamily | None = None
) -> list[DiagnosisFamily]:
    """Diagnosis families that may be chosen on that day, including the `former` choice."""
    rows = condition.families.all()
    return [family for family in rows if family == former or diagnoses.is_current(family, on=on)]
