"""Evidence that two are one person: rare names, short forms, scripts; and households that look alike."""

import datetime as dt
from dataclasses import replace

import pytest

from patients.rules.identity import likeness
from patients.rules.identity.evidence import Rarity
from patients.rules.identity.keys import Identity

BORN = dt.date(1984, 3, 5)
PHONE = "+15550146631"
HOME = {"phone_key": PHONE, "address": "1 Sample Street", "postal_code": "60601"}
ROBERT = Identity("Pemberton", "Robert", BORN, sex="male", **HOME)
LARGE = 100_000


def rarity(share: float) -> Rarity:
    """A large practice in which this share bears each of the names."""
    return Rarity(LARGE, dict.fromkeys(("pemberton", "robert", "bob"), int(LARGE * share)))


@pytest.mark.parametrize(
    "other",
    [
        replace(ROBERT, given_name="Bob"),
        replace(ROBERT, family_name="PEMBERTON", given_name="robert"),
        replace(ROBERT, family_name="Robert", given_name="Pemberton"),
        replace(ROBERT, given_name="Roberta", preferred_name="Bob", sex=""),
        replace(ROBERT, address="", phone_key="", sex=""),
    ],
)
def test_name_and_birth_date_in_another_spelling_are_exact(other):
    found = likeness.compare(ROBERT, other)

    assert found.is_exact
    assert likeness.compare(other, ROBERT) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Иванов", "Сергей"), ("Ivanov", "Sergey")),
        (("Юрьева", "Юлия"), ("Yureva", "Yulia")),
        (("Παπάς", "Νίκος"), ("Papas", "Nikos")),
        (("Placeholder", "Mohd"), ("Placeholder", "Muhammad")),
        (("O'Sample", "Zoë"), ("OSAMPLE", "Zoe")),
        (("Anna-Maria", "Sample"), ("Annamaria", "Sample")),
    ],
)
def test_one_name_in_two_scripts_or_spellings_is_exact(one, other):
    assert likeness.compare(Identity(*one, BORN), Identity(*other, BORN)).is_exact


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"given_name": "Ronald"}, "twin"),
        ({"given_name": "Rupert"}, "twin whose name begins alike"),
        ({"given_name": "Roberta", "sex": "female"}, "twin sister of a like name"),
        ({"family_name": "Pemberton Jr", "born": dt.date(2011, 8, 19)}, "junior"),
        ({"born": dt.date(1955, 6, 1)}, "parent of the same name"),
        ({"family_name": "Pemberton Sr"}, "senior with the junior's birth date"),
        ({"given_name": "Ada", "sex": "female", "born": dt.date(1986, 12, 30)}, "spouse on one phone"),
        ({"given_name": "Ada", "sex": "female", "family_name": "Sample"}, "partner with one birthday"),
    ],
)
def test_one_of_the_household_is_never_above_the_same_line(changed, what):
    found = likeness.compare(ROBERT, replace(ROBERT, **changed), rarity(0.0001))

    assert not found.is_exact, what


def test_twins_and_juniors_are_no_duplicates():
    for changed in ({"given_name": "Ronald"}, {"family_name": "Pemberton Jr", "born": dt.date(2011, 8, 19)}):
        assert likeness.compare(ROBERT, replace(ROBERT, **changed)).score < likeness.MATCH_SCORE


def test_a_married_name_is_outweighed_by_what_stayed():
    ada = Identity("Examplewood", "Adaeze", BORN, PHONE, email="ada@example.org", sex="female")

    found = likeness.compare(ada, replace(ada, family_name="Neuwald", phone_key=""), Rarity(LARGE))

    assert found.score >= likeness.MATCH_SCORE
    assert likeness.SAME_EMAIL in found.same


@pytest.mark.parametrize(("share", "shown"), [(0.00002, True), (0.01, False)])
def test_a_slip_in_the_birth_date_counts_where_the_name_is_rare(share, shown):
    """In a large practice thousands bear a frequent name, and some are born on nearly the same day."""
    other = Identity("Pemberton", "Robert", dt.date(1984, 3, 6))

    assert likeness.compare(Identity("Pemberton", "Robert", BORN), other, rarity(share)).is_shown == shown


@pytest.mark.parametrize(("share", "shown"), [(0.00002, True), (0.002, False)])
def test_a_namesake_of_another_age_is_shown_where_the_name_is_rare(share, shown):
    other = Identity("Pemberton", "Robert", dt.date(1950, 10, 21))

    assert likeness.compare(Identity("Pemberton", "Robert", BORN), other, rarity(share)).is_shown == shown


@pytest.mark.parametrize("written", ["1984-05-03", "1984-03-06", "1948-03-05"])
def test_day_and_month_swapped_and_one_key_off_are_nearly_the_same(written):
    found = likeness.compare(ROBERT, replace(ROBERT, born=dt.date.fromisoformat(written)))

    assert found.score >= likeness.MATCH_SCORE
    assert likeness.NEAR_BIRTH_DATE in found.same


RENAMED = Identity("Neuwald", "Adaeze", BORN, PHONE, sex="female", former=frozenset({"examplewood"}))
MAIDEN = Identity("Examplewood", "Adaeze", BORN, sex="female")


def rarity_of_former(share: float) -> Rarity:
    return Rarity(LARGE, dict.fromkeys(("adaeze", "examplewood", "neuwald"), int(LARGE * share)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (MAIDEN, ("former name", "same first name", "same birth date")),
        (replace(MAIDEN, given_name="Ada", preferred_name="Adaeze"),
         ("former name", "another form of the first name", "same birth date")),
        (replace(MAIDEN, phone_key=PHONE, born=dt.date(1984, 3, 6)),
         ("former name", "same first name", "nearly the same birth date", "same phone")),
    ],
)  # fmt: skip
def test_who_comes_under_a_former_name_is_possible_with_the_reason(typed, words):
    found = likeness.compare(typed, RENAMED, rarity_of_former(0.004))

    assert (found.is_shown, found.same) == (True, words)
    assert likeness.compare(RENAMED, typed, rarity_of_former(0.004)) == found


def test_a_former_name_is_never_the_same_name():
    """The desk may have typed a twin's name into this record, and corrected it."""
    twin = Identity("Pemberton", "Ronald", BORN, former=frozenset({"robert"}), sex="male", **HOME)

    assert not likeness.compare(ROBERT, twin).is_exact
    assert not likeness.compare(MAIDEN, RENAMED).is_exact


def test_a_frequent_former_name_says_less_than_a_rare_one():
    scores = [likeness.compare(MAIDEN, RENAMED, rarity_of_former(share)).score for share in (0.00002, 0.03)]

    assert scores[0] >= likeness.MATCH_SCORE > scores[1]


@pytest.mark.parametrize(
    "changed",
    [
        {"given_name": "Ben", "born": dt.date(2010, 1, 2), "sex": "male"},
        {"born": dt.date(2010, 1, 2)},
        {"given_name": "Ronald", "sex": "male"},
    ],
)
def test_a_child_with_the_former_name_of_the_parent_is_somebody_else(changed):
    child = replace(MAIDEN, phone_key=PHONE, **changed)

    assert not likeness.compare(child, RENAMED, rarity_of_former(0.0001)).is_shown
