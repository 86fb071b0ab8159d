"""Writes the result tables: milliseconds of each page and write, as multiples of an empty page, by size."""

import platform
from pathlib import Path

from bench import aims, former, tables
from bench.engines import Engine
from bench.measure import Result
from bench.timings import Timing

RESULTS = Path(__file__).parent / "results.md"
SECTION = "\n## On "


def write(results: list[Result], *, engine: Engine, rounds: int, note: str) -> str:
    """Replaces this engine's section of the results file, or that of the same sizes, rounds and note."""
    sizes = " and ".join(f"{one.patients:,}" for one in results)
    name = f"{engine.name}, {sizes} patients, {rounds} rounds: {note}" if note else engine.name
    return write_section(name, section(results, engine=engine, rounds=rounds))


def write_section(name: str, section: str) -> str:
    before, *parts = RESULTS.read_text(encoding="utf-8").split(SECTION)
    found = dict(part.split("\n", maxsplit=1) for part in parts)
    sections = {**{title: text.lstrip("\n") for title, text in found.items()}, name: section}
    text = "".join(f"{SECTION}{title}\n\n{sections[title]}" for title in sorted(sections, reverse=True))
    RESULTS.write_text(before + text, encoding="utf-8")
    return section


def section(results: list[Result], *, engine: Engine, rounds: int) -> str:
    largest = results[-1]
    lines = [
        _conditions(results, engine, rounds),
        "### Aims\n",
        *tables.aims_table(aims.judged(largest.pages, largest.writes)),
        f"\n{_remarks(results)}\n",
        "### Beside a stock Django admin\n",
        *tables.stock_table([(one.patients, one.stock) for one in results]),
        "\n### Pages\n",
        *tables.timings_table([(one.patients, one.pages) for one in results]),
        "\n### Writes\n",
        *tables.timings_table([(one.patients, one.writes) for one in results]),
        "\n### Writes, in empty pages of today that commit one row\n",
        *tables.ratios_table([(one.patients, one.by_row) for one in results]),
        "\n### The whole record\n",
        *tables.durations_table([(one.patients, one.whole) for one in results]),
    ]
    return "\n".join(lines) + "\n"


def _conditions(results: list[Result], engine: Engine, rounds: int) -> str:
    sizes = "; ".join(
        f"{one.patients:,} patients with {one.sessions:,} sessions, an empty page {one.empty_ms:.1f} ms, "
        f"today's with one row committed {one.row_ms:.1f} ms"
        for one in results
    )
    return (
        f"Measured on {engine.about}, Python {platform.python_version()}, {rounds} rounds of each. × is a "
        f"multiple of the empty page of commit {former.COMMIT[:7]}, served and asked beside it in the same "
        f"run. In brackets: the quartiles. Sizes: {sizes}.\n"
    )


def _remarks(results: list[Result]) -> str:
    small, large = results[0], results[-1]
    password = large.password_ms
    lines = [
        f"Signing is with a fresh proof. Where the password is asked again, checking it takes "
        f"{password:.0f} ms of its own, {password / large.empty_ms:.1f} empty pages."
    ]
    if small is not large:
        sizes = f"From {small.patients:,} to {large.patients:,} patients"
        lines += [
            _growth(small.pages, large.pages, sizes, "pages"),
            _growth(small.writes, large.writes, "Likewise", "writes"),
        ]
    return "\n".join(lines)


def _growth(small: dict[str, Timing], large: dict[str, Timing], start: str, kind: str) -> str:
    grown, count = aims.grown(small, large), len(small.keys() & large.keys())
    told = ", ".join(f"{what} {many:.2f}" for what, many in sorted(grown.items(), key=lambda one: -one[1]))
    kept = f"{start} {count - len(grown)} of {count} {kind} grow at most {aims.GROWTH} times."
    return f"{kept} More: {told}." if told else kept
