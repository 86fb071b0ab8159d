"""Merges two records of one person by a pointer with a journal, and takes it back."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.values import errors
from clinic.values.errors import StaleRecord
from patients.actions import identity, patients, records, restrictions
from patients.models import MergeJournal, Patient, PatientKey, Visit
from patients.rules.identity import keys
from patients.selectors import merged as merged_selectors
from treatments.models import FollowUp
from treatments.rules import merging as rules
from treatments.rules.merging import HOLD, json_value, stored_value
from treatments.selectors import merging

# The event in the history of the other record.
AWAY = {"record.merged": "record.merged_away", "record.unmerged": "record.unmerged_away"}


@transaction.atomic
def merge(
    survivor: Patient,
    loser: Patient,
    *,
    by,
    reason: str,
    choices: dict[str, str],
    apart_reason: str = "",
) -> MergeJournal:
    """Point `loser` to `survivor`. `choices` say of each differing column whose value stands.

    No row of the record moves but appointments that nobody came to yet: what was signed stays as it was.
    Of a pair that somebody said are two people only with an `apart_reason`. Of who may open either the
    stricter holds for both.
    """
    survivor, loser = _both_locked(survivor, loser)
    _lock_calls(survivor, loser)
    now = timezone.now()
    named = _settled(survivor, loser, choices, at=now, by=by, apart_reason=apart_reason)
    gave_way = [getattr(survivor, name) for name in patients.NAMES if choices.get(name) == rules.LOSER]
    kept = {
        "former": _add_former_names(survivor, gave_way),
        "survivor": _take_over(survivor, rules.taken_columns(choices, loser) | _shared(survivor, loser)),
        "loser": _set(loser, _shared(loser, survivor, names=HOLD)),
        "restriction": _hold_together(survivor, loser, named, at=now, by=by, reason=reason),
        "apart_reason": apart_reason.strip(),
        "visits": _move_visits(loser, survivor),
        "pointed": _point(Patient.objects.filter(merged_into=loser), survivor, at=now, by=by),
    }
    loser.merged_into, loser.merged_at, loser.merged_by = survivor, now, by
    loser.save(update_fields=["merged_into", "merged_at", "merged_by"])
    journal = MergeJournal(loser=loser, survivor=survivor, choices=kept, reason=reason, merged_by=by)
    journal.save()

    taken = sorted(name for name, side in choices.items() if side == rules.LOSER)
    changes = {"taken over": ["", ", ".join(taken)]}
    if apart_reason.strip():
        changes["apart_reason"] = ["", apart_reason.strip()]
    _record("record.merged", journal, by=by, reason=reason, changes=changes)
    return journal


@transaction.atomic
def take_back(journal: MergeJournal, *, by, reason: str, moved: Collection[str] = ()) -> MergeJournal:
    """Take a merge back: both records are as they were. What was written since stays where it was written,

    but for the rows `moved` to the other record, named as `merging.later_rows` names them.
    """
    _both_locked(journal.survivor, journal.loser, merged=True)
    journal = MergeJournal.objects.select_related("survivor", "loser").get(pk=journal.pk)
    if MergeJournal.objects.filter(undoes=journal).exists():
        raise StaleRecord(_("Somebody has taken this merge back already."))
    survivor, loser = journal.survivor, journal.loser
    errors.refuse(rules.take_back_reasons(survivor, loser, later=merging.later_merge(journal), by=by.pk))

    offered = {row.value for row in merging.later_rows(journal)}
    _move_rows(loser, sorted(offered & set(moved)))
    _move_back(journal.choices["visits"], survivor, loser)
    for pk, (at, by_id) in journal.choices["pointed"].items():
        Patient.objects.filter(pk=pk).update(
            merged_into=loser, merged_at=stored_value("merged_at", at), merged_by=by_id
        )
    PatientKey.objects.filter(
        patient=survivor, kind=keys.FORMER, value__in=journal.choices["former"]
    ).delete()
    _put_back(survivor, journal.choices["survivor"], with_keys=True)
    _put_back(loser, journal.choices["loser"])
    if restriction := journal.choices.get("restriction"):
        restrictions.let_apart(restriction, at=timezone.now(), by=by, reason=reason)
    loser.merged_into = loser.merged_at = loser.merged_by = None
    loser.save(update_fields=["merged_into", "merged_at", "merged_by"])
    undone = MergeJournal(
        loser=loser, survivor=survivor, undoes=journal, reason=reason, merged_by=by,
        choices={"moved": sorted(offered & set(moved))},
    )  # fmt: skip
    undone.save()

    changes = {"moved": ["", len(undone.choices["moved"])]}
    _record("record.unmerged", undone, by=by, reason=reason, changes=changes)
    return undone


def _settled(
    survivor: Patient,
    loser: Patient,
    choices: dict[str, str],
    *,
    at: dt.datetime,
    by,
    apart_reason: str,
) -> frozenset[int] | None:
    """Who may open both afterwards, where that changes; refused while anything has to come first."""
    of = merging.facts_of((survivor, loser), now=at)
    facts = of[survivor.pk], of[loser.pk]
    is_apart = merged_selectors.kept_apart_of(survivor, loser) is not None
    errors.refuse(rules.reasons(*facts, by=by.pk) + rules.apart_reasons(is_apart, apart_reason))
    if set(rules.differing(survivor, loser)) != choices.keys():
        raise StaleRecord(_("Somebody changed one of the two records. Look at both again."))
    return rules.named_on_both(*facts)


def _both_locked(survivor: Patient, loser: Patient, *, merged: bool = False) -> tuple[Patient, Patient]:
    """Always in the order of their keys, so that two who merge the same two wait for each other."""
    lock = records.locked if merged else records.lock_record
    found = {pk: lock(pk) for pk in sorted((survivor.pk, loser.pk))}
    return found[survivor.pk], found[loser.pk]


def _lock_calls(*people: Patient) -> None:
    """Whoever takes a call now comes first, or sees the merged record."""
    calls = FollowUp.objects.select_for_update(of=("self",)).filter(session__patient__in=people)
    list(calls.filter(closed_at=None).order_by("pk").values_list("pk", flat=True))


def _shared(of: Patient, other: Patient, *, names=(*HOLD, "account_id")) -> dict:
    """What protects either record protects both."""
    return {name: getattr(other, name) for name in names if getattr(of, name) is None}


def _hold_together(
    survivor: Patient,
    loser: Patient,
    named: frozenset[int] | None,
    *,
    at: dt.datetime,
    by,
    reason: str,
) -> dict:
    """What restricts either restricts both, and the records merged into them before."""
    if named is None:
        return {}
    since = survivor if survivor.restricted_at else loser
    together = [each for one in (survivor, loser) for each in (one, *records.lock_merged(one))]
    restriction = restrictions.Restriction(since.restricted_at, since.restricted_by_id, named)
    return restrictions.hold_together(together, restriction, at=at, by=by, reason=reason)


def _take_over(survivor: Patient, columns: dict) -> dict:
    journal = _changed(survivor, columns)
    patients.save_with_keys(survivor, names=[*journal])
    return journal


def _set(patient: Patient, columns: dict) -> dict:
    journal = _changed(patient, columns)
    patient.save(update_fields=[*journal])
    return journal


def _changed(patient: Patient, columns: dict) -> dict:
    """Set the columns; {name: [before, after]} of those that changed, for the journal."""
    found = {}
    for name, value in columns.items():
        before = getattr(patient, name)
        if before != value:
            found[name] = [json_value(before), json_value(value)]
            setattr(patient, name, value)
    return found


def _put_back(patient: Patient, journal: dict, *, with_keys: bool = False) -> None:
    """What somebody changed since stays as they wrote it."""
    names = [name for name, pair in journal.items() if json_value(getattr(patient, name)) == pair[1]]
    for name in names:
        setattr(patient, name, stored_value(name, journal[name][0]))
    if with_keys:
        patients.save_with_keys(patient, names=names)
    else:
        patient.save(update_fields=names)


def _add_former_names(survivor: Patient, names: list[str]) -> list[str]:
    """A name that gave way is still found; the merged record is found by its own. The words that are new."""
    former = PatientKey.objects.filter(patient=survivor, kind=keys.FORMER).order_by("value")
    before = set(former.values_list("value", flat=True))
    identity.add_keys(survivor, kind=keys.FORMER, texts=names)
    return [word for word in former.values_list("value", flat=True) if word not in before]


def _move_visits(loser: Patient, survivor: Patient) -> list[int]:
    moving = list(merging.booked_visits(loser).values_list("pk", flat=True))
    Visit.objects.filter(pk__in=moving).update(patient=survivor)
    return moving


def _move_back(visits: list[int], survivor: Patient, loser: Patient) -> None:
    """Appointments that nobody came to since."""
    still = merging.booked_visits(survivor).filter(pk__in=visits).values_list("pk", flat=True)
    Visit.objects.filter(pk__in=list(still)).update(patient=loser)


def _point(rows, survivor: Patient, *, at: dt.datetime, by) -> dict[str, list]:
    """Records merged into the loser before point to the one that stands, as merged now."""
    before = {str(row.pk): [json_value(row.merged_at), row.merged_by_id] for row in rows.select_for_update()}
    rows.update(merged_into=survivor, merged_at=at, merged_by=by)
    return before


def _move_rows(loser: Patient, values: list[str]) -> None:
    taken: dict[str, Patient] = {"patient": loser}
    for value in values:
        kind, _dash, pk = value.partition("-")
        model = {**merging.MOVABLE, "visit": Visit}[kind]
        model._default_manager.filter(pk=pk).update(**taken)


def _record(code: str, journal: MergeJournal, *, by, reason: str, changes: dict) -> None:
    """In the history of both records."""
    survivor, loser = journal.survivor, journal.loser
    audit.record_many(
        [
            audit.AuditEntry(code, journal, by, survivor, {"other": ["", loser.ref], **changes}, reason),
            audit.AuditEntry(AWAY[code], journal, by, loser, {"other": ["", survivor.ref]}, reason),
        ]
    )
