"""Writes the result tables: duration of each page and write as a multiple of an empty page, by size."""

import platform
from pathlib import Path

from bench.measure import Result

RESULTS = Path(__file__).parent / "results.md"
SECTION = "\n## On "
HEAD = """# What the pages cost

Each number is a ratio: the median time of the page or write over HTTP, divided by the median time of an empty
page behind the same sign-in, asked in turn with it in the same run. The server is the real one
(`manage.py serve`) on loopback, the data are the demo's. A ratio travels from machine to machine better than
milliseconds do, and it is no promise: run `make bench` on yours.

Today's board and the call list hold one day's work at every size, as in one practice; the tables grow.

What the record takes stands in sections of its own, “in bytes”.
"""


def write(results: list[Result], *, engine: str, rounds: int) -> str:
    """Replaces the section of this engine in the results file."""
    return write_section(engine, "\n".join([_conditions(results, engine, rounds), *_tables(results)]) + "\n")


def write_section(name: str, section: str) -> str:
    sections = {**_existing_sections(), name: section}
    text = HEAD + "".join(f"{SECTION}{name}\n\n{sections[name]}" for name in sorted(sections, reverse=True))
    RESULTS.write_text(text, encoding="utf-8")
    return section


def _existing_sections() -> dict[str, str]:
    """{name: section} of the existing results file."""
    found = RESULTS.read_text(encoding="utf-8").split(SECTION)[1:] if RESULTS.exists() else []
    return {engine: section.lstrip("\n") for engine, _, section in (one.partition("\n") for one in found)}


def _conditions(results: list[Result], engine: str, rounds: int) -> str:
    sizes = "; ".join(
        f"{one.patients:,} patients with {one.sessions:,} sessions, an empty page {one.empty_ms:.1f} ms, "
        f"with one row committed {one.row_ms:.1f} ms"
        for one in results
    )
    python = platform.python_version()
    return f"Measured on {engine}, Python {python}, {rounds} rounds of each. Sizes: {sizes}.\n"


def _tables(results: list[Result]) -> list[str]:
    return [
        "### Pages\n",
        *_table([(one.patients, one.pages) for one in results]),
        "\n### Writes\n",
        *_table([(one.patients, one.writes) for one in results]),
        "\n### Writes, in empty pages that commit one row\n",
        *_table([(one.patients, one.by_row) for one in results]),
    ]


def _table(columns: list[tuple[int, dict[str, float]]]) -> list[str]:
    head = [f"{patients:,} patients" for patients, _ in columns]
    rows = ["| | " + " | ".join(head) + " |", "|---|" + "---:|" * len(head)]
    # a small practice may lack some writes, such as a second red flag, so all sizes are combined
    for what in dict.fromkeys(what for _, ratios in columns for what in ratios):
        cells = [f"{ratios[what]:.1f}" if what in ratios else "" for _, ratios in columns]
        rows.append(f"| {what} | " + " | ".join(cells) + " |")
    return rows
