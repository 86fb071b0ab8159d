"""Who was registered or changed beside somebody of the same name and birth date, and the reason given."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import formats
from treatments.rules.reports.report import Cell, Column, Report, cut, local_day

COLUMNS = (
    Column(gettext_lazy("Patient")),
    Column(gettext_lazy("Not the same as")),
    Column(gettext_lazy("Reason")),
    Column(gettext_lazy("Who")),
    Column(gettext_lazy("Day")),
)


@dataclass(frozen=True)
class KeptApart:
    patient_ref: str
    other_ref: str
    reason: str
    person: str
    at: dt.datetime


def report(rows: Sequence[KeptApart]) -> Report:
    return Report(_sentence(rows), COLUMNS, tuple(map(_line, rows)), notes=cut(rows))


def _line(row: KeptApart) -> tuple[Cell, ...]:
    return (
        Cell(row.patient_ref, view="treatments:record", ref=row.patient_ref),
        Cell(row.other_ref, view="treatments:record", ref=row.other_ref),
        Cell(row.reason),
        Cell(row.person),
        Cell(local_day(row.at)),
    )


def _sentence(rows: Sequence[KeptApart]) -> str:
    if not rows:
        return _("Nobody was kept apart from a patient of the same name and birth date in these days.")
    return ngettext(
        "%(count)s time somebody was kept apart from a patient of the same name and birth date.",
        "%(count)s times somebody was kept apart from a patient of the same name and birth date.",
        len(rows),
    ) % {"count": formats.whole(len(rows))}
