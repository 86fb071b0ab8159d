"""What a patient is treated for: recorded, changed, resolved. Never deleted."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.values import errors
from clinic.values.errors import Reason
from patients.actions import episodes
from patients.models import Condition, DiagnosisFamily, Episode, Patient, PatientCondition
from patients.rules import merged
from patients.rules.conditions import diagnoses

NOTED = (
    "variant_id",
    "side",
    "icd10",
    "code_set_year",
    "encounter",
    "onset_on",
    "onset_precision",
    "cause",
    "goal",
)


@transaction.atomic
def record(
    patient: Patient,
    *,
    by,
    condition: Condition,
    side: str,
    variant: DiagnosisFamily | None = None,
    encounter: str = "",
    onset_on: dt.date | None = None,
    onset_precision: str = "",
    cause: str = PatientCondition.Cause.UNKNOWN,
    goal: str = "",
) -> list[PatientCondition]:
    """One row per side: both sides are two rows."""
    today = timezone.localdate()
    errors.refuse(_onset_reasons(patient, onset_on, today))
    episode = episodes.current(patient, by=by, on=today)
    family = _family(condition, variant, side=side, encounter=encounter, on=today)
    rows = [
        PatientCondition(
            episode=episode,
            condition=condition,
            variant=family,
            side=row_side,
            **_coded(family, side=row_side, both=side == diagnoses.BOTH, encounter=encounter),
            onset_on=onset_on,
            onset_precision=onset_precision,
            cause=cause,
            goal=goal,
            noted_by=by,
        )
        for row_side in diagnoses.rows_for(side)
    ]
    errors.refuse(_twice(episode, rows))
    for row in rows:
        row.save()
    audit.record_many([_entry("condition.recorded", row, by, {}) for row in rows])
    return rows


@transaction.atomic
def change(
    standing: PatientCondition,
    *,
    by,
    side: str,
    variant: DiagnosisFamily | None = None,
    encounter: str = "",
    onset_on: dt.date | None = None,
    onset_precision: str = "",
    cause: str = PatientCondition.Cause.UNKNOWN,
    goal: str = "",
) -> PatientCondition:
    """Correct what was recorded. Sessions keep the words they were written with."""
    row = _locked(standing)
    today = timezone.localdate()
    errors.refuse(_ended(row) + _onset_reasons(row.episode.patient, onset_on, today))
    before = _noted(row)
    family = _family(row.condition, variant, side=side, encounter=encounter, on=today, kept=row.variant)
    # a row that carries the code for both sides keeps it
    both = bool(row.variant and row.variant.code_both and row.icd10 == row.variant.code_both)
    fields = {"variant": family, "side": side, "onset_on": onset_on, "onset_precision": onset_precision}
    fields |= _coded(family, side=side, both=both, encounter=encounter) | {"cause": cause, "goal": goal}
    for name, value in fields.items():
        setattr(row, name, value)
    errors.refuse(_twice(row.episode, [row]))
    changes = audit.difference(before, _noted(row))
    if changes:
        row.save(update_fields=list(fields))
        audit.record_many([_entry("condition.changed", row, by, before)])
    return row


@transaction.atomic
def resolve(standing: PatientCondition, *, by, reason: str) -> PatientCondition:
    row = _locked(standing)
    errors.refuse(_ended(row))
    row.resolved_at, row.resolved_by, row.resolved_reason = timezone.now(), by, reason
    row.save(update_fields=["resolved_at", "resolved_by", "resolved_reason"])
    audit.record("condition.resolved", row, by=by, patient=row.episode.patient, reason=reason)
    return row


def _family(condition, variant, *, side, encounter, on, kept=None) -> DiagnosisFamily | None:
    """The variant meant, once nothing speaks against it. One that was recorded earlier may stay."""
    families = [family for family in condition.families.all() if diagnoses.is_current(family, on=on)]
    family = diagnoses.chosen(variant, families, ambiguous=condition.ambiguous)
    if family is None and not condition.ambiguous and len(families) == 1:
        family = families[0]
    noted_on = on if kept is None or family != kept else kept.valid_to or on
    errors.refuse(
        diagnoses.reasons(condition, family, families=families, side=side, encounter=encounter, on=noted_on)
    )
    return family


def _coded(family: DiagnosisFamily | None, *, side: str, both: bool, encounter: str) -> dict:
    if family is None:
        return {"icd10": "", "code_set_year": None, "encounter": ""}
    return {
        "icd10": diagnoses.code_for(family, side=side, both=both, encounter=encounter),
        "code_set_year": family.code_set_year,
        "encounter": encounter if family.encounter else "",
    }


def _locked(standing: PatientCondition) -> PatientCondition:
    rows = PatientCondition.objects.select_related("episode__patient", "condition", "variant")
    row = rows.select_for_update(of=("self", "episode__patient")).get(pk=standing.pk)
    errors.refuse(merged.reasons(row.episode.patient))
    return row


def _ended(row: PatientCondition) -> list[Reason]:
    if row.resolved_at is None:
        return []
    message = "This condition is resolved. Record it again when it came back."
    return [Reason("condition-resolved", message)]


def _onset_reasons(patient: Patient, onset_on: dt.date | None, today: dt.date) -> list[Reason]:
    if onset_on is None:
        return []
    if onset_on > today:
        return [Reason("onset-in-future", "That lies in the future. Check when it began.", field="onset")]
    if onset_on.year < patient.born.year:
        return [
            Reason(
                "onset-before-birth", "That is before the patient was born. Check the year.", field="onset"
            )
        ]
    return []


def _twice(episode: Episode, rows: list[PatientCondition]) -> list[Reason]:
    """The same condition on the same side stands once."""
    others = (
        PatientCondition.objects.open()
        .filter(episode=episode)
        .exclude(pk__in=[row.pk for row in rows if row.pk])
    )
    standing = set(others.values_list("condition_id", "side", "icd10"))
    found = [row for row in rows if (row.condition_id, row.side, row.icd10) in standing]
    return [
        Reason(
            "condition-stands", f"“{row.label}” is already recorded. Change that one instead.", field="side"
        )
        for row in found
    ]


def _noted(row: PatientCondition) -> dict:
    return {name: getattr(row, name) for name in NOTED}


def _entry(code: str, row: PatientCondition, by, before: dict) -> audit.Entry:
    after = {name: value for name, value in _noted(row).items() if value not in ("", None) or name in before}
    changes = audit.difference(before, after)
    if not before:
        changes["condition"] = [None, row.condition.code]
    return audit.Entry(code, row, by, row.episode.patient, changes)
