"""Everybody compared with everybody, on people who are registered as front desks register them."""

import time
from dataclasses import replace
from itertools import combinations

import pytest

from patients.rules.identity import duplicates, likeness
from patients.rules.identity.keys import Identity
from tests import people_with_errors
from tests.drills import IS_FULL

# What must hold, of all pairs.
LEAST_RECALL, LEAST_PRECISION = 0.94, 0.99
PEOPLE = 5_000
MOST_SECONDS = 20
MOST_FALSE_ALARMS = 0.02
NEW_PEOPLE = 300


@pytest.fixture(scope="module")
def registered():
    return people_with_errors.registrations(PEOPLE, seed=15)


@pytest.fixture(scope="module")
def found(registered):
    """The likely duplicates as pairs of places, with the seconds of this process."""
    started = time.process_time()
    pairs = duplicates.likely_pairs(people_with_errors.columns(registered))
    return pairs, time.process_time() - started


@pytest.fixture(scope="module")
def true_pairs(registered):
    places: dict[int, list[int]] = {}
    for place, row in enumerate(registered):
        places.setdefault(row.person, []).append(place)
    return {pair for same in places.values() for pair in combinations(same, 2)}


def test_those_registered_twice_are_found_and_few_others(found, true_pairs):
    pairs = {(pair.one, pair.other) for pair in found[0]}

    assert len(true_pairs) > 200
    assert len(pairs & true_pairs) / len(true_pairs) >= LEAST_RECALL
    assert len(pairs & true_pairs) / len(pairs) >= LEAST_PRECISION


def test_nobody_of_a_household_is_taken_for_another(found, true_pairs, registered):
    same_home = [
        (pair.one, pair.other)
        for pair in found[0]
        if registered[pair.one].household == registered[pair.other].household and pair.likeness.is_exact
    ]

    assert len(same_home) > 50
    assert set(same_home) <= true_pairs


def test_all_pairs_of_five_thousand_take_seconds(found):
    assert found[1] < MOST_SECONDS


def test_few_new_people_raise_a_false_alarm():
    """Nobody of them is registered yet. In a full drill the practice has 100,000 patients."""
    size = 100_000 if IS_FULL else 5_000
    everybody = people_with_errors.registrations(size, seed=4, twice=0)
    new, there = everybody[:NEW_PEOPLE], everybody[NEW_PEOPLE:]
    practice = duplicates.Practice(people_with_errors.columns(there))

    alarmed = [row for row in new if _is_alarmed(replace(row.identity, former=frozenset()), practice)]

    assert len(alarmed) / len(new) <= MOST_FALSE_ALARMS


def _is_alarmed(typed: Identity, practice: duplicates.Practice) -> bool:
    """As while registering: by names, or by the birth date and a phone that nobody else has."""
    by_phone = [person for person in practice.people if person.phone_key == typed.phone_key]
    reached = likeness.reached_alike(typed, by_phone, practice.rarity)
    return bool(reached) or any(like.is_shown for like in practice.likenesses(typed))


def test_the_same_seed_makes_the_same_people():
    one, other = (people_with_errors.registrations(50, seed=8) for _ in range(2))

    assert one == other
    assert one != people_with_errors.registrations(50, seed=9)
