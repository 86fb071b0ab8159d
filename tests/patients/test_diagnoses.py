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
    ("condition", "variant", "side", "encounter", "code"),
    [
        # no side in the code
        ("neck-pain", "cervicalgia", "left", "", "M54.2"),
        ("neck-pain", "cervicalgia", "midline", "", "M54.2"),
        ("plantar-fasciitis", "plantar-fasciitis", "left", "", "M72.2"),
        ("plantar-fasciitis", "plantar-fasciitis", "both", "", "M72.2"),
        ("headache", "unspecified", "both", "", "R51.9"),
        ("low-back-pain", "unspecified", "both", "", "M54.50"),
        ("neck-pain", "neck-strain", "both", "D", "S16.1XXD"),
        ("migraine", "unspecified", "right", "", "G43.909"),
        # never the dead parent M54.5
        ("low-back-pain", "unspecified", "right", "", "M54.50"),
        ("low-back-pain", "other", "midline", "", "M54.59"),
        # 1 right, 2 left
        ("tennis-elbow", "lateral-epicondylitis", "right", "", "M77.11"),
        ("tennis-elbow", "lateral-epicondylitis", "left", "", "M77.12"),
        ("low-back-pain", "sciatica", "right", "", "M54.31"),
        ("runners-knee", "patellofemoral", "left", "", "M22.2X2"),
        ("it-band-syndrome", "it-band", "right", "", "M76.31"),
        ("rotator-cuff-strain", "tear-incomplete", "left", "", "M75.112"),
        # both sides of a family without a code for both are two codes
        ("tennis-elbow", "lateral-epicondylitis", "both", "", ""),
        # families with a code for both
        ("jaw-pain", "joint-arthralgia", "both", "", "M26.623"),
        ("carpal-tunnel-syndrome", "carpal-tunnel", "right", "", "G56.01"),
        ("carpal-tunnel-syndrome", "carpal-tunnel", "left", "", "G56.02"),
        ("carpal-tunnel-syndrome", "carpal-tunnel", "both", "", "G56.03"),
        # the seventh character, with its placeholders
        ("neck-pain", "neck-strain", "left", "A", "S16.1XXA"),
        ("neck-pain", "neck-strain", "midline", "D", "S16.1XXD"),
        ("low-back-pain", "low-back-strain", "right", "D", "S39.012D"),
        ("rotator-cuff-strain", "strain", "left", "S", "S46.012S"),
        ("muscle-strain", "hamstring", "right", "D", "S76.311D"),
        ("shin-splints", "shin-splints", "left", "D", "S86.892D"),
        # no code rather than an incomplete one
        ("neck-pain", "neck-strain", "left", "", ""),
        ("low-back-pain", "sciatica", "midline", "", ""),
        # no seventh character is added to a code that has none
        ("tennis-elbow", "lateral-epicondylitis", "right", "D", "M77.11"),
    ],
)
def test_code_follows_family_side_and_encounter(condition, variant, side, encounter, code):
    family = FAMILIES[condition, variant]
    assert diagnoses.code_for(family, side=side, encounter=encounter) == code


def test_placeholders_fill_a_short_stem():
    family = DiagnosisFamily(code_left="S16.1", encounter=True)
    assert diagnoses.code_for(family, side="left", encounter="A") == "S16.1XXA"


def test_every_family_gives_whole_codes():
    for family in FAMILIES.values():
        for side in ("left", "right"):
            code = diagnoses.code_for(family, side=side, encounter="D")
            assert code, (family.variant, side)
            assert (len(code.replace(".", "")) == 7) >= family.encounter, code


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.variant)
def test_both_sides_are_one_row_or_two_codes(family):
    """Never one code twice."""
    sides = diagnoses.recorded_sides(family, "both")
    codes = [diagnoses.code_for(family, side=side, encounter="D") for side in sides]
    assert sides in (("both",), ("right", "left"))
    assert all(codes)
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("sides", "joined"),
    [
        (["left"], "left"),
        (["right", "left"], "both"),
        (["both", "left"], "both"),
        (["midline"], "midline"),
        (["midline", "left"], "left"),
        (["midline", "left", "right"], "both"),
    ],
)
def test_rows_of_one_code_are_one_row_with_one_side(sides, joined):
    assert diagnoses.joined_side(sides) == joined


@pytest.mark.parametrize(
    "condition", ["throwers-elbow", "rotator-cuff-strain", "ankle-strain", "shin-splints"]
)
def test_ambiguous_lay_terms_ask_which(condition):
    assert diagnoses.chosen_family(None, families_of(condition), ambiguous=True) is None
    assert refusals(condition, "") == {"variant-missing"}


def test_an_ambiguous_term_has_no_usual_variant_even_where_one_is_marked():
    families = families_of("neck-pain")

    assert diagnoses.chosen_family(None, families, ambiguous=False) is not None
    assert diagnoses.chosen_family(None, families, ambiguous=True) is None


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
