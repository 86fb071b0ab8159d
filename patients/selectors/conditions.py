"""What a patient is treated for, and the codes that a condition may be recorded with."""

import datetime as dt

from django.db.models import QuerySet

from patients.models import Condition, DiagnosisFamily, Patient, PatientCondition
from patients.rules.conditions import diagnoses


def open_conditions(patient: Patient) -> QuerySet[PatientCondition]:
    rows = PatientCondition.objects.open().filter(episode__patient=patient)
    return rows.select_related("condition", "variant", "noted_by")


def selectable_families(
    condition: Condition, *, on: dt.date, kept: DiagnosisFamily | None = None
) -> list[DiagnosisFamily]:
    """Diagnosis families that may be chosen on that day, and the one that was chosen before."""
    rows = condition.families.all()
    return [family for family in rows if family == kept or diagnoses.is_current(family, on=on)]
