"""Records, changes and resolves the conditions of a patient. They are never deleted."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.actions import form_baseline
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
    """Record one row per side: both sides are two rows."""
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
    errors.refuse(recorded.repeated_reasons(rows, existing=_recorded(episode, except_rows=rows)))
    for row in rows:
        row.save()
    audit.record_many([_entry("condition.recorded", row, by, {}) for row in rows])
    return rows


@transaction.atomic
def change(
    condition: PatientCondition,
    *,
    by,
    side: str,
    variant: DiagnosisFamily | None = None,
    encounter: str = "",
    onset_on: dt.date | None = None,
    onset_precision: str = "",
    cause: str = PatientCondition.Cause.UNKNOWN,
    goal: str = "",
    baseline: dict | None = None,
) -> PatientCondition:
    """Correct a recorded condition. Sessions keep the wording they were signed with.

    With the form's `baseline`, what a colleague changed since is kept.
    """
    row = _lock(condition)
    sent: dict = {"variant": variant, "side": side, "encounter": encounter, "cause": cause, "goal": goal}
    sent["onset"] = onset.Onset(onset_on, onset_precision) if onset_on else None
    stored, message = details(row), _("Somebody changed this condition while you had it open.")
    wanted = stored | form_baseline.changes(stored, baseline, sent, message=message)
    return _change(row, by=by, **wanted)


def details(row: PatientCondition) -> dict:
    """What the form of a condition shows of it, by the names of its fields."""
    since = onset.Onset(row.onset_on, row.onset_precision) if row.onset_on else None
    columns = {name: getattr(row, name) for name in ("variant", "side", "encounter", "cause", "goal")}
    return {**columns, "onset": since}


def _change(row: PatientCondition, *, by, variant, side, encounter, cause, goal, **since) -> PatientCondition:
    onset_on = since["onset"].on if since["onset"] else None
    onset_precision = since["onset"].precision if since["onset"] else ""
    today = timezone.localdate()
    wrong_onset = onset.reasons(onset_on, born=row.episode.patient.born, today=today)
    errors.refuse(recorded.resolved_reasons(row) + wrong_onset)
    before = _audited_values(row)
    family = _family(
        row.condition, variant, side=side, encounter=encounter, on=today, former_variant=row.variant
    )
    # a row that has the code for both sides keeps it
    both = bool(row.variant and row.variant.code_both and row.icd10 == row.variant.code_both)
    fields = {"variant": family, "side": side, "onset_on": onset_on, "onset_precision": onset_precision}
    fields |= _coded(family, side=side, both=both, encounter=encounter) | {"cause": cause, "goal": goal}
    for name, value in fields.items():
        setattr(row, name, value)
    errors.refuse(recorded.repeated_reasons([row], existing=_recorded(row.episode, except_rows=[row])))
    changes = audit.difference(before, _audited_values(row))
    if changes:
        row.save(update_fields=list(fields))
        audit.record_many([_entry("condition.changed", row, by, before)])
    return row


@transaction.atomic
def resolve(condition: PatientCondition, *, by, reason: str) -> PatientCondition:
    row = _lock(condition)
    errors.refuse(recorded.resolved_reasons(row))
    row.resolved_at, row.resolved_by, row.resolved_reason = timezone.now(), by, reason
    row.save(update_fields=["resolved_at", "resolved_by", "resolved_reason"])
    audit.record("condition.resolved", row, by=by, patient=row.episode.patient, reason=reason)
    return row


def _family(condition, variant, *, side, encounter, on, former_variant=None) -> DiagnosisFamily | None:
    """The chosen variant, or a refusal. A variant that was recorded earlier may stay."""
    families = [family for family in condition.families.all() if diagnoses.is_current(family, on=on)]
    family = diagnoses.chosen_family(variant, families, ambiguous=condition.ambiguous)
    if family is None and not condition.ambiguous and len(families) == 1:
        family = families[0]
    valid_on = on if former_variant is None or family != former_variant else former_variant.valid_to or on
    errors.refuse(
        diagnoses.reasons(condition, family, families=families, side=side, encounter=encounter, on=valid_on)
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


def _lock(condition: PatientCondition) -> PatientCondition:
    rows = PatientCondition.objects.select_related("episode__patient", "condition", "variant")
    row = rows.select_for_update(of=("self", "episode__patient")).get(pk=condition.pk)
    errors.refuse(merged.reasons(row.episode.patient))
    return row


def _recorded(episode: Episode, *, except_rows: list[PatientCondition]) -> set[tuple]:
    """The open conditions of the episode, as tuples of `IDENTITY_COLUMNS`."""
    others = PatientCondition.objects.open().filter(episode=episode)
    others = others.exclude(pk__in=[row.pk for row in except_rows if row.pk])
    return set(others.values_list(*recorded.IDENTITY_COLUMNS))


def _audited_values(row: PatientCondition) -> dict:
    return {name: getattr(row, name) for name in AUDITED_FIELDS}


def _entry(code: str, row: PatientCondition, by, before: dict) -> audit.AuditEntry:
    after = {
        name: value
        for name, value in _audited_values(row).items()
        if value not in ("", None) or name in before
    }
    changes = audit.difference(before, after)
    if not before:
        changes["condition"] = [None, row.condition.code]
    return audit.AuditEntry(code, row, by, row.episode.patient, changes)
