"""The page docs/clinical-sources.md: from the code, the settings, the catalogues and the traps."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from django.utils import translation

from clinic.rules import practice
from tests.sources import catalogues, numbers, settings, technical, weak
from tests.sources.traps import TRAPS

PAGE = Path(__file__).parents[2] / "docs" / "clinical-sources.md"
HEAD = """# Where each number and fact comes from

Made by `python -m tests.sources` from the code, the settings, the catalogues and the table of traps; a test
compares this page with them. A number of a rule has its source in the comment beside it: `# source:`,
`# own choice:` (*the practice's own choice, no published value*) or `# technical:`. A rule with a number that
says none of these fails a test. *Weak* sources are flashcards, slides, mirrors of documents, copies of books,
and pages of clinics, courses and sellers: they wait for a better one. Each host that a catalogue names was
judged, in `tests/sources/weak.py`.
"""


def text() -> str:
    with translation.override("en-us"):
        return "\n".join([HEAD, *chain(_rules(), _settings(), _technical(), _catalogues(), _traps())]) + "\n"


def _rules() -> Iterator[str]:
    yield from _table("Numbers of the rules", "Number", "What it is", "Where it comes from")
    for one in numbers.of_rules():
        if one.kind != "technical":
            yield _row(
                ", ".join(one.values).replace('"', ""),
                f"`{one.name}` in `{one.path}`",
                weak.marked(one.origin),
            )


def _settings() -> Iterator[str]:
    yield from _table("Settings of the practice", "Setting", "As shipped", "Where it comes from")
    for name, value in settings.with_numbers().items():
        yield _row(f"`{name}`", value, weak.marked(str(practice.SOURCES[name])))


def _technical() -> Iterator[str]:
    yield from _table("Numbers without a clinical, legal or billing meaning", "Where", "Why")
    for path, why in technical.MODULES.items():
        yield _row(f"all of `{path}`", why)
    for one in numbers.of_rules():
        if one.kind == "technical":
            yield _row(f"`{one.name}` in `{one.path}`: {', '.join(one.values)}".replace('"', ""), one.text)


def _catalogues() -> Iterator[str]:
    for path in catalogues.files():
        yield from _table(f"Catalogue `{path.parent.parent.name}/{path.name}`", "Rows", "Source")
        for source, count in catalogues.counted(path):
            yield _row(str(count), source)


def _traps() -> Iterator[str]:
    yield from _table("Traps, and the tests that keep out of them", "", "Trap", "Test", "Source")
    for number, trap in enumerate(TRAPS, start=1):
        yield _row(
            str(number), trap.text, "<br>".join(f"`{test}`" for test in trap.tests), weak.marked(trap.source)
        )


def _table(title: str, *columns: str) -> Iterator[str]:
    yield f"\n## {title}\n"
    yield _row(*columns)
    yield "|" + "---|" * len(columns)


def _row(*cells: str) -> str:
    plain = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(plain)} |"
