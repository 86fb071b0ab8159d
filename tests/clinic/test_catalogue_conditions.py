"""The rules of the catalogs of conditions, their codes and their names, as shipped, without a database."""

import re
from collections import Counter, defaultdict

import pytest

from tests.catalogue_files import EIGHTEEN, by_code, rows

SIDES = {
    "left_right": set(),
    "left_right_both": {"code_both"},
    "left_right_midline_both": {"code_both", "code_midline"},
    "any": {"code_both", "code_midline"},
}
ALWAYS = {"code_right", "code_left", "code_unspecified"}
SIDE_COLUMNS = ("code_right", "code_left", "code_both", "code_midline", "code_unspecified")
CODE_SHAPE = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
# Codes for fingers and foot, whose last characters go on after those for hand and ankle.
ENDING_IN_FOUR_AND_FIVE = {"M79.644", "M25.674"}
# No longer billable: these codes were subdivided.
DEAD_CODES = {"M54.5", "M51.36", "M51.37", "M65.9"}


def codes_of(family: dict) -> list[str]:
    return [family[column] for column in SIDE_COLUMNS if family[column]]


def families_of() -> dict[str, list[dict]]:
    found = defaultdict(list)
    for family in rows("diagnosis_families"):
        found[family["condition"]].append(family)
    return found


def test_the_eighteen_conditions_come_first_and_the_two_impairments_last():
    codes = list(by_code("conditions"))

    assert codes[:18] == EIGHTEEN
    assert Counter(row["kind"] for row in rows("conditions")) == {"diagnosis": 35, "impairment": 2}
    assert codes[-2:] == ["decreased-range-of-movement", "muscle-hypertonicity"]


def test_every_family_belongs_to_a_condition_and_every_diagnosis_has_one():
    known = by_code("conditions")
    families = families_of()

    assert set(families) <= set(known)
    assert {code for code, row in known.items() if row["kind"] == "diagnosis"} <= set(families)


def test_side_columns_are_filled_as_the_side_policy_allows():
    policies = {code: row["side_policy"] for code, row in by_code("conditions").items()}
    for family in rows("diagnosis_families"):
        allowed = SIDES[policies[family["condition"]]]
        filled = {column for column in SIDE_COLUMNS if family[column]}
        assert filled >= ALWAYS, family
        assert filled - ALWAYS <= allowed, family
        if family["code_right"] == family["code_left"]:
            assert filled == ALWAYS | allowed, family
            assert len(set(codes_of(family))) == 1, family


def test_a_code_with_a_side_never_serves_another_side():
    for family in rows("diagnosis_families"):
        if family["code_right"] != family["code_left"]:
            codes = codes_of(family)
            assert len(codes) == len(set(codes)), family
            assert len({code[:-1] for code in codes}) == 1, family
            last = "45" if family["code_right"] in ENDING_IN_FOUR_AND_FIVE else "12"
            assert family["code_right"][-1] + family["code_left"][-1] == last, family


def test_only_nerves_and_the_jaw_have_a_code_of_their_own_for_both_sides():
    own = {row["code_both"] for row in rows("diagnosis_families")} - {
        row["code_right"] for row in rows("diagnosis_families")
    }

    assert own - {""} == {"G56.03", "G57.03", "M26.603", "M26.623", "M26.633"}


@pytest.mark.parametrize(
    ("stem", "unspecified"),
    [
        ("M75.0", "M75.00"),
        ("M25.56", "M25.569"),
        ("G56.0", "G56.00"),
        ("M22.2X", "M22.2X9"),
        ("M79.67", "M79.673"),
    ],
)
def test_the_unspecified_side_is_not_the_same_character_everywhere(stem, unspecified):
    found = {row["code_unspecified"] for row in rows("diagnosis_families") if row["code_right"] == stem + "1"}

    assert found == {unspecified}


@pytest.mark.parametrize(
    "code", ["M54.2", "M72.2", "R51.9", "G43.909", "M79.12", "M79.18", "S16.1XX", "M62.830"]
)
def test_codes_that_carry_no_side_stand_the_same_on_every_side(code):
    found = [row for row in rows("diagnosis_families") if code in codes_of(row)]

    assert found
    assert all(set(codes_of(row)) == {code} for row in found)


def test_codes_have_the_shape_of_icd_10_cm_and_none_is_dead():
    for family in rows("diagnosis_families"):
        for code in codes_of(family):
            assert CODE_SHAPE.fullmatch(code), family
            assert code not in DEAD_CODES, family


def test_injury_codes_await_their_encounter_character_as_the_seventh():
    for family in rows("diagnosis_families"):
        for code in codes_of(family):
            injury = code.startswith("S")
            assert (family["encounter"] == "yes") == injury, family
            if injury:
                assert len(code.replace(".", "")) == 6, family


def test_the_code_set_year_says_which_release_was_read():
    for family in rows("diagnosis_families"):
        assert family["code_set_year"] in family["source"], family


def test_an_ambiguous_term_makes_the_therapist_choose_and_says_how():
    families = families_of()
    for condition in rows("conditions"):
        defaults = [family for family in families[condition["code"]] if family["is_default"] == "yes"]
        if condition["ambiguous"] == "yes":
            assert defaults == [], condition
            assert len(families[condition["code"]]) > 1, condition
            assert condition["guidance"], condition
        elif condition["kind"] == "impairment":
            assert defaults == [], condition
        else:
            assert len(defaults) == 1, condition


def test_the_lay_terms_that_mislead_are_marked_ambiguous():
    ambiguous = {row["code"] for row in rows("conditions") if row["ambiguous"] == "yes"}

    assert ambiguous >= {
        "throwers-elbow",
        "ankle-strain",
        "rotator-cuff-strain",
        "shin-splints",
        "muscle-strain",
    }


def test_neck_and_back_offer_the_myofascial_code_of_their_own_site():
    myofascial = {
        row["condition"]: row["code_right"]
        for row in rows("diagnosis_families")
        if row["variant"] == "myofascial"
    }

    assert (myofascial["neck-pain"], myofascial["low-back-pain"]) == ("M79.12", "M79.18")


def test_every_condition_has_other_names_that_are_no_names_of_its_own():
    conditions = by_code("conditions")
    names = defaultdict(set)
    for row in rows("condition_names"):
        names[row["condition"]].add(row["name"].lower())

    assert set(names) == set(conditions)
    for code, row in conditions.items():
        assert len(names[code]) >= 5, code
        assert not names[code] & {row["name"].lower(), row["patient_term"].lower()}, code


def test_a_name_that_proposes_a_variant_names_one_of_its_condition():
    known = {(row["condition"], row["variant"]) for row in rows("diagnosis_families")}
    for row in rows("condition_names"):
        if row["proposed_variant"]:
            assert (row["condition"], row["proposed_variant"]) in known, row


def test_where_a_name_comes_from_is_said():
    kinds = {row["source"].split(":")[0] for row in rows("condition_names")}

    assert kinds == {"own wording", "CMS/CDC ICD-10-CM code list and tabular, April 2026 release"}
