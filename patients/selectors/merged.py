"""The list of likely duplicates, and which pairs were said to be different people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

from django.db.models import Q, QuerySet

from clinic.models import AuditEvent
from patients.models import LikelyPair, Patient, PatientAccess
from patients.rules.identity.keys import Identity
from patients.rules.identity.likeness import Likeness, MergedRecord, compare
from patients.selectors.identity import duplicates, former_names

SHOWN = 20
RECORDS = ("one", "other")


@dataclass(frozen=True)
class PairsPage:
    """Twenty pairs with what they have in common; `after` leads to the next ones, or is None."""

    pairs: list[tuple[LikelyPair, Likeness]]
    after: int | None


def page_of_pairs(user, *, after: int) -> PairsPage:
    """Pairs of which this user may open both records, the likeliest first."""
    rows = list(_open_to(user).filter(pk__gt=after).order_by("pk")[: SHOWN + 1])
    shown = rows[:SHOWN]
    keys = tuple(key for row in shown for key in (row.one_id, row.other_id))
    merged = list(duplicates.merged_into(keys, user=user)) if keys else []
    former = former_names.of_patients((*keys, *(one.pk for one in merged)))
    pairs = [(row, _likeness(row, merged, former)) for row in shown]
    return PairsPage(pairs, shown[-1].pk if len(rows) > SHOWN else None)


def _likeness(pair: LikelyPair, merged: Iterable[Patient], former: Mapping[int, frozenset[str]]) -> Likeness:
    """Of the two as they stand or, where these have little in common, of those merged into them."""
    records = [
        (patient, *(one for one in merged if one.merged_into_id == patient.pk))
        for patient in (pair.one, pair.other)
    ]
    likenesses = [_of_two(one, other, former) for one, other in product(*records)]
    return likenesses[0] if likenesses[0].is_shown else max(likenesses, key=lambda like: like.score)


def _of_two(one: Patient, other: Patient, former: Mapping[int, frozenset[str]]) -> Likeness:
    before = next((MergedRecord.of(each) for each in (one, other) if each.merged_into_id), None)
    first, second = (Identity.of(each, former.get(each.pk, frozenset())) for each in (one, other))
    return replace(compare(first, second), before=before)


def kept_apart() -> set[frozenset[str]]:
    """The references of each two records that somebody said are two people."""
    rows = AuditEvent.objects.filter(code="patient.kept_apart").values_list("patient_ref", "changes")
    return {frozenset((ref, changes["kept_apart_from"][1])) for ref, changes in rows}


def kept_apart_of(one: Patient, other: Patient) -> AuditEvent | None:
    """The newest decision that these two are different people, also of records merged into either."""
    sides = [{patient.ref: patient.pk} for patient in (one, other)]
    rows = Patient.objects.filter(merged_into__in=(one, other)).values_list("ref", "merged_into_id")
    for ref, standing in rows:
        sides[standing == other.pk][ref] = standing
    first, second = sides
    events = AuditEvent.objects.filter(code="patient.kept_apart", patient_ref__in=[*first, *second])
    for event in events.select_related("actor").order_by("-seq"):
        ref = event.changes["kept_apart_from"][1]
        if event.patient_ref in first and ref in second or event.patient_ref in second and ref in first:
            return event
    return None


def two_records(user, ref: str, other: str) -> tuple[Patient, Patient] | None:
    """Two different records that this user may open, neither of them merged into another."""
    rows = Patient.objects.living_records().visible_to(user).filter(ref__in=(ref, other))
    found = {row.ref: row for row in rows}
    return (found[ref], found[other]) if len(found) > 1 else None


def _open_to(user) -> QuerySet[LikelyPair]:
    named = PatientAccess.objects.open_to(user).values("patient")
    rows = LikelyPair.objects.select_related(*RECORDS)
    for name in RECORDS:
        is_open = Q(**{f"{name}__restricted_at": None}) | Q(**{f"{name}__in": named})
        rows = rows.filter(is_open, **{f"{name}__merged_into": None})
    return rows
