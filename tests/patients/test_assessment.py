"""The level of health answers: tables over items from literals, without a database."""

import datetime as dt

import pytest

from patients.models import ScreeningItem
from patients.rules import ages, screenings
from patients.rules.screenings import GivenAnswer

ADULT, MINOR = 40, 17


def item(code: str = "thinner", **fields) -> ScreeningItem:
    defaults = {
        "question": f"Is it {code}?",
        "kind": "intake",
        "scope": "patient",
        "concern_answer": "yes",
        "level": "caution",
        "unknown_level": "caution",
        "lowerable": True,
        "strip_label": code.capitalize(),
    }
    return ScreeningItem(code=code, **{**defaults, **fields})


CAUTION = item("thinner")
STOP = item("fever", level="stop")
WILLING = item("willing", concern_answer="no", level="stop", lowerable=False)
ARM = item("lymph", scope="site", level="stop", asks_regions=True)
EASY = item("first", unknown_level="clear")
EVERYTHING = [CAUTION, STOP, WILLING, ARM, EASY]
NO_CONCERNS = {"thinner": "no", "fever": "no", "willing": "yes", "lymph": "no", "first": "no"}


def given_answers(**answers: str) -> dict[str, GivenAnswer]:
    return {code: GivenAnswer(answer) for code, answer in {**NO_CONCERNS, **answers}.items()}


@pytest.mark.parametrize(
    ("answers", "age", "level"),
    [
        (given_answers(), ADULT, "clear"),
        (given_answers(thinner="yes"), ADULT, "caution"),
        (given_answers(thinner="unknown"), ADULT, "caution"),
        (given_answers(first="unknown"), ADULT, "clear"),
        (given_answers(fever="yes"), ADULT, "stop"),
        (given_answers(fever="unknown"), ADULT, "caution"),
        (given_answers(willing="no"), ADULT, "stop"),
        (given_answers(willing="unknown"), ADULT, "caution"),
        (given_answers(lymph="yes"), ADULT, "caution"),
        (given_answers(thinner="yes", fever="yes"), ADULT, "stop"),
        (given_answers(), MINOR, "caution"),
        (given_answers(fever="yes"), MINOR, "stop"),
        (given_answers(), 18, "clear"),
    ],
)
def test_the_worst_answer_decides(answers, age, level):
    assert screenings.level_of(EVERYTHING, answers, age=age) == level


def test_a_stop_for_one_limb_is_listed_after_a_stop_for_the_patient():
    found = screenings.findings(EVERYTHING, given_answers(lymph="yes", fever="yes", thinner="yes"))

    assert [finding.item.code for finding in found] == ["fever", "lymph", "thinner"]
    assert [finding.level for finding in found] == ["stop", "stop", "caution"]


def test_reasons_carry_what_the_patient_added():
    answers = {**given_answers(), "thinner": GivenAnswer("yes", detail="apixaban")}

    reasons = screenings.reasons(EVERYTHING, answers, age=MINOR)

    assert [reason.code for reason in reasons] == ["thinner", "under-age"]
    assert "apixaban" in reasons[0].message


@pytest.mark.parametrize(("age", "codes"), [(17, ["thinner", "under-age"]), (18, ["thinner"])])
def test_an_answer_that_is_not_known_says_so_and_only_a_minor_is_under_age(age, codes):
    reasons = screenings.reasons(EVERYTHING, given_answers(thinner="unknown"), age=age)

    assert [reason.code for reason in reasons] == codes
    assert reasons[0].message == "Thinner: not known"


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (given_answers(), set()),
        ({}, {"answer-thinner", "answer-fever", "answer-willing", "answer-lymph", "answer-first"}),
        ({**given_answers(), "fever": GivenAnswer("")}, {"answer-fever"}),
        (given_answers(lymph="yes"), {"regions-lymph"}),
        (given_answers(lymph="unknown"), set()),
        (
            {**given_answers(), "lymph": GivenAnswer("yes", regions=({"region": "f-arm", "side": "left"},))},
            set(),
        ),
    ],
)
def test_a_blank_is_never_a_no(answers, found):
    assert {reason.field for reason in screenings.missing_reasons(EVERYTHING, answers)} == found


@pytest.mark.parametrize(
    ("computed", "decision", "level", "explained"),
    [
        ("clear", "proceed", "clear", False),
        ("clear", "modify", "caution", True),
        ("clear", "defer", "stop", True),
        ("caution", "proceed", "clear", True),
        ("caution", "modify", "caution", False),
        ("caution", "refer", "stop", True),
        ("stop", "proceed", "caution", True),
        ("stop", "modify", "caution", True),
        ("stop", "defer", "stop", False),
        ("stop", "refer", "stop", False),
    ],
)
def test_a_decision_against_the_answers_is_explained(computed, decision, level, explained):
    decided = {"computed": computed, "decision": decision, "reason": " "}
    reasons = screenings.review_reasons(**decided, cannot_lower=False)

    assert screenings.level_after(computed, decision) == level
    assert {reason.code for reason in reasons} == ({"reason-needed"} if explained else set())


@pytest.mark.parametrize(("decision", "codes"), [("proceed", {"cannot-be-lowered"}), ("refer", set())])
def test_no_reason_turns_a_refusal_into_treatment(decision, codes):
    assert screenings.cannot_be_lowered(EVERYTHING, given_answers(willing="no"))
    assert not screenings.cannot_be_lowered(EVERYTHING, given_answers(fever="yes", willing="unknown"))
    said_why = {"computed": "stop", "decision": decision, "reason": "He insists"}
    reasons = screenings.review_reasons(**said_why, cannot_lower=True)

    assert {reason.code for reason in reasons} == codes


def test_one_refusal_among_stops_that_could_be_lowered_cannot_be_lowered():
    assert screenings.cannot_be_lowered(EVERYTHING, given_answers(willing="no", fever="yes"))


@pytest.mark.parametrize(
    ("decision", "is_whole", "codes"),
    [
        ("proceed", False, {"rest-not-asked"}),
        ("modify", False, {"rest-not-asked"}),
        ("defer", False, set()),
        ("refer", False, set()),
        ("proceed", True, set()),
    ],
)
def test_a_stop_is_not_lowered_before_the_rest_is_asked(decision, is_whole, codes):
    decided = {"computed": "stop", "decision": decision, "reason": "Fever last week."}
    reasons = screenings.review_reasons(**decided, cannot_lower=False, is_whole=is_whole)

    assert {reason.code for reason in reasons} == codes


def test_the_rule_version_follows_what_is_asked_and_how_it_is_judged():
    before = screenings.rule_version(EVERYTHING)

    assert screenings.rule_version(reversed(EVERYTHING)) == before
    assert screenings.rule_version([item("thinner", level="stop"), STOP, WILLING, ARM, EASY]) != before


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ((2026, 5, 14), 12, (2027, 5, 14)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2026, 12, 31), 2, (2027, 2, 28)),
    ],
)
def test_months_end_on_a_day_that_exists(day, months, later):
    made = dt.date(*day)

    assert ages.months_later(made, months) == dt.date(*later)
