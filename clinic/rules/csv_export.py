"""CSV export: streamed, without cells that a spreadsheet would execute as a formula."""

import csv
from collections.abc import Iterable, Iterator

# Excel reads a file as UTF-8 only with this mark.
BYTE_ORDER_MARK = "\ufeff"
# Characters that begin a formula, in ASCII and in full width.
FORMULA_PREFIXES = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")
CONTROL_CHARACTERS = dict.fromkeys([*range(0x20), 0x7F])
del CONTROL_CHARACTERS[ord("\n")]


def cell(value) -> str:
    """A value as text. A quotation mark in front keeps a spreadsheet from computing it."""
    text = "" if value is None else str(value).translate(CONTROL_CHARACTERS)
    return f"'{text}" if text.lstrip().startswith(FORMULA_PREFIXES) else text


class _Echo:
    """A file for the csv module whose `write` returns the line."""

    def write(self, line: str) -> str:
        return line


def csv_lines(head: list[str], rows: Iterable[Iterable]) -> Iterator[str]:
    write = csv.writer(_Echo(), quoting=csv.QUOTE_ALL).writerow
    yield BYTE_ORDER_MARK + write(head)
    for row in rows:
        yield write([cell(value) for value in row])
