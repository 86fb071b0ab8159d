"""Values by category: bars that lie below their names, and rows of bars by columns."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.rules.charts.axes import Scale, beneath
from clinic.rules.charts.chart import WIDE, Chart, Key, Line, Mark, Table, Text, coordinate, plain, written

# Units of the drawing. A name stands above its bars, so that it may be long on a phone too.
NAME_AT, BAR, GAP, LONGEST = 18, 14, 4, 420
BAND, TALLEST, FOOT_AT = 102, 40, 94
NARROWEST_TICK = 46
LOOKS = ("ch-bar", "ch-bar-open")


@dataclass(frozen=True)
class Category:
    """A name with a value for each series. None: not known; `instead` says why."""

    name: str
    values: tuple[float | None, ...]
    instead: str = ""


def lying(
    sentence: str,
    categories: Sequence[Category],
    table: Table | None,
    *,
    scale: Scale,
    series: tuple[str, ...] = (),
    first_column: int = 1,
) -> Chart:
    """Bars from the left edge, one for each series; `first_column`: where their values stand in the table.

    A value that is withheld has words and no bar, and nothing has no bar.
    """
    marks: list[Mark] = []
    texts: list[Text] = []
    y = 0.0
    for row, one in enumerate(categories):
        texts.append(Text(one.name, "0", coordinate(y + NAME_AT), "start", "ch-t"))
        y += NAME_AT + 10
        if one.instead:
            texts.append(Text(one.instead, "0", coordinate(y + BAR - 1), "start", "ch-v"))
            y += BAR + GAP
        for column, value in enumerate(one.values):
            if value is not None:
                length = scale.place_of(value, left=0, right=LONGEST)
                texts.append(_beside(value, length, y))
                if value:
                    marks.append(_lying_bar(value, length, y, LOOKS[column], (row, first_column + column)))
                y += BAR + GAP
        y += GAP * 2
    keys = tuple(Key(words, look) for words, look in zip(series, LOOKS, strict=False))
    return Chart(sentence, WIDE, max(round(y), 1), table, tuple(marks), (), tuple(texts), keys)


def rows(
    sentence: str,
    columns: Sequence[str],
    categories: Sequence[Category],
    table: Table,
    *,
    highest: Sequence[float],
) -> Chart:
    """For each category a row of upright bars, one for each column; `highest`: of each column."""
    step = WIDE / max(len(columns), 1)
    middles = [step * (number + 0.5) for number in range(len(columns))]
    lines: list[Line] = []
    marks: list[Mark] = []
    texts: list[Text] = []
    for row, one in enumerate(categories):
        foot = row * BAND + FOOT_AT
        texts.append(Text(one.name, "0", coordinate(row * BAND + NAME_AT), "start", "ch-t"))
        lines.append(Line("ch-axis", f"M0 {foot}H{WIDE}"))
        for column, (value, middle) in enumerate(zip(one.values, middles, strict=True)):
            if value:
                mark, text = _upright_bar(value, middle, foot, highest[column], (row, column + 1), step)
                marks.append(mark)
                texts.append(text)
    end = len(categories) * BAND + NAME_AT
    every = math.ceil(NARROWEST_TICK / step)
    shown = [
        (words, x)
        for number, (words, x) in enumerate(zip(columns, middles, strict=True))
        if number % every == 0
    ]
    texts += beneath([words for words, _x in shown], [x for _words, x in shown], y=end)
    return Chart(sentence, WIDE, end + 12, table, tuple(marks), tuple(lines), tuple(texts))


def _lying_bar(value: float, length: float, y: float, look: str, cell: tuple[int, int]) -> Mark:
    return Mark(
        look, "1", coordinate(y), plain(value), *cell, width=coordinate(length), height=coordinate(BAR)
    )  # fmt: skip


def _beside(value: float, length: float, y: float) -> Text:
    return Text(written(value), coordinate(length + 8), coordinate(y + BAR - 2), "start", "ch-v")


def _upright_bar(
    value: float, middle: float, foot: float, highest: float, cell: tuple[int, int], step: float
) -> tuple[Mark, Text]:
    height, wide = value / highest * TALLEST, min(step * 0.6, 44)
    mark = Mark(
        "ch-bar", coordinate(middle - wide / 2), coordinate(foot - height), plain(value), *cell,
        width=coordinate(wide), height=coordinate(height),
    )  # fmt: skip
    return mark, Text(written(value), coordinate(middle), coordinate(foot - height - 5), look="ch-v")
