"""Tables that leave the house as CSV: streamed, and with no cell that a spreadsheet takes for a formula."""

import csv
from collections.abc import Iterable, Iterator

# Excel reads UTF-8 only where the file says so first.
MARK = "\ufeff"
# What makes a spreadsheet compute, in ASCII and in full width, wherever blanks stand before it.
FORMULA = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")
CONTROL = dict.fromkeys([*range(0x20), 0x7F])
del CONTROL[ord("\n")]


def cell(value) -> str:
    """A value as text. A quotation mark in front keeps a spreadsheet from computing it."""
    text = "" if value is None else str(value).translate(CONTROL)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


class _Line:
    """What the csv module writes to: it gives the line back."""

    def write(self, line: str) -> str:
        return line


def lines(head: list[str], rows: Iterable[Iterable]) -> Iterator[str]:
    write = csv.writer(_Line(), quoting=csv.QUOTE_ALL).writerow
    yield MARK + write(head)
    for row in rows:
        yield write([cell(value) for value in row])
