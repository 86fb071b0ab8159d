"""What pages and writes are to cost, as multiples of the empty page of the commit the aims were set at."""

from dataclasses import dataclass

from bench import comparison
from bench.timings import Timing, growth

PAGES, WRITES = "pages", "writes"
# Of every page and write, from the smallest practice to the largest.
GROWTH = 1.3
# In parts of what the stock Django admin takes.
STOCK = {
    comparison.OPEN: 1.0,
    comparison.SAVE: 1.5,
    comparison.BY_REFERENCE: 1 / 4,
    comparison.BY_NAME: 1 / 5,
}


@dataclass(frozen=True)
class Aim:
    """`labels` are what is measured for it, each by itself."""

    name: str
    multiple: float
    kind: str
    labels: tuple[str, ...]


AIMS = (
    Aim("find by reference", 2.5, WRITES, ("find by reference",)),
    Aim("find by name", 5, WRITES, ("find by name",)),
    Aim("record", 7, PAGES, ("record", "record, desk", "record, lead", "record, longest history")),
    Aim("boards", 9, PAGES, ("today's board, desk", "today's board, therapist", "today's board, lead")),
    Aim("call list", 5, PAGES, ("call list", "call list, 5,000 due")),
    Aim("register", 4, PAGES, ("register",)),
    Aim("register, saved", 4, WRITES, ("register",)),
    Aim("signed note", 8, PAGES, ("session, signed", "session, signed, lead")),
    Aim("draft page", 14, PAGES, ("session, draft",)),
    Aim("saving a field", 3, WRITES, ("save a field",)),
    Aim("a site with the page's parts", 5, WRITES, ("keep a site and show it",)),
    Aim("three sites in one line", 6, WRITES, ("add three sites in one line",)),
    Aim("signing", 10, WRITES, ("sign",)),
)


@dataclass(frozen=True)
class Judged:
    """One measured label beside its aim."""

    aim: str
    label: str
    multiple: float
    timing: Timing

    @property
    def reached(self) -> bool:
        return self.timing.ratio <= self.multiple


def judged(pages: dict[str, Timing], writes: dict[str, Timing]) -> list[Judged]:
    """What was measured for each aim. A small practice may lack some of it."""
    by_kind = {PAGES: pages, WRITES: writes}
    return [
        Judged(aim.name, label, aim.multiple, by_kind[aim.kind][label])
        for aim in AIMS
        for label in aim.labels
        if label in by_kind[aim.kind]
    ]


def grown(small: dict[str, Timing], large: dict[str, Timing]) -> dict[str, float]:
    """What grows more than it may, and how many times."""
    both = {what: growth(small[what], large[what]) for what in small if what in large}
    return {what: many for what, many in both.items() if round(many, 2) > GROWTH}
