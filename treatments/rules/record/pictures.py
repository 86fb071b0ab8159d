"""The two pictures of a record: pain before and after each visit, and soreness after the newest."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic import formats
from clinic.rules.charts import axes, courses
from clinic.rules.charts.axes import Scale
from clinic.rules.charts.chart import NARROW, Cell, Chart, Table, row_of
from clinic.rules.charts.courses import Pair, Point, Series
from treatments.rules.record import soreness_trend, trends
from treatments.rules.record.patient_sessions import Treatment
from treatments.rules.record.trends import MAX_SLOPES, PainPoint


@dataclass(frozen=True)
class SorenessPicture:
    """`of`: the day of the treatment that it is about."""

    of: str
    chart: Chart


def pain(points: list[PainPoint]) -> Chart:
    """Slopes of the newest visits, and a table of all of them."""
    rows = tuple(
        row_of(formats.short_day(point.on), _score(point.before), _score(point.after)) for point in points
    )
    pairs = [
        Pair(formats.short_day(point.on), point.before, point.after, row) for row, point in enumerate(points)
    ]
    table = Table((_("Visit"), _("Before"), _("After")), rows)
    return courses.over_visits(trends.finding(points), pairs[-MAX_SLOPES:], table, scale=axes.TO_TEN)


def soreness(
    treatments: list[Treatment], steps: Sequence[int], *, width: int = NARROW
) -> SorenessPicture | None:
    """Soreness after the newest treatment with a report, and after the one before it."""
    reported = trends.reported(treatments)[-MAX_SLOPES:]
    if not reported or not steps:
        return None
    hours = sorted({*steps, *(sore.step for one in reported for sore in one.soreness)})
    newest, former = len(reported) - 1, len(reported) - 2
    series = []
    if former >= 0:
        words = _("dashed: after %(day)s") % {"day": formats.short_day(reported[former].on)}
        series.append(Series(_points(reported, former, hours), words, "ch-after", "ring", "ch-past"))
    series.append(
        Series(_points(reported, newest, hours), "", "ch-sore-pt", "disc", "ch-sore", has_values=True)
    )
    chart = courses.over_numbers(
        soreness_trend.after_one(reported[newest]),
        series,
        _soreness_table(reported, hours),
        scale=axes.TO_TEN,
        across=Scale(0, hours[-1], hours[-1]),
        ticks=[(hour, hours_text(hour)) for hour in (0, *hours)],
        width=width,
    )
    return SorenessPicture(formats.short_day(reported[newest].on), chart)


def hours_text(hours: int) -> str:
    return _("%(hours)s h") % {"hours": hours}


def _points(reported: list[Treatment], row: int, hours: list[int]) -> tuple[Point, ...]:
    return tuple(
        Point(sore.step, sore.now, row, hours.index(sore.step) + 1) for sore in reported[row].soreness
    )


def _soreness_table(reported: list[Treatment], hours: list[int]) -> Table:
    rows = tuple(
        (Cell(row["label"]), *(_sore_cell(cell) for cell in row["cells"]))
        for row in soreness_trend.rows_of(reported, hours)
    )
    return Table((_("Visit"), *map(hours_text, hours)), rows, is_heat=True)


def _sore_cell(cell: dict) -> Cell:
    return Cell(_("No report")) if cell["now"] is None else Cell(str(cell["now"]), cell["cls"])


def _score(score: int | None) -> str:
    return _("Not asked") if score is None else str(score)
