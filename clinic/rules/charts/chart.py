"""A picture of numbers as the part components/_chart.html draws it: marks, lines, ticks, and their table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clinic import formats

# Units of the drawing: those of a page with one column, and of half a column.
WIDE, NARROW = 500, 330
# How many columns a phone has room for.
NARROW_COLUMNS = 3
# A value's mark, drawn around its place; the shape tells series apart where colours do not.
SHAPES = {
    "disc": "M-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0",
    "ring": "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0",
    "square": "M-5.5-5.5H5.5V5.5H-5.5z",
    "diamond": "M0-7.5L7.5 0L0 7.5L-7.5 0z",
}


@dataclass(frozen=True)
class Cell:
    """What stands in the table. `look`: its class of heat."""

    text: str
    look: str = ""


@dataclass(frozen=True)
class Table:
    """The numbers of the picture; the first cell of each row is its head."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_heat: bool = False

    @property
    def is_broad(self) -> bool:
        """Whether a phone shows its rows as cards."""
        return len(self.head) > NARROW_COLUMNS

    @property
    def lines(self) -> list[list[tuple[str, Cell]]]:
        """Each row as cells with the words of their columns."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Mark:
    """One value at its place in the picture, and the cell of the table in which it stands.

    `shape` is one of `SHAPES`; a bar has width and height instead.
    """

    look: str
    x: str
    y: str
    value: str
    row: int
    column: int
    shape: str = ""
    width: str = ""
    height: str = ""

    @property
    def path(self) -> str:
        return SHAPES[self.shape]


@dataclass(frozen=True)
class Line:
    look: str
    path: str


@dataclass(frozen=True)
class Text:
    """A tick or the words beside a mark. `is_skipped`: a phone leaves it out."""

    words: str
    x: str
    y: str
    anchor: str = "middle"
    look: str = "ch-t"
    is_skipped: bool = False


@dataclass(frozen=True)
class Key:
    """What a shape stands for; `look` without a shape is that of a bar, and words alone explain a line."""

    words: str
    look: str = ""
    shape: str = ""

    @property
    def path(self) -> str:
        return SHAPES[self.shape] if self.shape else "M-7-5H7V5H-7z"


@dataclass(frozen=True)
class Chart:
    """`sentence` says what the picture shows. Without a table the page has one of its own beside it."""

    sentence: str
    width: int
    height: int
    table: Table | None
    marks: tuple[Mark, ...] = ()
    lines: tuple[Line, ...] = ()
    texts: tuple[Text, ...] = ()
    keys: tuple[Key, ...] = ()

    @property
    def is_wide(self) -> bool:
        return self.width >= WIDE


def coordinate(value: float) -> str:
    """As text, so that no locale writes a decimal comma into the drawing."""
    return f"{value:.1f}"


def plain(value: float) -> str:
    """For a test or a script that reads the mark: 4, 4.5"""
    return f"{float(value):g}"


def written(value: float) -> str:
    """For people, beside the mark: 4, 4.5"""
    return formats.short_decimal(value, 1 if round(value, 1) == value else 2)


def path_through(places: Iterable[tuple[float, float]]) -> str:
    """A line through two places or more; of fewer there is none."""
    found = [f"{coordinate(x)} {coordinate(y)}" for x, y in places]
    return "M" + "L".join(found) if len(found) > 1 else ""


def row_of(head: str, *texts: str) -> tuple[Cell, ...]:
    return (Cell(head), *(Cell(text) for text in texts))


def skipped(words: Sequence[str], place: int) -> bool:
    """Whether a phone leaves this tick out: of more than three every second one, and never the last."""
    return len(words) > 3 and (len(words) - place) % 2 == 0
