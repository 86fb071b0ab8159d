"""The next step of a visit, its open health questions and the advice about its course, as tables."""

from dataclasses import replace

import pytest

from treatments.rules.board import my_day, next_step
from treatments.rules.board.next_step import VisitFacts

CLEAR = VisitFacts(
    state="expected",
    day="today",
    screening="screening-clear",
    visit_screen="visit-screen-clear",
    consent="consent-given",
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "arrive"),
        ({"consent": "consent-missing", "screening": "screening-missing"}, "arrive"),
        ({"day": "future"}, "none"),
        ({"day": "past"}, "settle"),
        ({"state": "arrived"}, "room"),
        ({"state": "arrived", "screening": "screening-missing"}, "ask-intake"),
        ({"state": "arrived", "screening": "screening-ended"}, "ask-intake"),
        ({"state": "arrived", "screening": "screening-missing", "consent": "consent-missing"}, "ask-intake"),
        ({"state": "arrived", "consent": "consent-missing"}, "consent"),
        ({"state": "arrived", "consent": "consent-ended"}, "consent"),
        ({"state": "arrived", "consent": "consent-refused"}, "room"),
        ({"state": "arrived", "visit_screen": "visit-screen-missing"}, "ask-visit"),
        ({"state": "arrived", "visit_screen": "visit-screen-missing", "is_mine": True}, "ask-aloud"),
        ({"state": "arrived", "screening": "screening-unreviewed"}, "room"),
        ({"state": "arrived", "screening": "screening-stop"}, "room"),
        ({"state": "arrived", "day": "past", "consent": "consent-missing"}, "leave"),
        ({"state": "arrived", "is_mine": True}, "open"),
        ({"state": "arrived", "is_mine": True, "consent": "consent-missing"}, "consent"),
        ({"state": "arrived", "is_mine": True, "session": "draft"}, "session"),
        ({"state": "arrived", "is_mine": True, "session": "done"}, "leave"),
        ({"to_review": True, "screening": "screening-unreviewed"}, "arrive"),
        ({"to_review": True, "screening": "screening-unreviewed", "is_mine": True}, "review"),
        ({"to_review": True, "is_mine": True, "day": "future"}, "review"),
        ({"to_review": True, "is_mine": True, "day": "past"}, "settle"),
        ({"state": "arrived", "to_review": True, "is_mine": True, "consent": "consent-missing"}, "review"),
        ({"state": "arrived", "is_mine": True, "consent": "consent-refused"}, "without"),
        ({"state": "in_room", "is_mine": True, "consent": "consent-withdrawn"}, "without"),
        ({"state": "arrived", "is_mine": True, "screening": "screening-stop"}, "without"),
        ({"state": "in_room", "is_mine": True, "visit_screen": "visit-screen-stop"}, "without"),
        ({"state": "in_room", "is_mine": True, "consent": "consent-missing"}, "consent"),
        ({"state": "in_room", "is_mine": True, "screening": "screening-missing"}, "ask-intake"),
        ({"state": "in_room", "is_mine": True, "visit_screen": "visit-screen-missing"}, "ask-aloud"),
        ({"state": "in_room", "is_mine": True, "to_review": True}, "review"),
        ({"state": "in_room"}, "leave"),
        ({"state": "in_room", "is_mine": True}, "open"),
        ({"state": "in_room", "session": "draft"}, "wait"),
        ({"state": "in_room", "session": "draft", "is_mine": True}, "session"),
        ({"state": "in_room", "session": "done"}, "leave"),
        ({"state": "in_room", "session": "done", "needles_in": 2}, "wait"),
        ({"state": "left"}, "book"),
        ({"state": "left", "has_next": True}, "none"),
        ({"state": "left", "day": "past", "is_mine": True}, "late"),
        ({"state": "left", "day": "past"}, "book"),
        ({"state": "left", "day": "past", "is_mine": True, "session": "done"}, "book"),
        ({"state": "left", "session": "draft", "is_mine": True}, "session"),
        ({"state": "cancelled"}, "none"),
        ({"may_manage": False}, "none"),
        ({"may_manage": False, "is_mine": True, "state": "in_room"}, "open"),
    ],
)
def test_each_visit_has_one_next_step(changes, code):
    assert next_step.next_step(replace(CLEAR, **changes)).code == code


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, set()),
        ({"screening": "screening-caution", "visit_screen": "visit-screen-caution"}, set()),
        ({"screening": "screening-missing"}, {"ask"}),
        ({"screening": "screening-ended"}, {"ask"}),
        ({"visit_screen": "visit-screen-missing"}, set()),
        ({"state": "arrived", "visit_screen": "visit-screen-missing"}, {"ask"}),
        ({"screening": "screening-unreviewed"}, {"review"}),
        ({"visit_screen": "visit-screen-unreviewed"}, {"review"}),
        ({"screening": "screening-ended", "visit_screen": "visit-screen-unreviewed"}, {"ask", "review"}),
        ({"screening": "screening-stop"}, {"stop"}),
        ({"screening": "screening-unreviewed", "visit_screen": "visit-screen-stop"}, {"stop"}),
    ],
)
def test_health_questions_are_to_ask_to_review_or_a_stop(changes, found):
    assert next_step.open_screening(replace(CLEAR, **changes)) == found


@pytest.mark.parametrize(
    ("pains", "flat"),
    [
        ([], False),
        ([(5, 5), (5, 5)], False),
        ([(5, 5), (5, 5), (5, 5)], True),
        ([(6, 5), (5, 5), (5, 5)], False),
        ([(9, 2), (5, 5), (5, 5), (5, 5)], True),
        ([(5, 5), (5, 3), (5, 5)], False),
    ],
)
def test_three_visits_without_a_change_are_flat(pains, flat):
    assert my_day.is_flat(pains) is flat


@pytest.mark.parametrize(
    ("pains", "advice"),
    [
        ([(5, 5), (5, 5), (5, 5)], "Consider a change"),
        ([(1, 0), (1, 0), (1, 0)], "Consider discharge"),
        ([(0, 0), (0, 0), (0, 0)], "Consider discharge"),
        ([(1, 1), (1, 1), (1, 1)], "Consider a change"),
        ([(2, 0), (2, 0), (2, 0)], "Consider a change"),
        ([(6, 5), (5, 5), (5, 4)], ""),
    ],
)
def test_where_hardly_any_pain_is_left_the_advice_is_to_discharge(pains, advice):
    assert my_day.advice(pains) == advice
