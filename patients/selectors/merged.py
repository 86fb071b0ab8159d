"""The list of likely duplicates, and which pairs were said to be different people."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from clinic.models import AuditEvent
from patients.models import LikelyPair, Patient, PatientAccess
from patients.rules.identity.keys import Identity
from patients.rules.identity.likeness import Likeness, compare
from patients.selectors.identity import former_names

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
    former = former_names.of_patients(pk for row in shown for pk in (row.one_id, row.other_id))
    pairs = [(row, compare(_identity(row.one, former), _identity(row.other, former))) for row in shown]
    return PairsPage(pairs, shown[-1].pk if len(rows) > SHOWN else None)


def _identity(person: Patient, former: Mapping[int, frozenset[str]]) -> Identity:
    return Identity.of(person, former.get(person.pk, frozenset()))


def kept_apart() -> set[frozenset[str]]:
    """The references of each two records that somebody said are two people."""
    rows = AuditEvent.objects.filter(code="patient.kept_apart").values_list("patient_ref", "changes")
    return {frozenset((ref, changes["kept_apart_from"][1])) for ref, changes in rows}


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
