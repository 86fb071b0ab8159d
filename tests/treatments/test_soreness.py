"""The triage of soreness reports as a table, without a database."""

import pytest

from treatments.rules.followups import red_flags, soreness
from treatments.rules.followups.soreness import EXPECTED, TALK, URGENT, Answers, Thresholds

LIMITS = Thresholds(first=7, later=4)


@pytest.mark.parametrize(
    ("answers", "is_first_step", "expected"),
    [
        (Answers(now=0), True, EXPECTED),
        (Answers(now=6), True, EXPECTED),
        (Answers(now=7), True, TALK),
        (Answers(now=10), True, TALK),
        (Answers(now=3), False, EXPECTED),
        (Answers(now=4), False, TALK),
        (Answers(now=2, worst=10), True, EXPECTED),
        (Answers(now=1, course="better"), False, EXPECTED),
        (Answers(now=1, course="same"), False, EXPECTED),
        (Answers(now=1, course="worse"), False, TALK),
        (Answers(now=0, wants_call=True), False, TALK),
        (Answers(now=0, signs=("breathless",)), True, URGENT),
        (Answers(now=0, signs=("other-worry",)), False, URGENT),
        (Answers(now=9, course="worse", signs=("chest-pain",), wants_call=True), True, URGENT),
    ],
)
def test_triage(answers, is_first_step, expected):
    assert soreness.triage(answers, is_first_step=is_first_step, thresholds=LIMITS) == expected


def test_every_reason_to_talk_is_told_at_once():
    worst = Answers(now=8, course="worse", wants_call=True)
    assert len(soreness.reasons_to_talk(worst, is_first_step=True, thresholds=LIMITS)) == 3


@pytest.mark.parametrize(
    ("answer", "over_lung", "expected"),
    [("yes", True, True), ("yes", False, False), ("no", True, False)],
)
def test_a_chest_sign_after_a_site_over_the_lung_suggests_the_lung(answer, over_lung, expected):
    signs = [f"breathless 1 {answer}"]
    assert soreness.suggests_lung(signs, chest_codes={"breathless"}, over_lung=over_lung) is expected


def test_a_sign_that_is_not_of_the_chest_does_not_suggest_the_lung():
    signs = ["fainted 1 yes"]
    assert soreness.suggests_lung(signs, chest_codes={"breathless"}, over_lung=True) is False


def test_what_is_added_keeps_what_is_on_file_and_zero_and_no_are_answers():
    filed = {"now": 3, "worst": 4, "hours": None, "drank_water": None, "course": "same", "wants_call": True}
    added = {"now": None, "worst": 2, "hours": 0, "drank_water": False, "course": "", "wants_call": False}

    merged = soreness.with_added_answers(filed, added)

    assert merged == {**filed, "worst": 3, "hours": 0, "drank_water": False}


@pytest.mark.parametrize(
    ("filed", "added", "stands"),
    [
        ("not_asked", "no", "no"),
        ("not_asked", "yes", "yes"),
        ("not_asked", "not_asked", "not_asked"),
        ("no", "not_asked", "no"),
        ("no", "yes", "yes"),
        ("yes", "no", "yes"),
        ("yes", "not_asked", "yes"),
    ],
)
def test_adding_answers_a_sign_and_never_takes_a_yes_back(filed, added, stands):
    merged = soreness.with_added_signs([f"fainted 1 {filed}"], [f"fainted 1 {added}"])

    assert merged == [f"fainted 1 {stands}"]


@pytest.mark.parametrize(
    ("yes", "words"),
    [
        (("breathless",), "Short of breath"),
        (("chest-pain", "breathless"), "Short of breath, chest pain"),
        ((), ""),
        (("unheard-of",), ""),
    ],
)
def test_signs_are_named_in_a_few_words_and_in_the_order_of_the_catalogue(yes, words):
    names = [
        {"code": "breathless", "name": "Short of breath"},
        {"code": "chest-pain", "name": "Chest pain"},
        {"code": "fainted", "name": "Fainted"},
    ]
    signs = ["fainted 1 no", *(f"{code} 1 yes" for code in yes)]

    assert red_flags.named(signs, names) == words
    assert red_flags.standing([{"signs": signs}], names) == (words or "Warning sign")
