"""Every code that a condition can get stands in the ICD-10-CM release of April 2026, for its side."""

import re

import pytest

from clinic import catalogues
from clinic.models import ConditionSide
from clinic.rules import code_sets, order_file
from patients.models import DiagnosisFamily, PatientCondition
from patients.rules.conditions import diagnoses
from tests import order_files
from tests.catalogue_files import FILES

SIDED = {"right": r"(?i)\bright\b", "left": r"(?i)\bleft\b", "both": r"(?i)\bbilateral\b"}
FAMILIES = catalogues.read(FILES["diagnosis_families"])


def family_of(row: dict) -> DiagnosisFamily:
    codes = {name: row[name] for name in row if name.startswith("code_") and name != "code_set_year"}
    return DiagnosisFamily(variant=row["variant"], encounter=row["encounter"] == "yes", **codes)


def codes_by_side() -> list[tuple[str, str, str]]:
    """(side, code) of each family, side and encounter character."""
    found = []
    for row in FAMILIES:
        family = family_of(row)
        characters = PatientCondition.Encounter.values if family.encounter else [""]
        for character in characters:
            for side in ConditionSide.values:
                found.append((side, diagnoses.code_for(family, side=side, encounter=character)))
            found.append(("unspecified", whole(family.code_unspecified, character)))
    return [(side, code) for side, code in found if code]


def whole(stem: str, character: str) -> str:
    family = DiagnosisFamily(code_left=stem, encounter=bool(character))
    return diagnoses.code_for(family, side="left", encounter=character)


CODES = sorted(set(codes_by_side()))


@pytest.fixture(scope="module")
def code_set():
    return order_files.code_list()


def test_no_code_is_unknown(code_set):
    assert len(CODES) > 600
    assert [code for _, code in CODES if not code_set.is_valid_item(code)] == []


def test_every_code_is_billable(code_set):
    assert [code for _, code in CODES if not code_set.is_leaf(code)] == []


@pytest.mark.parametrize(("side", "words"), SIDED.items())
def test_a_code_names_its_own_side_or_none(code_set, side, words):
    """Codes with a side in their description are used for that side alone."""
    of_side = {code for at, code in CODES if at == side}
    wrong = [
        code
        for code in of_side
        for other, pattern in SIDED.items()
        if other != side and re.search(pattern, code_set.get_description(code))
    ]
    assert wrong == []
    sided = {code for code in of_side if re.search(words, code_set.get_description(code))}
    shared = {code for at, code in CODES if at != side}
    assert of_side - sided <= shared


def test_the_unspecified_code_names_no_side(code_set):
    named = [
        code
        for side, code in CODES
        if side in ("unspecified", "midline")
        for pattern in SIDED.values()
        if re.search(pattern, code_set.get_description(code))
    ]
    assert named == []


@pytest.mark.parametrize(
    ("category", "term", "variant"),
    [
        ("M75.1", "Rotator cuff syndrome", "tear-unspecified"),
        ("M75.1", "Supraspinatus syndrome", "tear-unspecified"),
    ],
)
def test_a_label_says_what_its_code_includes(code_set, category, term, variant):
    label = next(row["label"] for row in FAMILIES if row["variant"] == variant)
    assert term in code_set.get_inclusion_term(category)
    assert term.lower() in label.lower()


@pytest.mark.parametrize(
    "code",
    ["G44.86", "M62.85", "G43.E01", "G43.E09", "G43.E11", "G43.E19", "M54.6", "M79.11"]
    + [f"M25.6{joint}1" for joint in range(1, 8)]
    + [f"M62.4{site}1" for site in range(1, 8)]
    + ["M26.621", "M26.622", "M26.623"],
)
def test_codes_that_were_missing_are_there(code):
    assert code in {found for _, found in CODES}


def test_the_codes_of_adverse_events_are_billable(code_set):
    codes = {row["icd10"] for row in catalogues.read(FILES["adverse_event_kinds"]) if row["icd10"]}
    assert codes >= {"R55", "J95.811"}
    assert [code for code in codes if not (code_set.is_valid_item(code) and code_set.is_leaf(code))] == []


def test_the_shipped_set_is_the_release_in_its_categories():
    """Code by code and title by title, as the publisher's order file has them."""
    rows = order_file.read(order_files.order_file(order_files.some_titles()).encode()).rows
    shipped = order_files.SHIPPED.read_text()
    categories = {line[:3] for line in shipped.splitlines()}
    assert code_sets.text_of(row for row in rows if row.code[:3] in categories) == shipped


def test_the_shipped_set_has_every_code_that_we_can_produce():
    codes = code_sets.Codes(order_files.SHIPPED.read_text(), is_excerpt=True)
    assert [code for _, code in CODES if codes.standing(code) != code_sets.VALID] == []
