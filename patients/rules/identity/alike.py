"""How names, dates and addresses of two people are alike, whatever they weigh."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from patients.rules.identity.keys import words_of
from patients.rules.identity.names import latin, name_of, plain, without_suffix

SAME, FORM, FORMER, NEAR, PART = "same", "form", "former", "near", "part"
OTHER, UNKNOWN = "other", "unknown"
YEARS_OF_A_SLIP = 100
SHORTEST_NEAR, LONG_NAME = 3, 9
# Two digits in the wrong order, by their places in ddmmyyyy.
NEIGHBOURS = ((0, 1), (2, 3), (5, 6), (6, 7))
IN_AN_ADDRESS = {"street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct"}
IN_AN_ADDRESS |= {"apartment": "apt", "unit": "apt", "boulevard": "blvd", "north": "n", "south": "s"}


class NameParts(NamedTuple):
    family: tuple[str, ...]
    given: tuple[str, ...]
    suffix: str


@lru_cache(maxsize=65536)
def alike_names(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    if not (one and other):
        return UNKNOWN
    if one == other or "".join(map(plain, one)) == "".join(map(plain, other)):
        return SAME
    if [*map(name_of, one)] == [*map(name_of, other)]:
        return FORM
    if _is_part(one, other):
        return PART
    first, second = "".join(map(latin, one)), "".join(map(latin, other))
    shorter = min(len(first), len(second))
    slips = 0 if shorter < SHORTEST_NEAR else 2 if shorter >= LONG_NAME else 1
    return NEAR if slips and OSA.distance(first, second, score_cutoff=slips) <= slips else OTHER


def is_former(words: tuple[str, ...], former: frozenset[str]) -> bool:
    """All words of a name are among those that somebody was called before."""
    return bool(words and former) and {*map(name_of, words)} <= {*map(name_of, former)}


def _is_part(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """All words of one are in the other, or one is an initial."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < len(longer) and {*map(name_of, shorter)} <= {*map(name_of, longer)}:
        return True
    initial = min(shorter[0], longer[0], key=len)
    return len(initial) == 1 and shorter[0][0] == longer[0][0] and len(shorter) == 1


@lru_cache(maxsize=16384)
def parts_of(name_key: str) -> NameParts:
    family, _, given = name_key.partition(", ")
    family_words, suffix = without_suffix(family.split())
    given_words, other_suffix = without_suffix(given.split())
    return NameParts(family_words, given_words, suffix or other_suffix)


@lru_cache(maxsize=4096)
def preferred_words(name: str) -> tuple[str, ...]:
    return tuple(words_of(name)) if name else ()


@lru_cache(maxsize=16384)
def address_of(address: str, postal_code: str) -> str:
    """A street and ZIP code, however they are written."""
    words = [IN_AN_ADDRESS.get(word, word) for word in words_of(address)] if address else []
    return " ".join([*words, postal_code[:5]]) if words else ""


def alike_texts(one: str, other: str) -> str:
    if not (one and other):
        return UNKNOWN
    return SAME if one == other else OTHER


def alike_dates(one: dt.date | None, other: dt.date | None) -> str:
    if one is None or other is None:
        return UNKNOWN
    if one == other:
        return SAME
    return NEAR if other in near_birth_dates(one) else OTHER


@lru_cache(maxsize=8192)
def near_birth_dates(born: dt.date) -> frozenset[dt.date]:
    """The dates that differ from `born` by a slip: one digit, two swapped digits, day and month swapped."""
    found = set()
    for digits in _slips(f"{born:%d%m%Y}"):
        with suppress(ValueError):
            found.add(dt.date(int(digits[4:]), int(digits[2:4]), int(digits[:2])))
    return frozenset(date for date in found - {born} if abs(date.year - born.year) < YEARS_OF_A_SLIP)


def _slips(digits: str) -> Iterator[str]:
    yield f"{digits[2:4]}{digits[:2]}{digits[4:]}"
    for one, next_ in NEIGHBOURS:
        yield f"{digits[:one]}{digits[next_]}{digits[one]}{digits[next_ + 1 :]}"
    for place in range(len(digits)):
        for digit in "0123456789":
            yield f"{digits[:place]}{digit}{digits[place + 1 :]}"
