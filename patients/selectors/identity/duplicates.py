"""Everybody registered, to be compared with everybody."""

from collections.abc import Mapping

from django.db.models import QuerySet

from patients.models import Patient
from patients.rules.identity.likeness import COLUMNS, ComparedPatient
from patients.selectors.identity import former_names

# The record that stands for a merged one.
STANDING = ("merged_into_id", "merged_into__ref")


def everybody() -> list[tuple[ComparedPatient, ComparedPatient]]:
    """Each record, and the same under the key and reference of the record that stands for it.

    Of restricted records too: whoever may run a command reads the database.
    """
    rows = Patient.objects.order_by("pk").values_list(*COLUMNS, *STANDING)
    former = former_names.of_everybody()
    return [as_standing(row, former) for row in rows]


def as_standing(row: tuple, former: Mapping[int, frozenset[str]]) -> tuple[ComparedPatient, ComparedPatient]:
    """From the columns compared and those of `STANDING` behind them."""
    *columns, merged_into, ref = row
    person = ComparedPatient._make((*columns, former.get(columns[0], frozenset())))
    return person, person if merged_into is None else person._replace(pk=merged_into, ref=ref)


def merged_into(people: tuple[int, ...], *, user) -> QuerySet[Patient]:
    """The records merged into one of these that this user may open."""
    return Patient.objects.visible_to(user).filter(merged_into__in=people).order_by("pk")
