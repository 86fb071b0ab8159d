"""Codes that exclude each other (Excludes1 notes of ICD-10-CM), and which of two holds. No queries.

Two codes under such a note stand together only where the conditions have nothing to do with each other:
National Center for Health Statistics at codingstrategies.com/news/nchs-issues-new-guidance-excludes1-notes,
and from October 2016 on a guideline: medicalcoding123.com/2016/10/2017-exclude-1-update.html.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values.errors import Reason
from patients.models import PatientCondition

# Beginnings of codes. Source: tabular list of the April 2026 release, as in PyPI simple-icd-10-cm 1.5.0;
# `tests/patients/test_exclusions.py` reads the notes there.
PAIRS = (
    ("G43", "G44.00"),
    ("G43.0", "G43.7"),
    ("G43.1", "G43.5"),
    ("G43.1", "G43.6"),
    ("G43.1", "G43.E"),
    ("G44", "R51.9"),
    ("G5", "M54.1"),
    ("G5", "M79.2"),
    ("G57.0", "M54.3"),
    ("M25.6", "M24.5"),
    ("M25.6", "M24.6"),
    ("M54.1", "M47.2"),
    ("M54.1", "M50.1"),
    ("M54.1", "M51.1"),
    ("M54.1", "M79.2"),
    ("M54.2", "M50"),
    ("M54.3", "M51.1"),
    ("M54.3", "M51.361"),
    ("M54.3", "M51.371"),
    ("M54.3", "M54.4"),
    ("M54.4", "M51.1"),
    ("M54.4", "M51.362"),
    ("M54.4", "M51.372"),
    ("M54.5", "M51.2"),
    ("M54.5", "M51.360"),
    ("M54.5", "M51.370"),
    ("M54.5", "M54.4"),
    ("M54.5", "S39.012"),
    ("M54.6", "M51"),
    ("M54.8", "M54.5"),
    ("M54.8", "M54.6"),
    ("M62", "M79.1"),
    ("M62", "R25.2"),
    ("M62.4", "M24.5"),
    ("M65", "M70"),
    ("M70", "M71.9"),
    ("M75.1", "S46.01"),
    ("M77", "M71.9"),
    ("M79.1", "M60"),
    ("M79.1", "M79.7"),
    ("R68.84", "M26.62"),
    ("S33", "M51"),
)


THIS, OTHER, BOTH = "this", "other", "both"
HOLDS = {
    THIS: gettext_lazy("This one; the other is resolved"),
    OTHER: gettext_lazy("The other one; this one is left out"),
    BOTH: gettext_lazy("Both; they have nothing to do with each other"),
}


class Pair(NamedTuple):
    row: PatientCondition
    other: PatientCondition

    @property
    def question(self) -> str:
        return _(
            "ICD-10-CM excludes %(code)s (%(condition)s) and %(other_code)s (%(other)s) from each other"
            " (Excludes1). Say which one holds."
        ) % {
            "code": self.row.icd10,
            "condition": self.row.label,
            "other_code": self.other.icd10,
            "other": self.other.label,
        }


def exclude_each_other(code: str, other: str) -> bool:
    return any(
        (code.startswith(first) and other.startswith(second))
        or (code.startswith(second) and other.startswith(first))
        for first, second in PAIRS
    )


def open_pairs(rows: Iterable[PatientCondition], others: Iterable[PatientCondition]) -> list[Pair]:
    """Each row with each other that its code excludes, where nobody has said yet that both hold."""
    others = list(others)
    return [
        Pair(row, other)
        for row in rows
        for other in others
        if exclude_each_other(row.icd10, other.icd10) and not _is_answered(row, other)
    ]


def among(rows: Iterable[PatientCondition]) -> list[Pair]:
    """The open pairs of these rows, each once."""
    rows = list(rows)
    return [pair for place, row in enumerate(rows) for pair in open_pairs([row], rows[place + 1 :])]


def reasons(pairs: list[Pair], *, holds: str, reason: str) -> list[Reason]:
    """The question for each pair, until it is answered."""
    if not pairs or holds in (THIS, OTHER) or (holds == BOTH and reason):
        return []
    if holds == BOTH:
        message = _("Write why both hold, such as: strain of last week, back pain of years.")
        return [Reason("exclusion-reason-missing", message, field="holds_reason")]
    return [Reason("codes-exclude", pair.question, field="holds") for pair in pairs]


def _is_answered(row: PatientCondition, other: PatientCondition) -> bool:
    return other.icd10 in row.excluded_codes.split() or row.icd10 in other.excluded_codes.split()
