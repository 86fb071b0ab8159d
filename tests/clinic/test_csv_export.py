"""Cells of a CSV file: nothing that a spreadsheet would compute, and nothing that cannot be read back."""

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clinic.rules import csv_export
from clinic.rules.csv_export import cell

# What OWASP names, in ASCII and in full width, and what older spreadsheets took.
BEGINNINGS = "=+-@|%\t\r\n\uff1d\uff0b\uff0d\uff20"
TEXTS = st.text(st.one_of(st.sampled_from(BEGINNINGS + "'\" 0123456789.,;ax("), st.characters(codec="utf-8")))
NUMBERS = st.one_of(st.integers(), st.decimals(allow_nan=False, allow_infinity=False, places=2))
GROUPS = st.lists(st.from_regex(r"[0-9]{1,4}", fullmatch=True), min_size=2, max_size=5)


def without_controls(text: str) -> str:
    return text.translate(csv_export.CONTROL_CHARACTERS)


def read_back(found: str) -> str:
    """As docs/export.md says: an apostrophe goes where what follows would begin a formula."""
    return found[1:] if found[:1] == "'" and csv_export.begins_formula(found[1:]) else found


@given(TEXTS)
@example("=1+1")
@example("\t=1+1")
@example("\r@SUM(A1)")
@example(" \n =cmd|' /C calc'!A0")
@example("'=1+1")
@example("-1+cmd|' /C calc'!A0")
@example("+1 312 555 0100 =1")
@example("\uff1d1")
def test_no_cell_begins_what_a_spreadsheet_computes(text):
    found = cell(text)

    harmless = re.fullmatch(r"-\d+([.,]\d+)*|\+\d+( \d+)+", found, re.ASCII)
    assert harmless or not found.lstrip().startswith(tuple(BEGINNINGS))


@given(TEXTS)
@example("'=1+1")
@example("''-5")
@example("'t Hooft")
@example("' -5")
def test_what_was_made_harmless_is_read_back(text):
    assert read_back(cell(text)) == without_controls(text)


@given(NUMBERS)
def test_a_negative_number_stays_a_number(number):
    text = format(number, "f") if not isinstance(number, int) else str(number)

    assert cell(text) == text


@given(GROUPS)
def test_a_foreign_phone_number_stays_readable(groups):
    text = f"+{' '.join(groups)}"

    assert cell(text) == text


@pytest.mark.parametrize("text", ["(312) 555-0142", "312-555-0142", "+44 20 7946 0958", "-0.5", "-1,250.00"])
def test_what_people_write_stays_as_it_is(text):
    assert cell(text) == text


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=4))
def test_rows_stay_rows_whatever_stands_in_them(rows):
    text = "".join(csv_export.csv_lines(["one", "two"], rows))

    found = list(csv.reader(io.StringIO(text.removeprefix(csv_export.BYTE_ORDER_MARK), newline="")))
    assert text.startswith(csv_export.BYTE_ORDER_MARK)
    assert found == [["one", "two"], *([cell(value) for value in row] for row in rows)]
