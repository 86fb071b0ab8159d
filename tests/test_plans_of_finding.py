"""Each way of finding a patient is led by an index, on both engines: no search grows with the practice."""

import pytest
from django.db import connection
from django.utils import timezone

from patients.rules.identity import search_terms
from patients.selectors.identity import one_box
from tests import test_plans, test_plans_postgres
from tests.test_plans import captured_statements

pytestmark = pytest.mark.django_db
# What the one box promises, each by what somebody types.
WAYS = {
    "a word": "lindgren",
    "the beginning of a word": "lin",
    "several words": "per lind",
    "a word with a slip": "lnidgren",
    "a word beside one that nobody has": "lind elsewhere",
    "a short form": "bob lind",
    "a transliteration": "иванов",
    "another way to write a name": "mohd",
    "initials": "p l",
    "one letter": "a",
    "a birth date": "9/30/1967",
    "a birth date in words": "September 30, 1967",
    "a birth date without signs": "093067",
    "a birth date with day and month swapped": "lind 30/9/1967",
    "a year of birth": "lind 1967",
    "a phone number": "(555) 014-2290",
    "a phone number with an extension": "(555) 014-2290 ext. 12",
    "the end of a phone number": "2290",
    "an e-mail address": "per@example.org",
    "a reference": "YCTZTKA",
    "a guardian": "mae lind",
    "a former name": "borgwood",
    "a number of another system": "AB-4471",
    "a number of digits alone": "447120",
}


def read_whole(do) -> list:
    """Statements that read a growing table without an index, on the engine of this run."""
    if connection.vendor == "sqlite":
        return test_plans.full_scans(do)
    test_plans_postgres.prefer_indexes()
    return list(test_plans_postgres.full_scans(do).items())


def finding(practice, typed: str):
    terms = search_terms.parse_search(typed, today=timezone.localdate())
    assert not terms.is_empty or terms.email
    return lambda: one_box.find(terms, user=practice.people["desk"])


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_finding_is_led_by_an_index(practice, way):
    find = finding(practice, WAYS[way])

    assert captured_statements(find)
    assert read_whole(find) == []


@pytest.mark.parametrize("way", WAYS)
def test_no_way_asks_more_statements_than_another_allows(practice, way):
    assert len(captured_statements(finding(practice, WAYS[way]))) <= 5
