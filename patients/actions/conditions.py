"""What a patient is treated for: recorded, changed, resolved. Never deleted."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.values import errors
from patients.actions import episodes
from patients.models import Condition, DiagnosisFamily, Episode, Patient, PatientCondition
from patients.rules import merged
from patients.rules.conditions import diagnoses, onset, recorded

AUDITED_FIELDS = (
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
    errors.refuse(onset.reasons(onset_on, born=patient.born, today=today))
    episode = episodes.current_episode(patient, by=by, on=today)
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
        for row_side in diagnoses.recorded_sides(side)
    ]
    errors.refuse(recorded.repeated_reasons(rows, standing=_standing(episode, but=rows)))
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
    wrong_onset = onset.reasons(onset_on, born=row.episode.patient.born, today=today)
    errors.refuse(recorded.resolved_reasons(row) + wrong_onset)
    before = _noted(row)
    family = _family(row.condition, variant, side=side, encounter=encounter, on=today, kept=row.variant)
    # a row that carries the code for both sides keeps it
    both = bool(row.variant and row.variant.code_both and row.icd10 == row.variant.code_both)
    fields = {"variant": family, "side": side, "onset_on": onset_on, "onset_precision": onset_precision}
    fields |= _coded(family, side=side, both=both, encounter=encounter) | {"cause": cause, "goal": goal}
    for name, value in fields.items():
        setattr(row, name, value)
    errors.refuse(recorded.repeated_reasons([row], standing=_standing(row.episode, but=[row])))
    changes = audit.difference(before, _noted(row))
    if changes:
        row.save(update_fields=list(fields))
        audit.record_many([_entry("condition.changed", row, by, before)])
    return row


@transaction.atomic
def resolve(standing: PatientCondition, *, by, reason: str) -> PatientCondition:
    row = _locked(standing)
    errors.refuse(recorded.resolved_reasons(row))
    row.resolved_at, row.resolved_by, row.resolved_reason = timezone.now(), by, reason
    row.save(update_fields=["resolved_at", "resolved_by", "resolved_reason"])
    audit.record("condition.resolved", row, by=by, patient=row.episode.patient, reason=reason)
    return row


def _family(condition, variant, *, side, encounter, on, kept=None) -> DiagnosisFamily | None:
    """The variant meant, once nothing speaks against it. One that was recorded earlier may stay."""
    families = [family for family in condition.families.all() if diagnoses.is_current(family, on=on)]
    family = diagnoses.chosen_family(variant, families, ambiguous=condition.ambiguous)
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


def _standing(episode: Episode, *, but: list[PatientCondition]) -> set[tuple]:
    """What is recorded in the course of treatment, as a repetition is told by."""
    others = PatientCondition.objects.open().filter(episode=episode)
    others = others.exclude(pk__in=[row.pk for row in but if row.pk])
    return set(others.values_list(*recorded.IDENTITY_COLUMNS))


def _noted(row: PatientCondition) -> dict:
    return {name: getattr(row, name) for name in AUDITED_FIELDS}


def _entry(code: str, row: PatientCondition, by, before: dict) -> audit.AuditEntry:
    after = {name: value for name, value in _noted(row).items() if value not in ("", None) or name in before}
    changes = audit.difference(before, after)
    if not before:
        changes["condition"] = [None, row.condition.code]
    return audit.AuditEntry(code, row, by, row.episode.patient, changes)
