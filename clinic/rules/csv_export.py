"""CSV export: streamed, without cells that a spreadsheet would execute as a formula.

source: OWASP, CSV Injection: each cell in quotation marks, quotation marks doubled, and an apostrophe in
front of what begins a formula. A negative number and a foreign phone number begin like one and compute
nothing: they stay as they are.
"""

import csv
import re
from collections.abc import Iterable, Iterator

# Excel reads a file as UTF-8 only with this mark.
BYTE_ORDER_MARK = "\ufeff"
# Characters that begin a formula, in ASCII and in full width.
FORMULA_PREFIXES = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")
CONTROL_CHARACTERS = dict.fromkeys([*range(0x20), 0x7F])
del CONTROL_CHARACTERS[ord("\n")]
# What a spreadsheet passes over before a formula, and the mark that is put there.
_BEFORE = re.compile(r"\A[\s']+")
# A number with its sign, or a plus and groups of digits: no operator, no name and no cell stands in them.
_COMPUTES_NOTHING = re.compile(r"-\d+(?:[.,]\d+)*|\+\d+(?: \d+)+", re.ASCII)


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet could compute it. What an apostrophe hides counts, so that one more hides it."""
    return _BEFORE.sub("", text).startswith(FORMULA_PREFIXES) and not _COMPUTES_NOTHING.fullmatch(text)


def cell(value) -> str:
    """A value as text. An apostrophe in front keeps a spreadsheet from computing it."""
    text = "" if value is None else str(value).translate(CONTROL_CHARACTERS)
    return f"'{text}" if begins_formula(text) else text


class _Echo:
    """A file for the csv module whose `write` returns the line."""

    def write(self, line: str) -> str:
        return line


def csv_lines(head: list[str], rows: Iterable[Iterable]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + "".join(lines_of([head]))
    yield from lines_of(rows)


def lines_of(rows: Iterable[Iterable]) -> Iterator[str]:
    """Lines without the mark at the beginning of a file."""
    write = csv.writer(_Echo(), quoting=csv.QUOTE_ALL).writerow
    for row in rows:
        yield write([cell(value) for value in row])
