"""ICD-10-CM codes: no character is guessed, and the exceptions of laterality are tested as tables."""

import datetime as dt

import pytest

from clinic import catalogues
from patients.models import Condition, DiagnosisFamily
from patients.rules.conditions import diagnoses
from tests import catalogue_files

ON = dt.date(2026, 5, 14)
CONDITIONS = {
    row["code"]: Condition(
        pk=number, code=row["code"], patient_term=row["patient_term"], side_policy=row["side_policy"],
        ambiguous=row["ambiguous"] == "yes", kind=row["kind"],
    )
    for number, row in enumerate(catalogues.read(catalogue_files.FILES["conditions"]), 1)
}  # fmt: skip


def family_of(row):
    codes = {
        name: value for name, value in row.items() if name.startswith("code_") and name != "code_set_year"
    }
    return DiagnosisFamily(
        condition=CONDITIONS[row["condition"]], variant=row["variant"], encounter=row["encounter"] == "yes",
        is_default=row["is_default"] == "yes", code_set_year=row["code_set_year"], **codes,
    )  # fmt: skip


FAMILIES = {
    (row["condition"], row["variant"]): family_of(row)
    for row in catalogues.read(catalogue_files.FILES["diagnosis_families"])
}


def families_of(condition):
    return [family for (code, _), family in FAMILIES.items() if code == condition]


def refusals(condition, variant, *, side="right", encounter="", on=ON):
    family = FAMILIES.get((condition, variant))
    found = diagnoses.reasons(
        CONDITIONS[condition], family, families=families_of(condition), side=side, encounter=encounter, on=on
    )
    return {reason.code for reason in found}


@pytest.mark.parametrize(
    ("condition", "variant", "side", "both", "encounter", "code"),
    [
        # no side in the code
        ("neck-pain", "cervicalgia", "left", False, "", "M54.2"),
        ("neck-pain", "cervicalgia", "midline", False, "", "M54.2"),
        ("plantar-fasciitis", "plantar-fasciitis", "left", False, "", "M72.2"),
        ("plantar-fasciitis", "plantar-fasciitis", "right", True, "", "M72.2"),
        ("headache", "unspecified", "left", True, "", "R51.9"),
        ("migraine", "unspecified", "right", False, "", "G43.909"),
        # never the dead parent M54.5
        ("low-back-pain", "unspecified", "right", False, "", "M54.50"),
        ("low-back-pain", "other", "midline", False, "", "M54.59"),
        # 1 right, 2 left
        ("tennis-elbow", "lateral-epicondylitis", "right", False, "", "M77.11"),
        ("tennis-elbow", "lateral-epicondylitis", "left", False, "", "M77.12"),
        ("low-back-pain", "sciatica", "right", False, "", "M54.31"),
        ("runners-knee", "patellofemoral", "left", False, "", "M22.2X2"),
        ("it-band-syndrome", "it-band", "right", False, "", "M76.31"),
        ("rotator-cuff-strain", "tear-incomplete", "left", False, "", "M75.112"),
        # both sides of a family without a code for both are two codes
        ("tennis-elbow", "lateral-epicondylitis", "right", True, "", "M77.11"),
        ("tennis-elbow", "lateral-epicondylitis", "left", True, "", "M77.12"),
        # the one family with a code for both
        ("carpal-tunnel-syndrome", "carpal-tunnel", "right", False, "", "G56.01"),
        ("carpal-tunnel-syndrome", "carpal-tunnel", "left", False, "", "G56.02"),
        ("carpal-tunnel-syndrome", "carpal-tunnel", "right", True, "", "G56.03"),
        ("carpal-tunnel-syndrome", "carpal-tunnel", "left", True, "", "G56.03"),
        # the seventh character, with its placeholders
        ("neck-pain", "neck-strain", "left", False, "A", "S16.1XXA"),
        ("neck-pain", "neck-strain", "midline", False, "D", "S16.1XXD"),
        ("low-back-pain", "low-back-strain", "right", False, "D", "S39.012D"),
        ("rotator-cuff-strain", "strain", "left", False, "S", "S46.012S"),
        ("muscle-strain", "hamstring", "right", False, "D", "S76.311D"),
        ("shin-splints", "shin-splints", "left", False, "D", "S86.892D"),
        # no code rather than an incomplete one
        ("neck-pain", "neck-strain", "left", False, "", ""),
        ("low-back-pain", "sciatica", "midline", False, "", ""),
        # no seventh character is added to a code that has none
        ("tennis-elbow", "lateral-epicondylitis", "right", False, "D", "M77.11"),
    ],
)
def test_code_follows_family_side_and_encounter(condition, variant, side, both, encounter, code):
    family = FAMILIES[condition, variant]
    assert diagnoses.code_for(family, side=side, both=both, encounter=encounter) == code


def test_placeholders_fill_a_short_stem():
    family = DiagnosisFamily(code_left="S16.1", encounter=True)
    assert diagnoses.code_for(family, side="left", encounter="A") == "S16.1XXA"


def test_every_family_gives_whole_codes():
    for family in FAMILIES.values():
        for side in ("left", "right"):
            code = diagnoses.code_for(family, side=side, encounter="D")
            assert code, (family.variant, side)
            assert (len(code.replace(".", "")) == 7) >= family.encounter, code


@pytest.mark.parametrize(
    "condition", ["throwers-elbow", "rotator-cuff-strain", "ankle-strain", "shin-splints"]
)
def test_ambiguous_lay_terms_ask_which(condition):
    assert diagnoses.chosen_family(None, families_of(condition), ambiguous=True) is None
    assert refusals(condition, "") == {"variant-missing"}


def test_usual_variant_stands_for_a_clear_term():
    usual = diagnoses.chosen_family(None, families_of("neck-pain"), ambiguous=False)
    assert usual.variant == "cervicalgia"


def test_aim_of_treatment_needs_no_variant_and_may_have_one():
    assert refusals("decreased-range-of-movement", "") == set()
    assert refusals("decreased-range-of-movement", "stiff-knee") == set()


def test_aim_of_treatment_with_two_meanings_needs_a_variant():
    assert refusals("muscle-hypertonicity", "") == {"variant-missing"}


@pytest.mark.parametrize(
    ("condition", "variant", "side", "encounter", "codes"),
    [
        ("tennis-elbow", "lateral-epicondylitis", "both", "", set()),
        ("tennis-elbow", "lateral-epicondylitis", "midline", "", {"side-not-possible", "side-without-code"}),
        ("low-back-pain", "sciatica", "midline", "", {"side-without-code"}),
        ("low-back-pain", "sciatica", "both", "", set()),
        ("neck-pain", "neck-strain", "left", "", {"encounter-missing"}),
        ("neck-pain", "neck-strain", "left", "D", set()),
        ("neck-pain", "cervicalgia", "", "", {"side-not-possible", "side-without-code"}),
    ],
)
def test_reasons_name_what_is_missing(condition, variant, side, encounter, codes):
    assert refusals(condition, variant, side=side, encounter=encounter) == codes


def test_variant_of_another_condition_is_refused():
    found = diagnoses.reasons(
        CONDITIONS["knee-pain"], FAMILIES["hip-pain", "pain"], families=[], side="left", encounter="", on=ON
    )
    assert {reason.code for reason in found} == {"variant-of-another"}


@pytest.mark.parametrize(
    ("starts", "ends", "current"),
    [
        (None, None, True),
        (ON, None, True),
        (None, ON, True),
        (ON + dt.timedelta(days=1), None, False),
        (None, ON - dt.timedelta(days=1), False),
    ],
)
def test_codes_hold_from_their_first_to_their_last_day(starts, ends, current):
    family = DiagnosisFamily(valid_from=starts, valid_to=ends)
    assert diagnoses.is_current(family, on=ON) is current


def test_retired_rows_are_refused():
    retired = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    condition = Condition(pk=1, side_policy="any", retired_at=retired)
    family = DiagnosisFamily(condition=CONDITIONS["neck-pain"], code_left="M54.2", retired_at=retired)
    gone = diagnoses.reasons(condition, None, families=[], side="left", encounter="", on=ON)
    stale = diagnoses.reasons(
        CONDITIONS["neck-pain"], family, families=[family], side="left", encounter="", on=ON
    )
    assert [reason.code for reason in (*gone, *stale)] == ["condition-retired", "variant-not-current"]
