"""Records, changes and resolves the conditions of a patient. They are never deleted."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.actions import form_baseline
from clinic.models import CodeSet
from clinic.rules import code_sets as code_set_rules
from clinic.selectors import code_sets
from clinic.values import errors
from patients.actions import episodes
from patients.models import Condition, DiagnosisFamily, Episode, Patient, PatientCondition
from patients.rules import merged
from patients.rules.conditions import diagnoses, exclusions, onset, recorded

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
    "excluded_codes",
    "exclusion_reason",
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
    holds: str = "",
    holds_reason: str = "",
    **details,
) -> list[PatientCondition]:
    """Record one row for each code: both sides are two rows where right and left have a code each.

    `details` are onset_on, onset_precision, cause and goal. `holds` answers which of two codes that exclude
    each other holds; none is recorded where the other does.
    """
    today = timezone.localdate()
    errors.refuse(onset.reasons(details.get("onset_on"), born=patient.born, today=today))
    episode = episodes.current_episode(patient, by=by, on=today)
    family = _family(condition, variant, side=side, encounter=encounter, on=today)
    sets = code_sets.all_sets()
    rows = [
        PatientCondition(
            episode=episode,
            condition=condition,
            variant=family,
            side=row_side,
            noted_by=by,
            **_coded(family, side=row_side, encounter=encounter, sets=sets, on=today),
            **details,
        )
        for row_side in diagnoses.recorded_sides(family, side)
    ]
    errors.refuse(recorded.code_set_reasons(rows, code_set_rules.of_day(sets, today)))
    errors.refuse(recorded.repeated_reasons(rows, existing=_recorded(episode)))
    return _recorded_anew(rows, by=by, holds=holds, reason=holds_reason)


def _recorded_anew(rows: list[PatientCondition], *, by, holds: str, reason: str) -> list[PatientCondition]:
    """Ask which of two codes holds, and write the rows, or none where the other one holds."""
    pairs = exclusions.open_pairs(rows, _open_rows(rows[0].episode.patient))
    errors.refuse(exclusions.reasons(pairs, holds=holds, reason=reason))
    if pairs and holds == exclusions.OTHER:
        _record_left_out(pairs, by=by)
        return []
    _settle(pairs, by=by, holds=holds, reason=reason)
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
    holds: str = "",
    holds_reason: str = "",
    baseline: dict | None = None,
) -> PatientCondition:
    """Correct a recorded condition. Sessions keep the wording they were signed with.

    With the form's `baseline`, what a colleague changed since is kept. `holds` answers which of two codes
    that exclude each other holds: where the other one does, this condition is resolved as it was.
    """
    row = _lock(condition)
    sent: dict = {"variant": variant, "side": side, "encounter": encounter, "cause": cause, "goal": goal}
    sent["onset"] = onset.Onset(onset_on, onset_precision) if onset_on else None
    stored, message = details(row), _("Somebody changed this condition while you had it open.")
    wanted = stored | form_baseline.changes(stored, baseline, sent, message=message)
    return _change(row, by=by, answer=(holds, holds_reason), **wanted)


def details(row: PatientCondition) -> dict:
    """What the form of a condition shows of it, by the names of its fields."""
    since = onset.Onset(row.onset_on, row.onset_precision) if row.onset_on else None
    columns = {name: getattr(row, name) for name in ("variant", "side", "encounter", "cause", "goal")}
    return {**columns, "onset": since}


def _change(
    row: PatientCondition, *, by, answer: tuple[str, str], variant, side, encounter, cause, goal, **since
) -> PatientCondition:
    onset_on = since["onset"].on if since["onset"] else None
    onset_precision = since["onset"].precision if since["onset"] else ""
    today = timezone.localdate()
    wrong_onset = onset.reasons(onset_on, born=row.episode.patient.born, today=today)
    errors.refuse(recorded.resolved_reasons(row) + wrong_onset)
    before = _audited_values(row)
    family = _family(
        row.condition, variant, side=side, encounter=encounter, on=today, former=row.variant, is_recorded=True
    )
    errors.refuse(recorded.one_row_reasons(family, side=side))
    fields = {"variant": family, "side": side, "onset_on": onset_on, "onset_precision": onset_precision}
    fields |= {"cause": cause, "goal": goal}
    sets = code_sets.all_sets()
    fields |= _coded(family, side=side, encounter=encounter, sets=sets, on=today)
    for name, value in _changed(row, fields).items():
        setattr(row, name, value)
    if row.icd10 != before["icd10"]:
        errors.refuse(recorded.code_set_reasons([row], code_set_rules.of_day(sets, today)))
    others = [other for other in _recorded(row.episode) if other.pk != row.pk]
    joined = recorded.other_sides(row, others)
    errors.refuse(
        recorded.repeated_reasons([row], existing=[other for other in others if other not in joined])
    )
    for other in joined:
        _resolve(other, by=by, reason=_("Both sides stand in one row."))
    return _saved(row, by=by, before=before, fields=fields, answer=answer)


def _changed(row: PatientCondition, fields: dict) -> dict:
    """With another code, nobody has said yet that it holds beside one that excludes it."""
    return fields if fields["icd10"] == row.icd10 else fields | {"excluded_codes": "", "exclusion_reason": ""}


def _saved(
    row: PatientCondition, *, by, before: dict, fields: dict, answer: tuple[str, str]
) -> PatientCondition:
    """Ask which of two codes holds, and write the changed row; as it was where the other one holds."""
    holds, reason = answer
    others = [other for other in _open_rows(row.episode.patient) if other.pk != row.pk]
    pairs = exclusions.open_pairs([row], others)
    errors.refuse(exclusions.reasons(pairs, holds=holds, reason=reason))
    if pairs and holds == exclusions.OTHER:
        for name, value in before.items():
            setattr(row, name, value)
        return _resolve(row, by=by, reason=_excluded_words(pairs[0].other))
    _settle(pairs, by=by, holds=holds, reason=reason)
    if audit.difference(before, _audited_values(row)):
        row.save(update_fields=[*fields, "excluded_codes", "exclusion_reason"])
        audit.record_many([_entry("condition.changed", row, by, before)])
    return row


@transaction.atomic
def resolve(condition: PatientCondition, *, by, reason: str) -> PatientCondition:
    row = _lock(condition)
    errors.refuse(recorded.resolved_reasons(row))
    return _resolve(row, by=by, reason=reason)


def _resolve(row: PatientCondition, *, by, reason: str) -> PatientCondition:
    row.resolved_at, row.resolved_by, row.resolved_reason = timezone.now(), by, reason
    row.save(update_fields=["resolved_at", "resolved_by", "resolved_reason"])
    audit.record("condition.resolved", row, by=by, patient=row.episode.patient, reason=reason)
    return row


def _settle(pairs: list[exclusions.Pair], *, by, holds: str, reason: str) -> None:
    """Resolve the others, or keep in each row beside which of them it holds, and why."""
    for row, other in pairs:
        if holds == exclusions.THIS:
            _resolve(other, by=by, reason=_excluded_words(row))
        else:
            row.excluded_codes = f"{row.excluded_codes} {other.icd10}".strip()
            row.exclusion_reason = reason


def _record_left_out(pairs: list[exclusions.Pair], *, by) -> None:
    """What is not recorded has no row: the event is about the condition that holds."""
    for row, other in pairs:
        changes = {"left out": [None, f"{row.label}, {row.icd10}"]}
        audit.record("condition.left_out", other, by=by, patient=other.episode.patient, changes=changes)


def _excluded_words(row: PatientCondition) -> str:
    return _("%(code)s (%(condition)s) holds; the code set excludes this one beside it.") % {
        "code": row.icd10,
        "condition": row.label,
    }


def _family(
    condition, variant, *, side, encounter, on, former=None, is_recorded=False
) -> DiagnosisFamily | None:
    """The chosen variant, or a refusal. A variant that was recorded earlier may stay."""
    families = [family for family in condition.families.all() if diagnoses.is_current(family, on=on)]
    family = diagnoses.chosen_family(variant, families, ambiguous=condition.ambiguous)
    if family is None and not condition.ambiguous and len(families) == 1:
        family = families[0]
    errors.refuse(
        diagnoses.reasons(
            condition,
            family,
            families=families,
            side=side,
            encounter=encounter,
            on=on,
            former=former,
            is_recorded=is_recorded,
        )  # fmt: skip
    )
    return family


def _coded(
    family: DiagnosisFamily | None, *, side: str, encounter: str, sets: list[CodeSet], on: dt.date
) -> dict:
    if family is None:
        return {"icd10": "", "code_set_year": None, "encounter": ""}
    code = diagnoses.code_for(family, side=side, encounter=encounter)
    return {
        "icd10": code,
        "code_set_year": code_set_rules.stamp(sets, code, on)["code_set_year"],
        "encounter": encounter if family.encounter else "",
    }


def _lock(condition: PatientCondition) -> PatientCondition:
    rows = PatientCondition.objects.select_related("episode__patient", "condition", "variant")
    row = rows.select_for_update(of=("self", "episode__patient")).get(pk=condition.pk)
    errors.refuse(merged.reasons(row.episode.patient))
    return row


def _recorded(episode: Episode) -> list[PatientCondition]:
    """The open conditions of the episode."""
    return [row for row in _open_rows(episode.patient) if row.episode_id == episode.pk]


def _open_rows(patient: Patient) -> list[PatientCondition]:
    rows = PatientCondition.objects.open().filter(episode__patient=patient)
    return list(rows.select_related("condition", "variant", "episode__patient"))


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
