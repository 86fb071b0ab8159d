"""The billing code follows the distinct muscles; domain facts 8."""

import pytest

from treatments.rules.billing import FEW, MANY, CodedNote, CountedMuscle, day_prompts, propose

UT_R, UT_L = CountedMuscle("ut", "Upper trapezius", "right"), CountedMuscle("ut", "Upper trapezius", "left")
IS_R = CountedMuscle("is", "Infraspinatus", "right")
LS_R = CountedMuscle("ls", "Levator scapulae", "right")
LONG, LATERAL, MEDIAL = (
    CountedMuscle("tb", "Triceps brachii", "left", head) for head in ("long", "lateral", "medial")
)


@pytest.mark.parametrize(
    ("muscles", "settings", "code", "count"),
    [
        ([], {}, "", 0),
        ([UT_R], {}, FEW, 1),
        ([UT_R, IS_R], {}, FEW, 2),
        ([UT_R, IS_R, LS_R], {}, MANY, 3),
        ([UT_R, UT_R, UT_R, UT_R], {}, FEW, 1),
        ([UT_R, UT_L, IS_R], {}, FEW, 2),
        ([UT_R, UT_L, IS_R], {"sides_count_once": False}, MANY, 3),
        ([LONG, LATERAL, MEDIAL], {}, FEW, 1),
        ([LONG, LATERAL, MEDIAL], {"heads_count_once": False}, MANY, 3),
    ],
)
def test_code_by_distinct_muscles(muscles, settings, code, count):
    proposal = propose(muscles, **settings)

    assert (proposal.code, proposal.muscles) == (code, count)


def test_the_muscles_are_named_as_the_reason():
    assert propose([UT_R, IS_R]).reason == "2 muscles: Upper trapezius, Infraspinatus."
    assert "Upper trapezius left" in propose([UT_R, UT_L], sides_count_once=False).reason


@pytest.mark.parametrize(
    ("others", "rules"), [([], set()), ([CodedNote("7K4M9QXA", MANY, "Jo")], {"code-of-the-day"})]
)
def test_a_second_code_on_one_day_asks_which_is_billed(others, rules):
    assert {asked.rule for asked in day_prompts(others)} == rules
