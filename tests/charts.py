"""Reads the pictures of a page: marks with their values and places, the table beside them, the sentence."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

NUMBER = re.compile(r"−?\d+(?:[.,]\d+)*")
PLACE = re.compile(r"translate\(([\d.-]+) ([\d.-]+)\)")


@dataclass
class DrawnMark:
    """`x`, `y`: the place of the value; of a bar the end away from its axis."""

    look: str
    value: float
    row: int
    column: int
    x: float
    y: float


@dataclass
class DrawnChart:
    sentence: str
    said: str = ""
    marks: list[DrawnMark] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def cells(self) -> dict[tuple[int, int], str]:
        return {
            (row, column): text for row, cells in enumerate(self.rows) for column, text in enumerate(cells)
        }


def number_in(text: str) -> float | None:
    """4.5 of “4.5°”; None where no number begins the text. The grade “1+” is drawn between its neighbors."""
    if text.strip() == "1+":
        return 1.5
    found = NUMBER.match(text.strip())
    return float(found[0].replace("−", "-").replace(",", "")) if found else None


class ChartReader(HTMLParser):
    """Every chart of a page, and the rows of every table."""

    def __init__(self, text: str):
        super().__init__()
        self.charts: list[DrawnChart] = []
        self.tables: list[list[list[str]]] = []
        self._depth, self._into, self._chart_depth, self._is_body = 0, "", -1, False
        self.feed(text)

    @property
    def _chart(self) -> DrawnChart | None:
        return self.charts[-1] if self._chart_depth >= 0 else None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "div":
            self._depth += 1
            if "data-chart" in found:
                self._chart_depth = self._depth
                self.charts.append(DrawnChart(""))
        chart = self._chart
        if chart and tag == "svg" and found.get("role") == "img":
            chart.sentence = found["aria-label"]
        if chart and "data-value" in found:
            chart.marks.append(_mark(found))
        if chart and tag == "p" and found.get("class") == "chart-says":
            self._into = "says"
        if chart and tag == "text":
            chart.words.append("")
            self._into = "text"
        if tag == "tbody":
            self.tables.append([])
            self._is_body = True
        if tag == "tr" and self._is_body:
            self.tables[-1].append([])
        if tag in {"td", "th"} and self._is_body and self.tables[-1]:
            self.tables[-1][-1].append("")
            self._into = "cell"

    def handle_startendtag(self, tag, attrs):
        found = dict(attrs)
        if self._chart and "data-value" in found:
            self._chart.marks.append(_mark(found))

    def handle_endtag(self, tag):
        if tag == "tbody":
            self._is_body = False
        if tag == "table" and self._chart and self.tables:
            self._chart.rows = self.tables[-1]
        if tag == "div":
            if self._depth == self._chart_depth:
                self._chart_depth = -1
            self._depth -= 1
        if tag in {"p", "text", "td", "th"}:
            self._into = ""

    def handle_data(self, data):
        if self._into == "cell":
            self.tables[-1][-1][-1] += data.strip()
        elif self._into == "says" and self._chart:
            self._chart.said += data.strip()
        elif self._into == "text" and self._chart:
            self._chart.words[-1] += data.strip()


def _mark(found: dict) -> DrawnMark:
    cell = int(found["data-row"]), int(found["data-column"])
    return DrawnMark(found["class"], float(found["data-value"]), *cell, *_end(found))


def _end(found: dict) -> tuple[float, float]:
    """Where the value ends: a bar that lies begins at the left edge."""
    if "transform" in found:
        x, y = PLACE.match(found["transform"]).groups()
        return float(x), float(y)
    lies = float(found["x"]) <= 1
    return float(found["width"] if lies else found["x"]), float(found["y"])


def of_page(html: str) -> list[DrawnChart]:
    return ChartReader(html).charts


def faults(chart: DrawnChart, table: list[list[str]] | None = None, *, is_upright: bool = True) -> list[str]:
    """What the picture says and its table does not: values, and places that do not rise with them."""
    rows = chart.rows if table is None else table
    cells = {(row, column): text for row, each in enumerate(rows) for column, text in enumerate(each)}
    found = [
        f"{mark.value} at {mark.row}, {mark.column} beside {cells.get((mark.row, mark.column))}"
        for mark in chart.marks
        if number_in(cells.get((mark.row, mark.column), "")) != mark.value
    ]
    heights = sorted((mark.value, -mark.y if is_upright else mark.x) for mark in chart.marks)
    for (low, at), (high, further) in zip(heights, heights[1:], strict=False):
        if (high > low and further <= at) or (high == low and further != at):
            found.append(f"{low} stands at {at}, {high} at {further}")
    return found
