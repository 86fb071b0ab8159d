"""The sources of the catalogues' rows, and the marks of weak ones in their files."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.sources import weak
from tests.sources.numbers import ROOT

# The sources of the row as a whole. Another column names one of them for one fact.
WHOLE = "source"


def files() -> list[Path]:
    return sorted(ROOT.glob("*/catalogues/*.csv"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def source_columns(row: dict[str, str]) -> list[str]:
    return [name for name in row if name == "source" or name.endswith(("_source", "_sources"))]


def counted(path: Path) -> list[tuple[str, int]]:
    """(source, number of rows), the most frequent first."""
    found = Counter(row[name] for row in rows(path) for name in source_columns(row) if row[name])
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def hosts(path: Path) -> set[str]:
    """The hosts that the sources of a file name."""
    return {
        host for row in rows(path) for name in source_columns(row) for host in weak.HOST.findall(row[name])
    }


def unmarked() -> Iterator[str]:
    """Rows that name a weak source and do not say so, and rows without a source."""
    for path in files():
        for number, row in enumerate(rows(path), start=1):
            for name in source_columns(row):
                if name == WHOLE and row[name] != weak.marked(row[name]):
                    yield f"{path.relative_to(ROOT)} row {number}: {row[name]}"
            if not row.get("source"):
                yield f"{path.relative_to(ROOT)} row {number}: no source"


def mark(path: Path) -> None:
    """Write the marks of weak sources into a file; its other cells stay as they are."""
    found = rows(path)
    for row in found:
        row |= {WHOLE: weak.marked(row[WHOLE])}
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(found[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    path.write_text(out.getvalue(), encoding="utf-8")
