"""Motion and tone over visits: each thing that is measured as a picture with its sentence and its table."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import formats
from clinic.rules.charts import axes, courses
from clinic.rules.charts.chart import Chart, Table, row_of
from treatments.models import Measurement
from treatments.rules.record.patient_sessions import Treatment
from treatments.rules.record.trends import MAX_SLOPES
from treatments.rules.session import sentences
from treatments.rules.session.parts import DraftMeasurement

UNITS: dict[str, str] = {Measurement.Kind.RANGE: "°"}
# The most things that one page draws: those that were measured most often.
MAX_PICTURES = 6
Measured = tuple[Treatment, DraftMeasurement]


@dataclass(frozen=True)
class MeasurePicture:
    what: str
    chart: Chart


def by_what(usable: list[Treatment]) -> dict[str, list[Measured]]:
    """The measurements with a value, oldest first, by what was measured."""
    found: dict[str, list[Measured]] = {}
    for one in usable:
        for row in one.measurements:
            if row.before is not None or row.after is not None:
                found.setdefault(sentences.measured(row), []).append((one, row))
    return found


def pictures(usable: list[Treatment]) -> list[MeasurePicture]:
    """One for each thing that is measured, the one measured most often first."""
    most_first = sorted(by_what(usable).items(), key=_most_first)
    return [MeasurePicture(what, _chart(what, rows)) for what, rows in most_first[:MAX_PICTURES]]


def arrived(row: DraftMeasurement) -> Decimal | None:
    """As the patient came: before treatment, else what was measured after it."""
    return row.before if row.before is not None else row.after


def left(row: DraftMeasurement) -> Decimal | None:
    return row.after if row.after is not None else row.before


def text(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{value.normalize():f}{unit}"


def sentence(what: str, rows: list[Measured]) -> str:
    """“Neck rotation, right, active rose from 50° to 72° over the last 6 of 9 visits”, of those drawn."""
    drawn = rows[-MAX_SLOPES:]
    unit = UNITS.get(drawn[-1][1].kind, "")
    first, last = arrived(drawn[0][1]), left(drawn[-1][1])
    said = {"what": what, "first": text(first, unit), "last": text(last, unit), "visits": _span(rows)}
    if first is None or last is None or first == last:
        course = _("%(what)s was %(first)s at first and last, over %(visits)s")
    elif last > first:
        course = _("%(what)s rose from %(first)s to %(last)s over %(visits)s")
    else:
        course = _("%(what)s fell from %(first)s to %(last)s over %(visits)s")
    return course % said + _turn(drawn, unit)


def _chart(what: str, rows: list[Measured]) -> Chart:
    unit = UNITS.get(rows[-1][1].kind, "")
    values = [
        float(value)
        for _one, row in rows[-MAX_SLOPES:]
        for value in (row.before, row.after)
        if value is not None
    ]
    table = Table(
        (_("Visit"), _("Before"), _("After")),
        tuple(
            row_of(formats.short_day(one.on), _cell(row.before, unit), _cell(row.after, unit))
            for one, row in rows
        ),
    )
    pairs = [
        courses.Pair(formats.short_day(one.on), _number(row.before), _number(row.after), place)
        for place, (one, row) in enumerate(rows)
    ]
    return courses.over_visits(sentence(what, rows), pairs[-MAX_SLOPES:], table, scale=axes.around(values))


def _span(rows: list[Measured]) -> str:
    if len(rows) > MAX_SLOPES:
        return _("the last %(shown)s of %(all)s visits") % {"shown": MAX_SLOPES, "all": len(rows)}
    return ngettext("%(n)s visit", "%(n)s visits", len(rows)) % {"n": len(rows)}


def _turn(drawn: list[Measured], unit: str) -> str:
    """The visit at which the patient came furthest outside of where the course begins and ends."""
    first, last = arrived(drawn[0][1]), left(drawn[-1][1])
    if first is None or last is None:
        return ""
    low, high = sorted((first, last))
    beyond, value, day = max(
        (max(low - value, value - high), value, formats.short_day(one.on))
        for one, row in drawn
        if (value := arrived(row)) is not None
    )
    if beyond <= 0:
        return ""
    return _(", with %(value)s on %(day)s in between") % {"value": text(value, unit), "day": day}


def _cell(value: Decimal | None, unit: str) -> str:
    return text(value, unit) or _("Not measured")


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _most_first(item: tuple[str, list[Measured]]) -> int:
    return -len(item[1])
