"""What a consent requires, and what is accepted as a signature."""

import pytest

from patients.rules import consents

STROKES = "10,20 30,40 50,60;70,80 90,100"


@pytest.mark.parametrize(
    ("strokes", "path"),
    [
        (STROKES, "M10 20L30 40L50 60M70 80L90 100"),
        ("1,1 2,2 3,3 4,4;9,9", "M1 1L2 2L3 3L4 4M9 9L9 9"),
        ("", ""),
        ("10,20", ""),
        ("10,20 30,40 50,60 70,x 1,1", ""),
        ("1,1 2,2 3,3 4,4 5,5\n", ""),
        ("-1,1 2,2 3,3 4,4 5,5", ""),
        ("10000,1 2,2 3,3 4,4 5,5", ""),
        (" ".join(["1,1"] * 6000), ""),
        ('"/><script>alert(1)</script>', ""),
    ],
)
def test_only_strokes_become_a_path(strokes, path):
    assert consents.path_of(strokes) == path


@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("M10 20L30 40", True),
        ("M10 20", False),
        ("M10 20L30 40Z", False),
        ('M1 1L2 2"/><script>', False),
        ("M1 1L2 2\n", False),
        ("", False),
    ],
)
def test_only_moves_and_lines_are_kept(path, good):
    assert consents.is_path(path) is good


@pytest.mark.parametrize(
    ("signer", "relationship", "minor", "codes"),
    [
        ("patient", "", False, set()),
        ("patient", "", True, {"wrong-signer"}),
        ("guardian", "mother", True, set()),
        ("guardian", " ", True, {"no-relationship"}),
        ("guardian", "mother", False, {"wrong-signer"}),
        ("representative", "health care proxy", False, set()),
        ("somebody", "friend", False, {"wrong-signer"}),
    ],
)
def test_the_right_person_signs(signer, relationship, minor, codes):
    reasons = consents.signer_reasons(signer=signer, relationship=relationship, minor=minor)

    assert {reason.code for reason in reasons} == codes


def test_every_statement_and_a_region_are_needed():
    reasons = [*consents.reading_reasons(required=["a", "b"], ticked=["a"]), *consents.region_reasons([])]

    assert {reason.code for reason in reasons} == {"statement-missing", "no-regions"}
    assert consents.reading_reasons(required=["a"], ticked=["a"]) == []
    assert consents.region_reasons(["back"]) == []


def test_the_young_person_agrees_as_well():
    assert consents.statements_for(["a"], minor=True) == ["a", consents.ASSENT]
    assert consents.statements_for(["a"], minor=False) == ["a"]
