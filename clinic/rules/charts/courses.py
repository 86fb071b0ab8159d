"""Values over visits, over hours or over another number: lines and points."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from clinic.rules.charts import axes
from clinic.rules.charts.axes import EDGE, LEFT, Scale
from clinic.rules.charts.chart import (
    WIDE,
    Chart,
    Key,
    Line,
    Mark,
    Table,
    Text,
    coordinate,
    path_through,
    plain,
    written,
)

# The widest slope from before to after, in units of the drawing.
WIDEST_SLOPE = 60
BEFORE, AFTER = 1, 2


@dataclass(frozen=True)
class Pair:
    """What was measured at one visit before and after treatment; `row`: where it stands in the table.

    `said`: how the two values are said, where that is no number (a grade “1+”).
    """

    label: str
    before: float | None
    after: float | None
    row: int
    said: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Point:
    """A value at another number, such as soreness at an hour. `column`: of the table."""

    at: float
    value: float
    row: int
    column: int


@dataclass(frozen=True)
class Series:
    """Points of one kind, with or without a line through them."""

    points: tuple[Point, ...]
    words: str = ""
    look: str = "ch-before"
    shape: str = "disc"
    line: str = ""
    has_values: bool = False


def over_visits(sentence: str, pairs: Sequence[Pair], table: Table, *, scale: Scale) -> Chart:
    """A slope from before to after for each visit, and a dotted line from each before to the next."""
    lines, texts = axes.upright(scale, width=WIDE)
    step = (WIDE - EDGE - LEFT) / max(len(pairs), 1)
    starts = [LEFT + step * (number + 0.3) for number in range(len(pairs))]
    slope = min(step * 0.4, WIDEST_SLOPE)
    course = [
        (x, scale.height_of(pair.before))
        for x, pair in zip(starts, pairs, strict=True)
        if pair.before is not None
    ]
    lines.append(Line("ch-course", path_through(course)))
    marks: list[Mark] = []
    for x, pair in zip(starts, pairs, strict=True):
        lines.append(_slope(pair, x, slope, scale))
        marks += _pair_marks(pair, x, slope, scale)
        texts += _pair_values(pair, x, slope, scale)
    texts += axes.beneath([pair.label for pair in pairs], [x + 20 for x in starts])
    keys = (
        Key(_("before"), "ch-before", "disc"),
        Key(_("after"), "ch-after", "ring"),
        Key(_("dotted: the change from visit to visit")),
    )
    return Chart(sentence, WIDE, axes.HEIGHT, table, tuple(marks), _drawn(lines), tuple(texts), keys)


def over_numbers(
    sentence: str,
    series: Sequence[Series],
    table: Table,
    *,
    scale: Scale,
    across: Scale,
    ticks: Sequence[tuple[float, str]],
    width: int = WIDE,
) -> Chart:
    """Points by two numbers, with a line through those series that have one."""
    left, right = LEFT, width - EDGE - 18
    lines, texts = axes.upright(scale, width=width)
    marks: list[Mark] = []
    for one in series:
        places = [
            (across.place_of(point.at, left=left, right=right), scale.height_of(point.value))
            for point in one.points
        ]
        lines.append(Line(one.line, path_through(places) if one.line else ""))
        marks += _series_marks(one, places)
        texts += _values(one, places)
    at = [across.place_of(value, left=left, right=right) for value, _words in ticks]
    texts += axes.beneath([words for _value, words in ticks], at)
    keys = tuple(Key(one.words, one.look, one.shape) for one in series if one.words and one.points)
    return Chart(sentence, width, axes.HEIGHT, table, tuple(marks), _drawn(lines), tuple(texts), keys)


def _series_marks(one: Series, places: list[tuple[float, float]]) -> list[Mark]:
    return [
        _mark(one.look, one.shape, place, point.value, (point.row, point.column))
        for place, point in zip(places, one.points, strict=True)
    ]


def _drawn(lines: list[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.path)


def _slope(pair: Pair, x: float, slope: float, scale: Scale) -> Line:
    if pair.before is None or pair.after is None:
        return Line("ch-slope", "")
    ends = ((x, scale.height_of(pair.before)), (x + slope, scale.height_of(pair.after)))
    return Line("ch-slope", path_through(ends))


def _pair_marks(pair: Pair, x: float, slope: float, scale: Scale) -> list[Mark]:
    values = (
        (pair.before, x, "ch-before", "disc", BEFORE),
        (pair.after, x + slope, "ch-after", "ring", AFTER),
    )
    return [
        _mark(look, shape, (at, scale.height_of(value)), value, (pair.row, column))
        for value, at, look, shape, column in values
        if value is not None
    ]


def _pair_values(pair: Pair, x: float, slope: float, scale: Scale) -> list[Text]:
    found = []
    if pair.before is not None:
        words = _value_text(pair.before, x, scale.height_of(pair.before) - 11, "middle")
        found.append(replace(words, words=pair.said[0] or words.words))
    if pair.after is not None:
        words = _value_text(pair.after, x + slope + 11, scale.height_of(pair.after) + 5, "start")
        words = replace(words, words=pair.said[1] or words.words)
        found.append(replace(words, is_skipped=len(words.words) > 1 and pair.before is not None))
    return found


def _values(one: Series, places: list[tuple[float, float]]) -> list[Text]:
    """The number beside each mark, or how many marks stand at one place."""
    if one.has_values:
        return [
            _value_text(point.value, x + 11, y - 6, "start")
            for (x, y), point in zip(places, one.points, strict=True)
        ]
    return [
        Text(f"×{count}", coordinate(x), coordinate(y - 11), look="ch-v")
        for (x, y), count in Counter(places).items()
        if count > 1
    ]


def _value_text(value: float, x: float, y: float, anchor: str) -> Text:
    return Text(written(value), coordinate(x), coordinate(y), anchor, "ch-v")


def _mark(look: str, shape: str, place: tuple[float, float], value: float, cell: tuple[int, int]) -> Mark:
    x, y = place
    row, column = cell
    return Mark(look, coordinate(x), coordinate(y), plain(value), row, column, shape)
