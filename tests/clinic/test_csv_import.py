"""Tables of other systems are read as they were written: encodings, separators, quotes, rows."""

import codecs
import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.rules import csv_import
from clinic.rules.csv_import import NotATable

HEAD = ["Last name", "First name", "Notes"]
# what the encoding has letters for, and no text that a spreadsheet could not hold in a cell
LETTERS = {
    "utf-8": st.characters(exclude_categories=["Cs", "Cc"]),
    "utf-16": st.characters(exclude_categories=["Cs", "Cc"]),
    "cp1252": st.characters(codec="cp1252", exclude_categories=["Cc"]),
    "latin-1": st.characters(codec="latin-1", exclude_categories=["Cc"]),
}
MARKS = {
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
}


def written(rows, separator=",", end="\r\n", quoting=csv.QUOTE_MINIMAL) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    return file.getvalue()


@pytest.mark.parametrize("encoding", LETTERS)
@given(data=st.data())
def test_what_was_written_is_read_in_every_encoding(encoding, data):
    cell = st.text(LETTERS[encoding] | st.sampled_from('",;\n\t|'), max_size=12)
    rows = data.draw(
        st.lists(st.tuples(cell, cell, cell).filter(lambda row: any(map(str.strip, row))), max_size=6)
    )
    separator = data.draw(st.sampled_from(csv_import.SEPARATORS))
    text = written([HEAD, *rows], separator, quoting=csv.QUOTE_ALL)

    found = csv_import.table(text.encode(encoding))

    assert (found.head, found.separator) == (tuple(HEAD), separator)
    assert [row.cells for row in found.rows] == rows


@given(content=st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused_with_a_sentence(content):
    found = None
    with contextlib.suppress(NotATable):
        found = csv_import.table(content)

    assert found is None or all(any(cell.strip() for cell in row.cells) for row in found.rows)


@pytest.mark.parametrize(("encoding", "mark"), MARKS.items())
def test_a_mark_at_the_beginning_says_the_encoding_and_is_no_part_of_the_head(encoding, mark):
    plain = encoding.removesuffix("-sig")

    found = csv_import.table(mark + "Name,Born\r\nZoë Größe,1985-07-09\r\n".encode(plain))

    assert found.head == ("Name", "Born")
    assert found.rows[0].cells[0] == "Zoë Größe"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_seen(encoding):
    found = csv_import.table("Name,Born\r\nAda,1985-07-09\r\n".encode(encoding))

    assert (found.head, found.encoding) == (("Name", "Born"), "UTF-16")


def test_curly_quotes_of_windows_are_read_and_bytes_without_a_letter_there_too():
    assert csv_import.table("Note\n“so”, he said\n".encode("cp1252")).encoding == "Windows-1252"
    assert csv_import.table(b"Note;x\nZo\xeb\x81;y\n").encoding == "Latin-1"


@pytest.mark.parametrize("separator", csv_import.SEPARATORS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separator_is_found_where_others_stand_in_texts(separator, end):
    others = "".join(one for one in csv_import.SEPARATORS if one != separator)
    rows = [HEAD, *([f"Wood{others}", "Ada", "so; and, so"] for _ in range(5))]

    found = csv_import.table(written(rows, separator, end).encode())

    assert found.separator == separator
    assert found.rows[4].cells == tuple(rows[5])


def test_excel_may_tell_the_separator_in_a_line_of_its_own():
    found = csv_import.table(b"sep=;\r\nName;Born\r\nAda;1985-07-09\r\n")

    assert (found.head, found.rows[0].number) == (("Name", "Born"), 3)


def test_rows_are_numbered_as_a_spreadsheet_numbers_them():
    found = csv_import.table(b'Name,Note\nAda,"two\nlines"\n\n,\nBob,x\n')

    assert [(row.number, row.cells[0]) for row in found.rows] == [(2, "Ada"), (5, "Bob")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"PK\x03\x04\x14\x00", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "workbook"),
        (b"Name,Born\nA\x00da,1\n", "no text"),
        (codecs.BOM_UTF8 + b"Name\xff,Born\n", "is not"),
        (b'Name,Born\nAda,1\n"Bob,2\nCid,3\n', "Row 3"),
        (b'Name,Born\nAda,"a "b" c"\n', "Row 2"),
        (b"Name\n" + b"x" * 200_000, "Row 2"),
        (b",".join([b"x"] * 300), "300 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_the_place(content, words):
    with pytest.raises(NotATable, match=words):
        csv_import.table(content)


def test_more_rows_than_a_practice_has_are_refused(monkeypatch):
    monkeypatch.setattr(csv_import, "MAX_ROWS", 3)

    assert len(csv_import.table(b"Name\nA\nB\nC\n").rows) == 3
    with pytest.raises(NotATable, match="more than 3 rows"):
        csv_import.table(b"Name\nA\nB\nC\nD\n")
