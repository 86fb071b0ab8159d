"""A report: what was asked, the sentence that answers it, and its table."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from clinic import formats
from clinic.models import User
from clinic.rules.charts.chart import Chart
from clinic.values.words import Text

PERIOD_DAYS = 90
MAX_DAYS = 366
MAX_ROWS = 500


@dataclass(frozen=True)
class Terms:
    """The days, both included (None: any), and whose work; `is_own`: the reader sees their own alone."""

    first: dt.date | None
    last: dt.date | None
    therapist: User | None = None
    is_own: bool = False

    @property
    def summary(self) -> str:
        """For the audit: days and the key of the therapist."""
        terms = {"from": self.first, "until": self.last, "therapist": self.therapist and self.therapist.pk}
        return ", ".join(f"{name} {value}" for name, value in terms.items() if value) or "everything"

    def in_whole_weeks(self) -> "Terms":
        """From the first day's Monday to the last one's Sunday: a part of a week is no week."""
        if self.first is None or self.last is None:
            return self
        first = self.first - dt.timedelta(days=self.first.weekday())
        return replace(self, first=first, last=self.last + dt.timedelta(days=6 - self.last.weekday()))

    @property
    def whose_text(self) -> str:
        if self.is_own:
            return _("Your own work")
        return self.therapist.display_name if self.therapist else _("All therapists")

    @property
    def days_text(self) -> str:
        if self.first and self.last:
            return _("%(first)s to %(last)s") % {"first": day(self.first), "last": day(self.last)}
        if self.first:
            return _("Since %(day)s") % {"day": day(self.first)}
        return _("Until %(day)s") % {"day": day(self.last)} if self.last else _("All days")


@dataclass(frozen=True)
class Column:
    """`second`: the head, in a file, of the smaller line that its cells have."""

    label: Text
    is_number: bool = False
    second: Text = ""


@dataclass(frozen=True)
class Cell:
    """`view` and `ref` name the page that the cell leads to. `is_name`: *Hide names* hides it."""

    text: Text | int
    second: str = ""
    view: str = ""
    ref: str = ""
    is_name: bool = False


@dataclass(frozen=True)
class Report:
    """The answer. `notes` say what stands behind the numbers, `picture` shows some of them."""

    sentence: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    notes: tuple[Text, ...] = ()
    picture: Chart | None = None

    @property
    def lines(self) -> list[list[tuple[Column, Cell]]]:
        """Each cell with its column: on a phone the column stands beside it."""
        return [list(zip(self._spoken_columns, row, strict=True)) for row in self.rows]

    @property
    def total_line(self) -> list[tuple[Column, Cell]]:
        return list(zip(self._spoken_columns, self.total, strict=True)) if self.total else []

    @cached_property
    def _spoken_columns(self) -> tuple[Column, ...]:
        """Their words looked up once, not once for each of thousands of cells."""
        return tuple(replace(column, label=str(column.label)) for column in self.columns)

    @property
    def head(self) -> list[str]:
        return [str(name) for column in self.columns for name in (column.label, column.second) if name]

    def file_rows(self) -> Iterator[list[Text | int]]:
        for line in [*self.lines, *filter(None, [self.total_line])]:
            yield [value for column, cell in line for value in _values(column, cell)]


def period(first: dt.date | None, last: dt.date | None, *, today: dt.date) -> tuple[dt.date, dt.date]:
    """Both days included; without a first day the last ninety days."""
    end = last or max(first, today) if first else last or today
    return first or end - dt.timedelta(days=PERIOD_DAYS - 1), end


def day(on: dt.date) -> str:
    return formats.day(on)


def local_day(at: dt.datetime | None) -> str:
    return day(localdate(at)) if at else ""


def cut(rows: Sequence) -> tuple[str, ...]:
    """The note of a list that is full."""
    if len(rows) < MAX_ROWS:
        return ()
    return (_("Only the first %(number)s are listed. Choose fewer days.") % {"number": MAX_ROWS},)


def _values(column: Column, cell: Cell) -> list[Text | int]:
    return [cell.text, cell.second] if column.second else [cell.text]
