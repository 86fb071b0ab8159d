"""Finds the pairs of people who are likely one person, without comparing everybody with everybody."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from patients.rules.identity.alike import (
    OTHER,
    NameParts,
    address_of,
    alike_dates,
    alike_names,
    parts_of,
)
from patients.rules.identity.evidence import Rarity
from patients.rules.identity.keys import Identity, words_of
from patients.rules.identity.likeness import MATCH_SCORE, ComparedPatient, Likeness, compare
from patients.rules.identity.names import latin, name_of, plain

# More than these share nothing but a placeholder, such as the phone number of the practice.
LARGEST_BLOCK = 400
LETTERS = 3

Person = Identity | ComparedPatient


@dataclass(frozen=True)
class LikelyPair:
    """Two places in the list of people, the lower first."""

    one: int
    other: int
    likeness: Likeness


class Practice:
    """People by their blocks: who shares none with somebody is not compared."""

    def __init__(self, people: Sequence[Person]):
        self.people = people
        self.rarity = rarity_of(people)
        self.blocks: dict[Hashable, list[int]] = defaultdict(list)
        for place, person in enumerate(people):
            for block in set(_blocks_of(person)):
                self.blocks[block].append(place)

    def pairs(self) -> set[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        for _, places in self.blocks.items():
            if len(places) <= LARGEST_BLOCK:
                found.update(pair for pair in combinations(places, 2) if not self._is_far(*pair))
        return found

    def likenesses(self, person: Person) -> Iterator[Likeness]:
        """Of one more person, with those who share a block."""
        places = {place for block in _blocks_of(person) for place in self.blocks.get(block, ())}
        return (compare(person, self.people[place], self.rarity) for place in places)

    def _is_far(self, one: int, other: int) -> bool:
        """No phone or home makes one person of these: first name and birth date differ."""
        first, second = self.people[one], self.people[other]
        if alike_dates(first.born, second.born) != OTHER:
            return False
        parts, others = parts_of(first.name_key), parts_of(second.name_key)
        return alike_names(parts.given, others.given) == OTHER == alike_names(parts.given, others.family)


def likely_pairs(people: Sequence[Person]) -> list[LikelyPair]:
    """The likeliest first."""
    practice = Practice(people)
    compared = (
        LikelyPair(one, other, compare(people[one], people[other], practice.rarity))
        for one, other in practice.pairs()
    )
    likely = [pair for pair in compared if pair.likeness.score >= MATCH_SCORE or pair.likeness.is_exact]
    return sorted(likely, key=lambda pair: (-pair.likeness.score, pair.one, pair.other))


def rarity_of(people: Sequence[Person]) -> Rarity:
    words: Counter[str] = Counter()
    for person in people:
        words.update({*words_of(f"{person.name_key} {person.preferred_name}"), *person.former})
    return Rarity(len(people), words, Counter(person.phone_key for person in people))


def _blocks_of(person: Person) -> Iterator[Hashable]:
    """Any of these may be wrong, and another still brings the two together."""
    parts, born = parts_of(person.name_key), person.born
    givens = _pieces(parts.given)
    for family in _pieces(parts.family):
        yield from (("names", *sorted((family, given))) for given in givens)
    if born is not None:
        yield "born", born
        for family in _pieces(parts.family):
            yield "family", family, born.year
            yield "family", family, born.month, born.day
        for given in _first_names(parts):
            yield from (("given", given, *part) for part in _parts_of_date(born))
    contacts = (person.phone_key, person.email.lower(), address_of(person.address, person.postal_code))
    yield from (("contact", contact) for contact in contacts if contact)


def _parts_of_date(born: dt.date) -> Iterator[tuple]:
    """Two of day, month and year; a date with day and month swapped shares one of them."""
    yield "year", born.year, *sorted((born.day, born.month))
    yield "day", born.day, born.year
    yield "month", born.month, born.year
    yield "both", born.day, born.month


def _first_names(parts: NameParts) -> set[str]:
    return {name_of(word) for word in parts.given} | {plain(word) for word in parts.family[:1]}


def _pieces(words: tuple[str, ...]) -> set[str]:
    """The beginning and the end of a name: a slip leaves one of them."""
    whole = {latin(word) for word in (*words, *map(name_of, words))}
    return {f"{word[:LETTERS]}…" for word in whole} | {f"…{word[-LETTERS:]}" for word in whole}
