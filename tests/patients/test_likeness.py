"""Similarity of patients, and who is shown as a possible match while registering."""

import datetime as dt

import pytest
from django.db import connection

from patients.rules.identity import alike, likeness
from patients.rules.identity.keys import Identity
from patients.selectors.identity import possible_matches
from patients.selectors.identity.possible_matches import MAX_MATCHES
from tests import factories

BORN = dt.date(1984, 3, 5)
PHONE = "+15550146631"
BEN = Identity("Okafor", "Ben", BORN, PHONE)
ADA = Identity(
    "Examplewood", "Ada", BORN, PHONE, address="1 Sample Street", postal_code="60601", sex="female"
)
# A mistyped birth date: a wrong digit, two digits swapped, day and month swapped.
MISTYPED = ("1984-03-06", "1984-08-05", "1994-03-05", "1948-03-05", "1983-03-05", "1984-05-03")


@pytest.mark.parametrize(
    ("other", "shown", "words"),
    [
        (
            Identity("Okafor", "Benjamin", BORN, ""),
            True,
            ("same last name", "another form of the first name", "same birth date"),
        ),
        (Identity("OKAFOR", "Ben", dt.date(1960, 1, 1), ""), True, ("same name",)),
        (Identity("Ben", "Okafor", dt.date(1960, 1, 1), ""), True, ("same name",)),
        (Identity("Okafar", "Ben", BORN, ""), True, ("a similar name", "same birth date")),
        (
            Identity("Okafar", "Ben", dt.date(1984, 5, 3), ""),
            True,
            ("a similar name", "nearly the same birth date"),
        ),
        (Identity("Okafor Lindqvist", "Ben", BORN, ""), True, ("a similar name", "same birth date")),
        (Identity("Novak", "Ben", BORN, ""), True, ("same first name", "same birth date")),
        (Identity("Novak", "Eva", BORN, PHONE), False, ("same birth date", "same phone")),
        (Identity("Okafor", "Adaeze", dt.date(1991, 1, 22), ""), False, ("same last name",)),
        (
            Identity("Okafor", "Adaeze", dt.date(1985, 3, 5), ""),
            False,
            ("same last name", "nearly the same birth date"),
        ),
        (Identity("Novak", "Eva", BORN, ""), False, ("same birth date",)),
        (Identity("Novak", "Eva", dt.date(1990, 1, 1), PHONE), False, ("same phone",)),
        (Identity("Novak", "Ben", dt.date(1990, 1, 1), PHONE), False, ("same first name", "same phone")),
    ],
)
def test_likeness_says_why(other, shown, words):
    found = likeness.compare(BEN, other)

    assert (found.is_shown, found.same) == (shown, words)
    assert likeness.compare(other, BEN) == found


@pytest.mark.parametrize("written", MISTYPED)
def test_a_birth_date_with_one_slip_is_near(written):
    other = dt.date.fromisoformat(written)

    assert other in alike.near_birth_dates(BORN)
    assert BORN in alike.near_birth_dates(other)


@pytest.mark.parametrize("written", ["1984-03-05", "1985-04-05", "1884-03-05", "1962-11-20"])
def test_a_birth_date_with_more_or_less_than_one_slip_is_not(written):
    assert dt.date.fromisoformat(written) not in alike.near_birth_dates(BORN)


@pytest.mark.parametrize("written", MISTYPED)
def test_a_slip_in_the_name_and_one_in_the_birth_date_still_show_the_patient(reception, written):
    existing = factories.patient(
        reception, family_name="Okafor", given_name="Ben", born=dt.date.fromisoformat(written), phone=""
    )

    assert shown(Identity("Okafar", "Ben", BORN)) == [existing.ref]


def test_names_in_the_wrong_boxes_show_the_patient(reception):
    existing = factories.patient(
        reception, family_name="Okafor", given_name="Ben", born=dt.date(1960, 1, 1), phone=""
    )

    assert shown(Identity("ben", "okafor", BORN)) == [existing.ref]


def test_the_likeliest_is_shown_where_a_phone_and_a_day_are_many_peoples(reception, monkeypatch):
    """A placeholder phone number and the placeholder birth date of January 1."""
    monkeypatch.setattr(possible_matches, "MAX_COMPARED", 2)
    for letters in ("Aabel", "Aabin", "Aabor", "Aabur"):
        factories.patient(reception, family_name=letters, born=BORN, phone="(555) 014-6631")
    existing = factories.patient(reception, family_name="Okafor", given_name="Ben", born=BORN, phone="")

    assert shown(BEN) == [existing.ref]


def test_no_more_matches_are_shown_than_can_be_read(reception):
    for day in range(1, 6):
        factories.patient(
            reception, family_name="Okafor", given_name="Ben", born=dt.date(1984, 3, day), phone=""
        )

    assert len(shown(BEN)) == MAX_MATCHES


def test_matches_are_found_and_names_counted_without_reading_a_table_whole(
    reception, django_assert_num_queries
):
    factories.patient(reception, family_name="Okafor", given_name="Ben", born=BORN)

    with django_assert_num_queries(4) as seen:
        possible_matches.candidates(BEN, user=None)

    if connection.vendor == "sqlite":  # PostgreSQL reads a table of one row whole
        with connection.cursor() as cursor:
            for query in seen.captured_queries:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                assert not [row[3] for row in cursor.fetchall() if row[3].startswith("SCAN patients_")]


def shown(identity: Identity) -> list[str]:
    return [match.ref for match in possible_matches.candidates(identity, user=None)]
