"""Visits, new patients, no-shows and cancellations, by week and therapist."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from treatments.rules.reports import pooled
from treatments.rules.reports.pooled import Count, Shown
from treatments.rules.reports.report import Cell, Column, Report, counted, day

COLUMNS = (
    Column("Week of"),
    Column("Therapist"),
    Column("Visits", is_number=True),
    Column("New", is_number=True),
    Column("No-shows", is_number=True),
    Column("Cancellations", is_number=True),
)
HINT = (
    "A week begins on Monday. A visit counts once its patient was checked in, on the day for which it was "
    "booked; new is a first visit."
)


@dataclass(frozen=True)
class WeekCounts:
    """One therapist's week. `counts`: visits, new, no-shows and cancellations."""

    week: dt.date
    therapist: str
    counts: tuple[Count, ...]


def report(weeks: Sequence[WeekCounts], *, patients: Sequence[int]) -> Report:
    """`patients`: how many there are behind each column."""
    columns = [_column(weeks, place, patients[place]) for place in range(len(COLUMNS) - 2)]
    rows = tuple(
        (Cell(day(week.week)), Cell(week.therapist), *(Cell(pooled.text(one.parts[line])) for one in columns))
        for line, week in enumerate(weeks)
    )
    total = (Cell("All"), Cell(""), *(Cell(one.total_text) for one in columns)) if weeks else ()
    withheld = dict.fromkeys(note for one in columns for note in one.notes)
    return Report(_sentence(weeks, columns), COLUMNS, rows, total, (*withheld, HINT))


def _column(weeks: Sequence[WeekCounts], place: int, patients: int) -> Shown:
    parts = [week.counts[place] for week in weeks]
    return pooled.shown(parts, Count(sum(part.value for part in parts), patients))


def _sentence(weeks: Sequence[WeekCounts], columns: Sequence[Shown]) -> str:
    if not weeks:
        return "No visit was booked for these days."
    span = counted(len({week.week for week in weeks}), "week")
    visits, new, missed, cancelled = columns
    parts = (_words(visits, "visit"), _words(new, "new patient"), _words(missed, "no-show"))
    return f"In {span}: {', '.join(parts)} and {_words(cancelled, 'cancellation')}."


def _words(number: Shown, one: str) -> str:
    if number.total is None and not number.least:
        return f"few {one}s"
    return f"{number.total_text} {one}{'' if number.total == 1 else 's'}"
