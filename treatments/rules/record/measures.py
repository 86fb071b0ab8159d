"""What was measured over visits: each thing as a picture with its sentence and its table."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import formats
from clinic.rules.charts import axes, courses
from clinic.rules.charts.chart import Chart, Table, row_of
from treatments.models import Measurement
from treatments.models.session.measured import Unit
from treatments.rules.record.patient_sessions import Treatment
from treatments.rules.record.trends import MAX_SLOPES
from treatments.rules.session import measuring, sentences
from treatments.rules.session.parts import DraftMeasurement

# The most things that one page draws: those that were measured most often.
MAX_PICTURES = 6
Measured = tuple[Treatment, DraftMeasurement]


@dataclass(frozen=True)
class MeasurePicture:
    what: str
    chart: Chart


def by_what(usable: list[Treatment]) -> dict[str, list[Measured]]:
    """The measurements with a value, oldest first, by what was measured, in which unit and how.

    Only what was measured alike can be compared: quantity, place, side, unit, device, position, and of a
    motion whether active or passive.
    """
    found: dict[tuple[str, str], list[Measured]] = {}
    for one in usable:
        for row in one.measurements:
            if row.before is not None or row.after is not None:
                found.setdefault((sentences.measured(row), row.unit), []).append((one, row))
    several = Counter(what for what, _unit in found)
    return {
        what if several[what] == 1 else f"{what}, {unit or _('no unit')}": rows
        for (what, unit), rows in found.items()
    }


def pictures(usable: list[Treatment]) -> list[MeasurePicture]:
    """One for each thing that is measured, the one measured most often first."""
    return [MeasurePicture(what, _chart(what, rows)) for what, rows in _ranked(usable)[:MAX_PICTURES]]


def told(usable: list[Treatment]) -> list[str]:
    """The sentences of what is not drawn, so that before and after are compared of everything."""
    return [sentence(what, rows) for what, rows in _ranked(usable)[MAX_PICTURES:]]


def _ranked(usable: list[Treatment]) -> list[tuple[str, list[Measured]]]:
    return sorted(by_what(usable).items(), key=_most_first)


def arrived(row: DraftMeasurement) -> Decimal | None:
    """As the patient came: before treatment, else what was measured after it."""
    return row.before if row.before is not None else row.after


def left(row: DraftMeasurement) -> Decimal | None:
    return row.after if row.after is not None else row.before


def unit_of(row: DraftMeasurement) -> str:
    """What stands behind its values: “°”, “ kg/cm²”, nothing behind a grade."""
    if row.kind == Measurement.Kind.RANGE:
        return "°"
    return f" {sentences.label(Unit, row.unit)}" if row.kind == Measurement.Kind.PRESSURE and row.unit else ""


def text(row: DraftMeasurement, value: Decimal | None) -> str:
    """A value of the row as it is read: “50°”, “1+”."""
    return "" if value is None else f"{measuring.grade_text(row.scale, value)}{unit_of(row)}"


def sentence(what: str, rows: list[Measured]) -> str:
    """“Neck rotation, right, active rose from 50° to 72° over the last 6 of 9 visits”, of those drawn."""
    drawn = rows[-MAX_SLOPES:]
    newest = drawn[-1][1]
    first, last = arrived(drawn[0][1]), left(newest)
    said = {"what": what, "first": text(newest, first), "last": text(newest, last), "visits": _span(rows)}
    if first is None or last is None or first == last:
        course = _("%(what)s was %(first)s at first and last, over %(visits)s")
    elif last > first:
        course = _("%(what)s rose from %(first)s to %(last)s over %(visits)s")
    else:
        course = _("%(what)s fell from %(first)s to %(last)s over %(visits)s")
    return course % said + _turn(drawn)


def _chart(what: str, rows: list[Measured]) -> Chart:
    values = [
        float(value)
        for _one, row in rows[-MAX_SLOPES:]
        for value in (row.before, row.after)
        if value is not None
    ]
    table = Table(
        (_("Visit"), _("Before"), _("After")),
        tuple(
            row_of(formats.short_day(one.on), _cell(row, row.before), _cell(row, row.after))
            for one, row in rows
        ),
    )
    pairs = [
        courses.Pair(formats.short_day(one.on), _number(row.before), _number(row.after), place, _grades(row))
        for place, (one, row) in enumerate(rows)
    ]
    return courses.over_visits(sentence(what, rows), pairs[-MAX_SLOPES:], table, scale=axes.around(values))


def _span(rows: list[Measured]) -> str:
    every = _visits(rows)
    if len(rows) > MAX_SLOPES:
        shown = {"shown": _visits(rows[-MAX_SLOPES:]), "all": every}
        return _("the last %(shown)s of %(all)s visits") % shown
    return ngettext("%(n)s visit", "%(n)s visits", every) % {"n": every}


def _visits(rows: list[Measured]) -> int:
    """One visit may have two lines of one thing: before on one and after on the other."""
    return len({one.ref for one, _row in rows})


def _turn(drawn: list[Measured]) -> str:
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
    return _(", with %(value)s on %(day)s in between") % {"value": text(drawn[-1][1], value), "day": day}


def _cell(row: DraftMeasurement, value: Decimal | None) -> str:
    return text(row, value) or _("Not measured")


def _grades(row: DraftMeasurement) -> tuple[str, str]:
    """Its values as its scale writes them; nothing where they are numbers."""
    if not measuring.grades(row.scale):
        return "", ""
    before, after = text(row, row.before), text(row, row.after)
    return before, after


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _most_first(item: tuple[str, list[Measured]]) -> int:
    return -len(item[1])
