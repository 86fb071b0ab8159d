"""Compares two people by name, birth date and phone. Its result advises and never blocks."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from patients.rules.identity.keys import Identity

NAMES_ALIKE = 80
# One name has additional words, as after a wedding.
ONE_IN_THE_OTHER = 85
FAMILY_NAME, GIVEN_NAME = 70, 45
BORN, NEARLY_BORN, PHONE = 30, 12, 20
YEARS_OF_A_SLIP = 100
# Two digits in the wrong order, by their places in ddmmyyyy.
NEIGHBOURS = ((0, 1), (2, 3), (5, 6), (6, 7))


@dataclass(frozen=True)
class Likeness:
    """How alike two people are, 0 to 100, and the labels of what agrees."""

    score: int
    same: tuple[str, ...] = ()


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
    labels = (name_label, birth_label, "same phone" if same_phone else "")
    return Likeness(
        round(name_score * 0.5) + birth_score + PHONE * same_phone, tuple(label for label in labels if label)
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


def _compare_names(one: str, other: str) -> tuple[float, str]:
    """How alike two name keys are, 0 to 100, with a label."""
    whole = fuzz.token_sort_ratio(one.replace(",", ""), other.replace(",", ""))
    (family, given), (family_other, given_other) = _parts(one), _parts(other)
    if whole == 100:
        return whole, "same name"
    if family and family == family_other:
        return (whole if whole >= NAMES_ALIKE else FAMILY_NAME), "same last name"
    if whole >= NAMES_ALIKE:
        return whole, "a similar name"
    if _one_in_the_other(one, other):
        return ONE_IN_THE_OTHER, "a similar name"
    if given and given == given_other:
        return GIVEN_NAME, "same first name"
    return 0, ""


def _one_in_the_other(one: str, other: str) -> bool:
    words, others = ({*name.replace(",", "").split()} for name in (one, other))
    return len(words & others) > 1 and (words <= others or others <= words)


def _compare_birth_dates(one: dt.date | None, other: dt.date | None) -> tuple[int, str]:
    if one is None or other is None:
        return 0, ""
    if one == other:
        return BORN, "same birth date"
    return (NEARLY_BORN, "nearly the same birth date") if other in near_birth_dates(one) else (0, "")


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
