"""How full a day and its week are: visits by hour and by day, for each therapist."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import formats
from clinic.rules.charts import bars
from clinic.rules.charts.bars import Category
from clinic.rules.charts.chart import Chart, Table, row_of

# name and key
Person = tuple[str, int]


@dataclass(frozen=True)
class Booked:
    """A visit that stands: with whom, and for when it was booked. `key`: two people can have one name."""

    key: int
    therapist: str
    at: dt.datetime


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def of_day(week: Sequence[Booked], day: dt.date) -> Chart | None:
    """Visits per hour, from the first hour with one to the last."""
    booked = [one for one in week if timezone.localdate(one.at) == day]
    if not booked:
        return None
    hours = sorted(_hour(one) for one in booked)
    span = list(range(hours[0], hours[-1] + 1))
    labels = [formats.hour(dt.time(hour)) for hour in span]
    counts = [[_count(booked, who, _hour, hour) for hour in span] for who in _people(booked)]
    sentence = _sentence(
        counts,
        labels,
        one=_("%(visits)s on %(span)s, most at %(most)s (%(number)s)"),
        span=formats.weekday_day(day),
    )
    return _chart(sentence, booked, labels, counts)


def of_week(week: Sequence[Booked], monday: dt.date) -> Chart | None:
    """Visits by day of the week."""
    if not week:
        return None
    days = [monday + dt.timedelta(days=number) for number in range(7)]
    labels = [formats.short_weekday(day) for day in days]
    counts = [[_count(week, who, _day, day) for day in days] for who in _people(week)]
    sentence = _sentence(
        counts,
        [formats.weekday(day) for day in days],
        one=_("%(visits)s in the week of %(span)s, most on %(most)s (%(number)s)"),
        span=formats.short_day(monday),
    )
    return _chart(sentence, week, labels, counts)


def _chart(sentence: str, booked: Sequence[Booked], labels: list[str], counts: list[list[int]]) -> Chart:
    people = _people(booked)
    table = Table(
        (_("Therapist"), *labels, _("All")),
        (
            *(
                row_of(name, *map(str, row), str(sum(row)))
                for (name, _key), row in zip(people, counts, strict=True)
            ),
            row_of(_("All"), *map(str, _sums(counts)), str(len(booked))),
        ),
    )
    categories = [
        Category(name, tuple(float(number) for number in row))
        for (name, _key), row in zip(people, counts, strict=True)
    ]
    highest = [max(map(max, counts))] * len(labels)
    return bars.rows(sentence, labels, categories, table, highest=highest)


def _sentence(counts: list[list[int]], labels: list[str], *, one: str, span: str) -> str:
    sums = _sums(counts)
    total, most = sum(sums), max(sums)
    visits = ngettext("%(n)s visit", "%(n)s visits", total) % {"n": formats.whole(total)}
    return one % {"visits": visits, "span": span, "most": labels[sums.index(most)], "number": most}


def _sums(counts: list[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*counts, strict=True)]


def _people(booked: Sequence[Booked]) -> list[Person]:
    return sorted({(one.therapist, one.key) for one in booked})


def _count(booked: Sequence[Booked], who: Person, part: Callable[[Booked], object], value: object) -> int:
    return sum((one.therapist, one.key) == who and part(one) == value for one in booked)


def _hour(one: Booked) -> int:
    return timezone.localtime(one.at).hour


def _day(one: Booked) -> dt.date:
    return timezone.localdate(one.at)
