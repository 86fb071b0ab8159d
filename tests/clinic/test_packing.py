"""The rows of an event as bytes: short, read back as they were, and those of before are read too."""

import struct

import pytest

from clinic.audit import packing, rows, table_numbers
from clinic.audit.packing import GONE, RowEntry

MAC = bytes(range(16))
ENTRIES = {
    "none": [],
    "one row": [RowEntry("patients_patient", "1", MAC)],
    "a row that is gone": [RowEntry("patients_patient", "7", GONE)],
    "rows of two tables": [
        RowEntry("patients_patient", "128", MAC),
        RowEntry("patients_patient", "300000", GONE),
        RowEntry("treatments_seal", "5", MAC),
    ],
    "a key that falls": [RowEntry("patients_patient", "9", MAC), RowEntry("patients_patient", "4", MAC)],
    "keys of text": [RowEntry("patients_patient", "007", MAC), RowEntry("patients_patient", "å-1", MAC)],
    "a table without a number": [RowEntry("later_table", "1", MAC), RowEntry("later_table", "2", MAC)],
    "a negative key": [RowEntry("patients_patient", "-5", MAC)],
}


def packed_by_name(entries: list[RowEntry]) -> bytes:
    """As the first release wrote them: one table."""
    table = entries[0].table.encode()
    rows_of = [struct.pack(">B", len(one.key)) + one.key.encode() + one.mac for one in entries]
    return struct.pack(">BI", len(table), len(entries)) + table + b"".join(rows_of)


@pytest.mark.parametrize("name", ENTRIES)
def test_entries_are_packed_and_read_back(name):
    assert list(packing.unpack(packing.pack(ENTRIES[name]))) == ENTRIES[name]


@pytest.mark.parametrize("first", ENTRIES)
@pytest.mark.parametrize("then", ENTRIES)
def test_entries_that_were_packed_apart_are_joined(first, then):
    joined = packing.joined(packing.pack(ENTRIES[first]), packing.pack(ENTRIES[then]))
    assert list(packing.unpack(joined)) == ENTRIES[first] + ENTRIES[then]


def test_entries_of_before_are_read():
    entries = [RowEntry("patients_patient", "12", MAC), RowEntry("patients_patient", "13", GONE)]

    assert list(packing.unpack(packed_by_name(entries))) == entries


def test_a_row_takes_little_more_than_its_mac():
    entries = [RowEntry("treatments_needlingsession", str(key), MAC) for key in range(300_000, 300_100)]

    assert len(packing.pack(entries[:1])) == len(MAC) + 6
    assert len(packing.pack(entries)) == 100 * (len(MAC) + 1) + 6


@pytest.mark.parametrize("name", [name for name in ENTRIES if ENTRIES[name]])
def test_entries_that_were_cut_off_are_no_entries(name):
    packed = packing.pack(ENTRIES[name])

    for end in range(2, len(packed)):
        try:
            assert list(packing.unpack(packed[:end])) == ENTRIES[name][: _whole(packed[:end])]
        except ValueError:
            continue


def _whole(packed: bytes) -> int:
    return len(list(packing.unpack(packed)))


@pytest.mark.parametrize("cut", range(1, 40))
def test_entries_of_before_that_were_cut_off_are_no_entries(cut):
    packed = packed_by_name([RowEntry("table", "1", MAC), RowEntry("table", "2", MAC)])

    with pytest.raises(ValueError, match="cut off|decode"):
        list(packing.unpack(packed[:-cut]))


def test_a_table_of_a_later_release_is_no_table():
    with pytest.raises(ValueError, match="does not know"):
        list(packing.unpack(bytes([packing.FORM, 127, 2, 1]) + MAC))


def test_each_covered_table_has_a_number_of_its_own():
    assert set(rows.covered_models()) <= set(table_numbers.TABLES)
    assert len(set(table_numbers.TABLES)) == len(table_numbers.TABLES)


def test_numbers_stay_what_they_are():
    """The last table of each release that wrote numbers."""
    assert table_numbers.NUMBERS["treatments_warningsign"] == 69
