"""Every code that a condition can get stands in the ICD-10-CM release of April 2026, for its side."""

import importlib
import re
import warnings

import pytest

from clinic import catalogues
from patients.models import DiagnosisFamily, PatientCondition
from patients.rules.conditions import diagnoses
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
            for side in ("right", "left", "midline"):
                found.append((side, diagnoses.code_for(family, side=side, encounter=character)))
            if family.code_both:
                both = diagnoses.code_for(family, side="right", both=True, encounter=character)
                found.append(("both", both))
            found.append(("unspecified", whole(family.code_unspecified, character)))
    return [(side, code) for side, code in found if code]


def whole(stem: str, character: str) -> str:
    family = DiagnosisFamily(code_left=stem, encounter=bool(character))
    return diagnoses.code_for(family, side="left", encounter=character)


CODES = sorted(set(codes_by_side()))


@pytest.fixture(scope="module")
def code_set():
    """The package reads its files as it is imported: two seconds that other tests need not wait."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return importlib.import_module("simple_icd_10_cm")


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
