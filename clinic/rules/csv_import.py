"""Reads a table that another system wrote as text: its encoding, its separator, its rows."""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from clinic import formats

# own choice: four times as many rows as a large practice has patients; more is another kind of file
MAX_ROWS = 200_000
# own choice: such a file with long addresses has a third of it
MAX_BYTES = 64 * 1024 * 1024
# own choice: exports with a column for everything have about a hundred
MAX_COLUMNS = 250
SEPARATORS = (",", ";", "\t", "|")
# technical: enough to tell how a file is written without reading all of it
SAMPLE_ROWS, SAMPLE_LETTERS = 50, 200_000
# the longer mark first: that of UTF-32 begins as that of UTF-16 does
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# source: PKWARE APPNOTE 4.3.7 (a zipped workbook), [MS-CFB] 2.2 (one of before 2007)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Windows writes letters and quotation marks where ISO 8859-1 has control characters
_WINDOWS = re.compile(rb"[\x80-\x9f]")
# a first line by which Excel is told the separator
_TOLD = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\n|\r)', re.IGNORECASE)
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
}


class NotATable(ValueError):
    """The file cannot be read as a table; the message is for people."""


class Row(NamedTuple):
    """`number` is that of the row in a spreadsheet: the head is row 1, and empty rows count."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    # for people, such as “UTF-8”
    encoding: str
    separator: str


def table(content: bytes) -> Table:
    """The table in a file. Raises NotATable, with a sentence, where it is none."""
    text, encoding = decoded(content)
    told = _TOLD.match(text)
    if told:
        text = text[told.end() :]
    separator = told[1] if told else separator_of(text)
    # technical: rows are counted as a spreadsheet does, the line of the separator first
    rows = _rows(text, separator, first=2 if told else 1)
    if not rows:
        raise NotATable(_("The file is empty. Export it again, with the names of the columns first."))
    head, *rest = rows
    names = tuple(" ".join(cell.split()) for cell in head.cells)
    if len(names) > MAX_COLUMNS:
        raise NotATable(
            _("The first row has %(count)s columns; %(most)s at most are read. Leave out what is not needed.")
            % {"count": len(names), "most": MAX_COLUMNS}
        )
    return Table(names, tuple(rest), ENCODING_NAMES[encoding], separator)


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding: by its mark, else UTF-16 or UTF-8 where it is that, else Windows-1252."""
    if content.startswith(WORKBOOKS):
        raise NotATable(_("This is a workbook. Open it in the spreadsheet and save it as CSV (UTF-8)."))
    text, encoding = _decoded(content)
    if "\x00" in text:
        raise NotATable(_("This is no text. Export the list as CSV from the old system."))
    return text, encoding


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], encoding), encoding
    if encoding := _unmarked_wide(content):
        return _strictly(content, encoding), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        encoding = "cp1252" if _WINDOWS.search(content) else "latin-1"
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError:
        # bytes that Windows gives no letter
        return content.decode("latin-1"), "latin-1"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise NotATable(
            _("The file says that it is %(encoding)s, and is not. It may be cut off: export it again.")
            % {"encoding": ENCODING_NAMES[encoding]}
        ) from None


def _unmarked_wide(content: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain letters is zero."""
    sample = content[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # technical: two bytes for a letter; a quarter of zeros is no chance
    if len(content) % 2 or max(even, odd) * 4 < len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def separator_of(text: str) -> str:
    """The one by which most rows have as many cells as the first; the comma where none divides it."""
    found = {separator: _fit(text, separator) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: found[separator])


def _fit(text: str, separator: str) -> tuple[float, int]:
    sample: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(text[:SAMPLE_LETTERS], newline=""), delimiter=separator):
            if any(cells):
                sample.append(len(cells))
            if len(sample) == SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0, 0
    # technical: one cell in a row is not divided
    if not sample or sample[0] < 2:
        return 0.0, 0
    return Counter(sample)[sample[0]] / len(sample), sample[0]


def _rows(text: str, separator: str, *, first: int) -> list[Row]:
    """Rows with anything in them."""
    found: list[Row] = []
    number = first - 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=first):
            if any(cell.strip() for cell in cells):
                found.append(Row(number, tuple(cells)))
            if len(found) > MAX_ROWS + 1:
                raise NotATable(too_many_rows(MAX_ROWS))
    except csv.Error:
        raise NotATable(
            _(
                "Row %(row)s cannot be read: a quotation mark is not closed, or stands alone inside quotes. "
                "Correct it there, or export the file again."
            )
            % {"row": number + 1}
        ) from None
    return found


def too_many_rows(most: int) -> str:
    return _("The file has more than %(most)s rows. Divide it.") % {"most": formats.whole(most)}


def too_large(most: int) -> str:
    # technical: bytes in a megabyte
    return _("The file is larger than %(size)s MB. Leave out columns, or divide it.") % {
        "size": most // (1024 * 1024)
    }
