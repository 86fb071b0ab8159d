"""Diagnosis codes by year: what a set holds, which set a day has, and reading the publisher's order file.

A set is kept as text: a line for each billable code, with some digits of a digest of its title. No queries.
"""

import datetime as dt
import hashlib
import re
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeVar

from django.utils.translation import gettext as _

from clinic.models import CodeSet

VALID, GONE, UNKNOWN = "valid", "gone", "unknown"
CATEGORY_LENGTH = 3
TITLE_DIGITS = 8
S = TypeVar("S", bound=CodeSet)


class CodeRow(NamedTuple):
    """A billable code with its dot, and its title."""

    code: str
    title: str


class Codes:
    """The codes of a set, found in its text."""

    def __init__(self, text: str, *, is_excerpt: bool):
        self.text, self.is_excerpt = f"\n{text}", is_excerpt

    def standing(self, code: str) -> str:
        """VALID or GONE; UNKNOWN where the set says nothing about codes of its category."""
        if f"\n{code} " in self.text:
            return VALID
        if self.is_excerpt and f"\n{code[:CATEGORY_LENGTH]}" not in self.text:
            return UNKNOWN
        return GONE

    def beginning_with(self, stem: str) -> dict[str, str]:
        """{code: digest of its title} of the codes that begin so."""
        lines = re.findall(rf"(?<=\n){re.escape(stem)}\S* \w+", self.text)
        return dict(line.split(" ") for line in lines)


def packed(rows: Iterable[CodeRow]) -> bytes:
    return zlib.compress(text_of(rows).encode())


def text_of(rows: Iterable[CodeRow]) -> str:
    return "".join(f"{row.code} {title_digest(row.title)}\n" for row in sorted(rows))


def codes_of(code_set: CodeSet) -> Codes:
    return _unpacked(bytes(code_set.codes), code_set.is_excerpt)


@lru_cache(4)
def _unpacked(codes: bytes, is_excerpt: bool) -> Codes:
    return Codes(zlib.decompress(codes).decode(), is_excerpt=is_excerpt)


def title_digest(title: str) -> str:
    """The same for titles that differ in spaces and capital letters alone."""
    return hashlib.sha256(" ".join(title.split()).casefold().encode()).hexdigest()[:TITLE_DIGITS]


def of_day(sets: Iterable[S], on: dt.date) -> S | None:
    """The newest set that was in force on that day or before, else the first one."""
    ordered = sorted(sets, key=lambda each: each.valid_from)
    begun = [each for each in ordered if each.valid_from <= on]
    return begun[-1] if begun else next(iter(ordered), None)


def for_code(sets: Iterable[S], code: str, on: dt.date) -> S | None:
    """The set of that day; where it has lost the code, the newest earlier one that has it."""
    sets = list(sets)
    earlier = [each for each in sets if each.valid_from <= on and codes_of(each).standing(code) != GONE]
    return of_day(earlier or sets, on)


def ended_on(code_set: CodeSet | None, on: dt.date) -> dt.date | None:
    """The last day of the set where `on` is later: then it is an expired set."""
    return code_set.valid_to if code_set is not None and code_set.valid_to < on else None


def fiscal_year_of(on: dt.date) -> int:
    """Fiscal years begin on 1 October of the year before."""
    # source: cms.gov, ICD-10 files: each fiscal year's codes from October 1 to September 30
    return on.year + (on.month >= 10)


def days_of(fiscal_year: int) -> tuple[dt.date, dt.date]:
    # source: cms.gov, ICD-10 files: each fiscal year's codes from October 1 to September 30
    return dt.date(fiscal_year - 1, 10, 1), dt.date(fiscal_year, 9, 30)


def stamp(sets: Iterable[S], code: str, on: dt.date) -> dict:
    """The year of the set that a code is used under on that day, and its end where the day is later."""
    code_set = for_code(sets, code, on) if code else None
    return {
        "code_set_year": code_set.fiscal_year if code_set else None,
        "code_set_ended_on": ended_on(code_set, on),
    }


def label(code_set: CodeSet | None, on: dt.date) -> str:
    """“2026”, or “2026, expired set” on a day after its end."""
    if code_set is None:
        return ""
    if ended_on(code_set, on) is None:
        return str(code_set.fiscal_year)
    return _("%(year)s, expired set") % {"year": code_set.fiscal_year}
