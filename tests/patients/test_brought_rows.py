"""Columns are guessed by their names, cells read as other systems write them, people compared."""

import datetime as dt

import pytest

from clinic.values.states import IN_AN_ADDRESS
from patients.forms.patients import PatientForm
from patients.rules.bringing_in import cells, columns, matches
from patients.rules.bringing_in.columns import BOOKINGS, PATIENTS
from patients.rules.bringing_in.matches import Known
from patients.rules.bringing_in.rows import BroughtPatient
from patients.rules.identity.keys import Identity
from patients.rules.identity.likeness import ComparedPatient

BORN = dt.date(1985, 7, 9)


@pytest.mark.parametrize(
    ("head", "targets"),
    [
        (["Last Name", "First Name", "DOB", "Sex"], ["family_name", "given_name", "born", "sex"]),
        (["PATIENT_ID", "Patient Name", "Birth Date"], ["external_id", "name", "born"]),
        (["Surname", "Forename", "Date of Birth", "Mobile #"],
         ["family_name", "given_name", "born", "phone"]),
        (["Home Phone", "Cell Phone", "E-mail"], ["", "phone", "email"]),
        (["Street", "City", "State", "ZIP", "Insurance", "Policy #", "Comments"],
         ["address", "city", "state", "postal_code", "payer", "member_id", "note"]),
        (["Nom de famille", "", "X"], ["", "", ""]),
        (["Name", "Full name"], ["name", ""]),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_what_files_call_them(head, targets):
    assert columns.guess(head, PATIENTS) == targets


def test_every_name_of_a_column_is_in_the_form_that_is_compared_and_stands_once():
    for targets in (PATIENTS, BOOKINGS):
        names = [name for target in targets for name in {*target.names}]

        assert [columns.folded(name) for name in names] == names
        assert len(names) == len({*names})


def test_a_changed_column_takes_the_place_of_the_guess():
    head = ("Home Phone", "Cell")
    mapping, reasons = columns.chosen(head, ["", "phone"], {"home phone": "phone"}, PATIENTS)

    assert (mapping, reasons) == (["phone", ""], [])
    _, reasons = columns.chosen(head, ["", ""], {"Fax": "phone", "Cell": "fax"}, PATIENTS)
    assert [reason.code for reason in reasons] == ["no-such-column", "no-such-target"]


@pytest.mark.parametrize(
    ("mapping", "codes"),
    [
        (["family_name", "born"], []),
        (["name", "born"], []),
        (["born"], ["no-name"]),
        (["given_name"], ["no-birth-date"]),
        (["name", "born", "phone", "phone"], ["column-twice"]),
    ],
)
def test_a_file_of_patients_has_names_and_birth_dates(mapping, codes):
    assert [reason.code for reason in columns.reasons_of_patients(mapping)] == codes


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"name": "O'Brien 3rd, José"}, {"family_name": "O'Brien 3rd", "given_name": "José"}),
        ({"name": "Ada B. Wood"}, {"family_name": "Wood", "given_name": "Ada B."}),
        ({"name": "Prince"}, {"family_name": "Prince", "given_name": ""}),
        ({"born": "1985-07-09 00:00:00"}, {"born": "1985-07-09"}),
        ({"born": "7/9/1985 12:00:00 AM"}, {"born": "7/9/1985"}),
        ({"sex": "F"}, {"sex": "female"}),
        ({"sex": "Non-binary"}, {"sex": "other"}),
        ({"sex": "?"}, {"sex": "?"}),
        ({"state": "puerto rico"}, {"state": "PR"}),
        ({"state": "Ontario"}, {"state": "ON"}),
        ({"address": "12 Main St, Apt 4, Springfield, IL 62701-1234"},
         {"address": "12 Main St, Apt 4", "city": "Springfield", "state": "IL", "postal_code": "62701-1234"}),
        ({"address": "PSC 3, Box 4120, APO, AE 09021"},
         {"city": "APO", "state": "AE", "postal_code": "09021"}),
        ({"address": "1 Main St, Guelph, ON N1G 2W1"}, {"state": "ON", "postal_code": "N1G 2W1"}),
        ({"address": "12 Main St", "city": "Springfield"}, {"address": "12 Main St", "city": "Springfield"}),
        ({"payer": "Medicare Part B"}, {"payer_kind": "medicare"}),
        ({"payer": "BCBS of IL"}, {"payer_kind": "commercial"}),
        ({"payer": "Acme Mutual"}, {"payer_kind": "other"}),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_other_systems_write_it(given, read):
    found = cells.of_patient(given)

    assert {name: found[name] for name in read} == read


@pytest.mark.parametrize("state", [code for code, _ in IN_AN_ADDRESS])
def test_registering_takes_states_territories_the_military_and_provinces(state):
    form = PatientForm({"family_name": "Wood", "born": "7/9/1985", "state": state.lower()})

    assert form.is_valid()
    assert form.cleaned_data["state"] == state


def test_a_letter_pair_that_is_no_state_is_refused_at_registering():
    assert "state" in PatientForm({"family_name": "Wood", "born": "7/9/1985", "state": "QQ"}).errors


def brought(row, family="Wood", given="Ada", born=BORN, number="", why="", **details) -> BroughtPatient:
    identity = Identity(family, given, born, **details)
    return BroughtPatient(row, identity, {"external_id": number}, apart_reason=why)


def registered(pk=1, name_key="wood, ada", born=BORN, **columns) -> ComparedPatient:
    return ComparedPatient(pk, f"REF{pk}", name_key, born, columns.pop("phone_key", ""), **columns)


def codes(judged) -> list[tuple[int, str]]:
    return [(fault.row, fault.code) for fault in judged.faults]


def test_a_row_that_is_somebody_registered_is_a_fault_until_a_reason_says_who_else():
    known = Known([registered()])

    assert codes(matches.judge([brought(2)], known)) == [(2, "same-person")]
    judged = matches.judge([brought(2, why="Twin sister")], known)
    assert (codes(judged), judged.apart) == ([], {2: ("REF1",)})


def test_two_rows_of_one_person_are_a_fault_that_names_both():
    judged = matches.judge([brought(2), brought(3, given="Bea"), brought(4)], Known())

    assert codes(judged) == [(4, "same-person")]
    assert "row 2" in str(judged.faults[0])


def test_somebody_alike_is_told_and_kept_from_nothing():
    known = Known([registered(phone_key="+12175550123")])

    judged = matches.judge([brought(2, family="Woods", phone_key="+12175550123")], known)

    assert [(pair.row, pair.other) for pair in judged.likely] == [(2, "REF1")]
    assert len(judged.new) == 1


def test_a_number_that_stands_is_that_person_and_no_other():
    ada = registered()
    known = Known([ada], {"A-1": ada})

    standing = matches.judge([brought(2, number="A-1")], known)
    taken = matches.judge([brought(2, family="Stone", given="Bob", number="A-1")], known)
    twice = matches.judge([brought(2, number="B"), brought(3, given="Bea", number="B")], Known())

    assert (standing.standing, standing.new) == ([(2, "REF1")], [])
    assert codes(taken) == [(2, "number-taken")]
    assert codes(twice) == [(3, "number-twice")]


def test_a_closed_record_is_told_by_name_and_birth_date_and_by_nothing_less():
    known = Known([registered(phone_key="+12175550123")], closed=frozenset({1}))

    wholly = matches.judge([brought(2)], known)
    nearly = matches.judge([brought(2, born=dt.date(1990, 1, 2), phone_key="+12175550123")], known)

    assert (codes(wholly), wholly.named) == ([(2, "same-person")], {1})
    assert (nearly.likely, nearly.faults, nearly.guessed) == ([], [], {1})


def test_the_number_of_a_closed_record_tells_nothing_of_it():
    closed = registered()
    known = Known([closed], {"A-1": closed}, closed=frozenset({1}))

    judged = matches.judge([brought(2, family="Stone", given="Bob", number="A-1")], known)

    assert (judged.faults, len(judged.new)) == ([], 1)


@pytest.mark.parametrize(("text", "answer"), [("Yes", True), ("0", False), ("", False), ("maybe", None)])
def test_an_answer_is_yes_or_no_and_nothing_is_guessed(text, answer):
    assert cells.answer(text) is answer
