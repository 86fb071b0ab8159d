"""The arithmetic: quartiles of what was timed, multiples of an empty page beside it, growth with the size."""

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass(frozen=True)
class Timing:
    """Milliseconds: the quartiles, and the median of the empty page that was asked for beside them."""

    low: float
    mid: float
    high: float
    empty: float

    @property
    def ratio(self) -> float:
        return self.mid / self.empty

    @property
    def spread(self) -> tuple[float, float]:
        """The outer quartiles as multiples of the empty page."""
        return self.low / self.empty, self.high / self.empty


def timing(seconds: list[float], beside: list[float]) -> Timing:
    return Timing(*(part * 1000 for part in quartiles(seconds)), median(beside) * 1000)


def quartiles(values: list[float]) -> tuple[float, float, float]:
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, mid, high = quantiles(values, n=4, method="inclusive")
    return low, mid, high


def growth(small: Timing, large: Timing) -> float:
    """How much longer it takes in the larger practice, by the empty page of each run."""
    return large.ratio / small.ratio


@dataclass
class PairedTimes:
    """Seconds of each label, and of the empty page that was requested next to it.

    `warm_part` of each label's, its first ones, are not counted.
    """

    warm_part: float = 0
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    beside: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, what: str, seconds: float, beside: float) -> None:
        self.taken[what].append(seconds)
        self.beside[what].append(beside)

    def timings(self) -> dict[str, Timing]:
        return {
            what: timing(self._counted(self.taken[what]), self._counted(self.beside[what]))
            for what in self.taken
        }

    def _counted(self, seconds: list[float]) -> list[float]:
        return seconds[int(len(seconds) * self.warm_part) :]

    def yardstick_ms(self) -> float:
        return median(seconds for many in self.beside.values() for seconds in many) * 1000
