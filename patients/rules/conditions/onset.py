"""The onset of a condition, as exact as the patient knows it: a day, a month or a year."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic import formats
from clinic.rules import parsing
from clinic.values.errors import Reason
from patients.models import PatientCondition

_YEAR = re.compile(r"(?P<year>\d{4})")
_MONTH_NUMBER = re.compile(r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})")
_MONTH_NAME = re.compile(r"(?P<name>[a-z]{3,})\.?,? (?P<year>\d{4})")
DAY, MONTH, YEAR = (
    PatientCondition.Precision.DAY,
    PatientCondition.Precision.MONTH,
    PatientCondition.Precision.YEAR,
)
LABELS: dict[str, Callable[[dt.date], str]] = {DAY: formats.day, MONTH: formats.month, YEAR: formats.year}
TYPED: dict[str, Callable[[dt.date], str]] = {**LABELS, DAY: formats.typed_day}


@dataclass(frozen=True)
class Onset:
    """The first possible day of the onset, and how exact it is."""

    on: dt.date
    precision: str


def parse_onset(text: str, *, today: dt.date) -> Onset:
    """March 2026, 3/2026, 2024, or any date that a birth date may be written as."""
    folded = parsing.normalise(text)
    onset = _month_or_year(folded) or Onset(_day(folded, today), DAY)
    if onset.on > today:
        raise parsing.Unreadable(_("That is in the future. Check when it began."), "future")
    return onset


def reasons(on: dt.date | None, *, born: dt.date, today: dt.date) -> list[Reason]:
    """Why the onset cannot be on that day."""
    if on is None:
        return []
    if on > today:
        return [Reason("onset-in-future", _("That is in the future. Check when it began."), field="onset")]
    if on.year < born.year:
        message = _("That is before the patient was born. Check the year.")
        return [Reason("onset-before-birth", message, field="onset")]
    return []


def onset_label(on: dt.date | None, precision: str) -> str:
    """“March 2026”, as people read it."""
    return LABELS[precision](on) if on else ""


def onset_input(on: dt.date | None, precision: str) -> str:
    """The onset as it would be typed into the field."""
    return TYPED[precision](on) if on else ""


def _unreadable() -> str:
    return _("Write when it began, such as %(examples)s.") % {
        "examples": formats.of_country("ONSET_EXAMPLES")
    }


def _month_or_year(text: str) -> Onset | None:
    if found := _YEAR.fullmatch(text):
        return Onset(_first_day(int(found["year"]), 1), YEAR)
    if found := _MONTH_NUMBER.fullmatch(text):
        return Onset(_first_day(int(found["year"]), int(found["month"])), MONTH)
    if found := _MONTH_NAME.fullmatch(text):
        return Onset(_first_day(int(found["year"]), _month(found["name"])), MONTH)
    return None


def _month(name: str) -> int:
    matches = (number for number, month in enumerate(parsing.MONTHS, start=1) if month.startswith(name))
    return next(matches, 0)


def _first_day(year: int, month: int) -> dt.date:
    try:
        return dt.date(year, month, 1)
    except ValueError as refused:
        raise parsing.Unreadable(_unreadable(), "unreadable") from refused


def _day(text: str, today: dt.date) -> dt.date:
    try:
        return parsing.date(text, today=today)
    except parsing.Unreadable as refused:
        message = _unreadable() if refused.code == "unreadable" else refused.message
        raise parsing.Unreadable(message, refused.code) from refused
