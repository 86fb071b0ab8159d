"""The axes of a picture: from value to height, with few round numbers beside it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clinic.rules.charts.chart import Line, Text, coordinate, skipped, written

LEFT, EDGE, TOP, FLOOR, TICKS_AT, HEIGHT = 34, 16, 34, 186, 212, 220
MOST_STEPS = 4


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high`, drawn between two coordinates."""

    low: float
    high: float
    step: float

    @property
    def values(self) -> list[float]:
        steps = round((self.high - self.low) / self.step)
        return [self.low + number * self.step for number in range(steps + 1)]

    def height_of(self, value: float) -> float:
        return FLOOR - (float(value) - self.low) * (FLOOR - TOP) / (self.high - self.low)

    def place_of(self, value: float, *, left: float, right: float) -> float:
        return left + (float(value) - self.low) * (right - left) / (self.high - self.low)


TO_TEN = Scale(0, 10, 5)


def around(values: Iterable[float], *, unit: float = 1) -> Scale:
    """A scale with zero and all values in it, in steps of 1, 2 or 5 times a power of ten of `unit`."""
    found = [0.0, *map(float, values)]
    low, high = min(found), max(found)
    needed = max((high - low) / MOST_STEPS, unit)
    power = 10 ** math.floor(math.log10(needed))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= needed - 1e-9)
    return Scale(math.floor(low / step) * step, max(math.ceil(high / step), 1) * step, step)


def upright(scale: Scale, *, width: int) -> tuple[list[Line], list[Text]]:
    """Lines across at the ticks of the values, the lowest as the axis."""
    lines, texts = [], []
    for value in scale.values:
        y = scale.height_of(value)
        look = "ch-axis" if value == scale.low else "ch-grid"
        lines.append(Line(look, f"M{LEFT} {coordinate(y)}H{width - EDGE}"))
        texts.append(Text(written(value), coordinate(LEFT - 5), coordinate(y + 5), "end"))
    return lines, texts


def beneath(words: Sequence[str], places: Sequence[float], *, y: float = TICKS_AT) -> list[Text]:
    """The ticks below the axis."""
    return [
        Text(each, coordinate(x), coordinate(y), is_skipped=skipped(words, number))
        for number, (each, x) in enumerate(zip(words, places, strict=True))
    ]
