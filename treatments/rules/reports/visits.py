"""Visits, new patients, no-shows and cancellations, by week and therapist."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import formats
from treatments.rules.reports import pooled
from treatments.rules.reports.pooled import Count, Shown
from treatments.rules.reports.report import Cell, Column, Report, day

COLUMNS = (
    Column(gettext_lazy("Week of")),
    Column(gettext_lazy("Therapist")),
    Column(gettext_lazy("Visits"), is_number=True),
    Column(gettext_lazy("New"), is_number=True),
    Column(gettext_lazy("No-shows"), is_number=True),
    Column(gettext_lazy("Cancellations"), is_number=True),
)
HINT = gettext_lazy(
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
    total = (Cell(_("All")), Cell(""), *(Cell(one.total_text) for one in columns)) if weeks else ()
    withheld = dict.fromkeys(note for one in columns for note in one.notes)
    return Report(_sentence(weeks, columns), COLUMNS, rows, total, (*withheld, HINT))


def _column(weeks: Sequence[WeekCounts], place: int, patients: int) -> Shown:
    parts = [week.counts[place] for week in weeks]
    return pooled.shown(parts, Count(sum(part.value for part in parts), patients))


def _sentence(weeks: Sequence[WeekCounts], columns: Sequence[Shown]) -> str:
    if not weeks:
        return _("No visit was booked for these days.")
    span = len({week.week for week in weeks})
    sentence = ngettext(
        "In %(count)s week: %(visits)s, %(new)s, %(missed)s and %(canceled)s.",
        "In %(count)s weeks: %(visits)s, %(new)s, %(missed)s and %(canceled)s.",
        span,
    )
    told = {name: _told(number, name) for name, number in zip(COUNTED, columns, strict=True)}
    return sentence % {"count": formats.whole(span), **told}


def _told(number: Shown, name: str) -> str:
    few, counted = COUNTED[name]
    if number.total is None and not number.least:
        return str(few)
    # a total that is withheld is more than one
    return counted(2 if number.total is None else number.total) % {"count": number.total_text}


# What each column is called in the sentence, where few are known of it and where it is counted.
COUNTED = {
    "visits": (
        gettext_lazy("few visits"),
        lambda number: ngettext("%(count)s visit", "%(count)s visits", number),
    ),
    "new": (
        gettext_lazy("few new patients"),
        lambda number: ngettext("%(count)s new patient", "%(count)s new patients", number),
    ),
    "missed": (
        gettext_lazy("few no-shows"),
        lambda number: ngettext("%(count)s no-show", "%(count)s no-shows", number),
    ),
    "canceled": (
        gettext_lazy("few cancellations"),
        lambda number: ngettext("%(count)s cancellation", "%(count)s cancellations", number),
    ),
}
