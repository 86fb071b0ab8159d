"""Compares two people by name, birth date and phone. Its result advises and never blocks."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz

from clinic.values.words import Text
from patients.rules.identity.keys import Identity

NAMES_ALIKE = 80
# One name has additional words, as after a wedding.
ONE_IN_THE_OTHER = 85
FAMILY_NAME, GIVEN_NAME = 70, 45
BORN, NEARLY_BORN, PHONE = 30, 12, 20
YEARS_OF_A_SLIP = 100
# Two digits in the wrong order, by their places in ddmmyyyy.
NEIGHBOURS = ((0, 1), (2, 3), (5, 6), (6, 7))
# Translated when they are shown: many more people are compared than that.
SAME_NAME = gettext_lazy("same name")
SAME_LAST_NAME = gettext_lazy("same last name")
SAME_FIRST_NAME = gettext_lazy("same first name")
SIMILAR_NAME = gettext_lazy("a similar name")
SAME_BIRTH_DATE = gettext_lazy("same birth date")
NEAR_BIRTH_DATE = gettext_lazy("nearly the same birth date")
SAME_PHONE = gettext_lazy("same phone")


@dataclass(frozen=True)
class Likeness:
    """How alike two people are, 0 to 100, and the labels of what agrees."""

    score: int
    same: tuple[Text, ...] = ()


class ComparedPatient(NamedTuple):
    """The columns of a patient that the comparison reads."""

    pk: int
    ref: str
    name_key: str
    born: dt.date
    phone_key: str


def compare(one: Identity | ComparedPatient, other: Identity | ComparedPatient) -> Likeness:
    name_score, name_label = _compare_names(one.name_key, other.name_key)
    birth_score, birth_label = _compare_birth_dates(one.born, other.born)
    same_phone = bool(one.phone_key) and one.phone_key == other.phone_key
    labels = (name_label, birth_label, SAME_PHONE if same_phone else None)
    return Likeness(
        round(name_score * 0.5) + birth_score + PHONE * same_phone,
        tuple(label for label in labels if label is not None),
    )


def compare_restricted(one: Identity, other: ComparedPatient) -> Likeness:
    """Without a reason, and without the phone: its place among the others would tell the number."""
    return replace(compare(one, other._replace(phone_key="")), same=())


@lru_cache(maxsize=64)
def near_birth_dates(born: dt.date) -> frozenset[dt.date]:
    """The dates that differ from `born` by a slip: one digit, two swapped digits, day and month swapped."""
    found = set()
    for digits in _slips(f"{born:%d%m%Y}"):
        with suppress(ValueError):
            found.add(dt.date(int(digits[4:]), int(digits[2:4]), int(digits[:2])))
    return frozenset(date for date in found - {born} if abs(date.year - born.year) < YEARS_OF_A_SLIP)


def _compare_names(one: str, other: str) -> tuple[float, Text | None]:
    """How alike two name keys are, 0 to 100, with a label."""
    whole = fuzz.token_sort_ratio(one.replace(",", ""), other.replace(",", ""))
    (family, given), (family_other, given_other) = _parts(one), _parts(other)
    if whole == 100:
        return whole, SAME_NAME
    if family and family == family_other:
        return (whole if whole >= NAMES_ALIKE else FAMILY_NAME), SAME_LAST_NAME
    if whole >= NAMES_ALIKE:
        return whole, SIMILAR_NAME
    if _one_in_the_other(one, other):
        return ONE_IN_THE_OTHER, SIMILAR_NAME
    if given and given == given_other:
        return GIVEN_NAME, SAME_FIRST_NAME
    return 0, None


def _one_in_the_other(one: str, other: str) -> bool:
    words, others = ({*name.replace(",", "").split()} for name in (one, other))
    return len(words & others) > 1 and (words <= others or others <= words)


def _compare_birth_dates(one: dt.date | None, other: dt.date | None) -> tuple[int, Text | None]:
    if one is None or other is None:
        return 0, None
    if one == other:
        return BORN, SAME_BIRTH_DATE
    return (NEARLY_BORN, NEAR_BIRTH_DATE) if other in near_birth_dates(one) else (0, None)


def name_keys_of(identity: Identity) -> frozenset[str]:
    """Of the name as typed, and with the names in each other's box."""
    return frozenset({identity.name_key, swapped_name_key(identity.name_key)})


def _parts(name_key: str) -> tuple[str, str]:
    family, _, given = name_key.partition(", ")
    return family, given


def swapped_name_key(name_key: str) -> str:
    family, given = _parts(name_key)
    return f"{given}, {family}"


def _slips(digits: str) -> Iterator[str]:
    yield f"{digits[2:4]}{digits[:2]}{digits[4:]}"
    for one, next_ in NEIGHBOURS:
        yield f"{digits[:one]}{digits[next_]}{digits[one]}{digits[next_ + 1 :]}"
    for place in range(len(digits)):
        for digit in "0123456789":
            yield f"{digits[:place]}{digit}{digits[place + 1 :]}"
