"""What two people have in common, and how much that says: rare names much, a shared home little.

Three explanations are weighed against each other: one person, two of one household, two strangers. A twin, a
parent of the same name or a couple on one phone is explained by the household, and not taken for one person.
The method is that of Fellegi and Sunter, A Theory for Record Linkage (J. Am. Stat. Assoc. 64, 1969).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import NamedTuple

from patients.rules.identity.alike import (
    FORM,
    FORMER,
    NEAR,
    OTHER,
    PART,
    SAME,
    UNKNOWN,
    NameParts,
    address_of,
    alike_dates,
    alike_names,
    alike_texts,
    is_former,
    parts_of,
    preferred_words,
)
from patients.rules.identity.names import forms_of

# How often each is seen: of one person registered twice, and of two people of one household.
FAMILY_NAME = {
    SAME: (0.88, 0.75),
    FORM: (0.01, 0.001),
    # a parent who married again was called what the children are called
    FORMER: (0.03, 0.02),
    NEAR: (0.05, 0.005),
    PART: (0.03, 0.04),
    OTHER: (0.03, 0.2),
}
GIVEN_NAME = {
    SAME: (0.84, 0.02),
    FORM: (0.06, 0.003),
    # where somebody was called what a twin is called, the desk may have corrected the wrong record
    FORMER: (0.01, 0.003),
    NEAR: (0.06, 0.008),
    PART: (0.03, 0.01),
    OTHER: (0.003, 0.96),
}
BORN = {SAME: (0.93, 0.015), NEAR: (0.055, 0.004), OTHER: (0.008, 0.98)}
PHONE = {SAME: (0.75, 0.45), OTHER: (0.25, 0.55)}
EMAIL = {SAME: (0.8, 0.08), OTHER: (0.2, 0.92)}
ADDRESS = {SAME: (0.65, 0.75), OTHER: (0.35, 0.25)}
SEX = {SAME: (0.99, 0.5), OTHER: (0.005, 0.5)}
# A name in the other's box, of one person.
SWAPPED, SWAPPED_AT_HOME = 0.02, 0.0001
# Of strangers: a birth date, one of the dates near it, the first of January that stands for “not known”.
BORN_ALIKE, BORN_NEAR, BORN_ON_NEW_YEAR = 1 / 18_000, 45 / 18_000, 1 / 1_500
NEAR_NAMES, NEAR_AT_LEAST, SAME_INITIAL = 3, 0.001, 0.08
# How many of the next people are registered already, and live with somebody who is.
TWICE, OF_A_HOUSEHOLD = 0.05, 0.6
# What is taken for a name that is not counted yet, with the weight of so many people.
NEW_NAME, OF_PEOPLE = 0.0004, 1000
FEWEST_PEOPLE = 200


@dataclass(frozen=True)
class Rarity:
    """How many people there are, and how many have a word in a name or former name, or a phone number."""

    people: int = 0
    words: Mapping[str, int] = field(default_factory=dict)
    phones: Mapping[str, int] = field(default_factory=dict)

    def share(self, word: str) -> float:
        """Of people who have this name; the one who is compared does not count."""
        others = max(self.words.get(word, 0) - 1, 0)
        return (others + NEW_NAME * OF_PEOPLE) / (max(self.people, others) + OF_PEOPLE)

    def share_of_forms(self, word: str) -> float:
        return min(sum(self.share(form) for form in forms_of(word)), 1.0)

    def share_of_phone(self, phone: str) -> float:
        return max(self.phones.get(phone, 0), 1) / max(self.people, FEWEST_PEOPLE)

    @property
    def size(self) -> int:
        return max(self.people, FEWEST_PEOPLE)


class Odds(NamedTuple):
    """How probable one thing in common is of one person, of a household and of strangers."""

    same: float
    household: float
    strangers: float


NOTHING_SAID = Odds(1, 1, 1)
# Jr and Sr, or Jr and nothing, of people who were not born on one day.
OTHER_SUFFIX = Odds(0.02, 0.4, 0.2)
TOLD_SEXES = ("female", "male")


class Compared(NamedTuple):
    """What is alike, and what speaks for one person: between 0 and 1."""

    family: str
    given: str
    born: str
    phone: str
    email: str
    address: str
    suffix_differs: bool
    sex: str
    # strangers of the same names that this practice should have
    namesakes: float
    probability: float


def weighed(one, other, rarity: Rarity) -> Compared:
    """The two in any order: the result is the same. Each is an Identity or a ComparedPatient."""
    names = _names(one, other, rarity)
    born = alike_dates(one.born, other.born)
    phone = alike_texts(one.phone_key, other.phone_key)
    email = alike_texts(one.email.lower(), other.email.lower())
    address = alike_texts(_home_of(one), _home_of(other))
    sex = alike_texts(*(who.sex if who.sex in TOLD_SEXES else "" for who in (one, other)))
    suffix_differs = parts_of(one.name_key).suffix != parts_of(other.name_key).suffix
    odds = (
        names.of_family,
        names.of_given,
        _of_birth_date(born, one.born),
        _odds(PHONE, phone, rarity.share_of_phone(one.phone_key)),
        _odds(EMAIL, email, 1 / rarity.size),
        _odds(ADDRESS, address, 2 / rarity.size),
        _odds(SEX, sex, SEX[OTHER][1]),
        OTHER_SUFFIX if suffix_differs and born != SAME else NOTHING_SAID,
    )
    namesakes = rarity.size * names.of_family.strangers * names.of_given.strangers
    levels = (names.family, names.given, born, phone, email, address, suffix_differs, sex)
    return Compared(*levels, namesakes, _of_one_person(odds, rarity))


def _home_of(who) -> str:
    return address_of(who.address, who.postal_code)


def names_touch(one, other) -> bool:
    """One of the names is alike, in its box or in the other."""
    parts, others = parts_of(one.name_key), parts_of(other.name_key)
    boxes = ((parts.family, others.family), (parts.given, others.given), (parts.family, others.given))
    if any(alike_names(*names) not in (OTHER, UNKNOWN) for names in boxes):
        return True
    known = (
        (preferred_words(one.preferred_name), others.given),
        (parts.given, preferred_words(other.preferred_name)),
    )
    return any(alike_names(*names) in (SAME, FORM) for names in known) or _was_called(
        parts, one, others, other
    )


def _was_called(parts: NameParts, one, others: NameParts, other) -> bool:
    """One of them bears a name that the other bore before."""
    known = ((parts, other.former), (others, one.former))
    return any(is_former(name, former) for names, former in known for name in (names.family, names.given))


def _of_one_person(odds: tuple[Odds, ...], rarity: Rarity) -> float:
    same = TWICE * prod(odd.same for odd in odds)
    household = OF_A_HOUSEHOLD * prod(odd.household for odd in odds)
    strangers = rarity.size * prod(odd.strangers for odd in odds)
    return same / (same + household + strangers)


class NameEvidence(NamedTuple):
    family: str
    given: str
    of_family: Odds
    of_given: Odds


def _names(one, other, rarity: Rarity) -> NameEvidence:
    """How the names are alike, in their boxes or in each other's."""
    parts, others = parts_of(one.name_key), parts_of(other.name_key)
    family, given = alike_names(parts.family, others.family), _alike_given(one, other)
    if family == OTHER and given in (OTHER, UNKNOWN):
        crossed = alike_names(parts.family, others.given), alike_names(parts.given, others.family)
        if not {OTHER, UNKNOWN} & {*crossed}:
            return _swapped(parts, others, crossed, rarity)
    family, of_family = _or_former(family, parts.family, one, others.family, other, rarity)
    given, of_given = _or_former(given, parts.given, one, others.given, other, rarity)
    return NameEvidence(family, given, _odds(FAMILY_NAME, family, of_family), _of_given(given, of_given))


def _or_former(
    level: str, words: tuple[str, ...], one, other_words: tuple[str, ...], other, rarity: Rarity
) -> tuple[str, float]:
    """How alike, with what one of them was called before, and the share of strangers who are as alike.

    Each word that somebody was called by makes a stranger's name likelier to be among them.
    """
    if level == OTHER:
        known = ((words, other.former), (other_words, one.former))
        shares = [
            len(former) * min(map(rarity.share, name)) for name, former in known if is_former(name, former)
        ]
        return (FORMER, min(*shares, 0.5)) if shares else (OTHER, 0)
    return level, _share(words, other_words, level, rarity)


def _alike_given(one, other) -> str:
    """A preferred name is another form of the first name."""
    given, given_other = parts_of(one.name_key).given, parts_of(other.name_key).given
    level = alike_names(given, given_other)
    if level in (SAME, FORM):
        return level
    preferred, preferred_other = preferred_words(one.preferred_name), preferred_words(other.preferred_name)
    known = ((preferred, given_other), (given, preferred_other), (preferred, preferred_other))
    return FORM if any(alike_names(*names) in (SAME, FORM) for names in known) else level


def _swapped(parts: NameParts, others: NameParts, levels: tuple[str, str], rarity: Rarity) -> NameEvidence:
    of_given = _share(parts.family, others.given, levels[0], rarity)
    of_family = _share(parts.given, others.family, levels[1], rarity)
    same = SWAPPED * GIVEN_NAME[levels[0]][0] * FAMILY_NAME[levels[1]][0]
    return NameEvidence(levels[1], levels[0], Odds(same, SWAPPED_AT_HOME, of_given), Odds(1, 1, of_family))


def _odds(table: Mapping[str, tuple[float, float]], level: str, share: float) -> Odds:
    if level == UNKNOWN:
        return NOTHING_SAID
    return Odds(*table[level], share if level != OTHER else 1 - min(share, 0.5))


def _of_given(level: str, share: float) -> Odds:
    """In a household a first name is as frequent as anywhere, besides those that are handed on."""
    odds = _odds(GIVEN_NAME, level, share)
    return odds if level in (OTHER, UNKNOWN) else odds._replace(household=odds.household + share)


def _of_birth_date(level: str, born: dt.date | None) -> Odds:
    placeholder = born is not None and (born.month, born.day) == (1, 1)
    shares = {SAME: BORN_ON_NEW_YEAR if placeholder else BORN_ALIKE, NEAR: BORN_NEAR}
    return _odds(BORN, level, shares.get(level, 0))


def _share(one: tuple[str, ...], other: tuple[str, ...], level: str, rarity: Rarity) -> float:
    """Of strangers whose names are as alike as these."""
    if level in (OTHER, UNKNOWN):
        return 0
    if level == SAME:
        return min(
            max(rarity.share(word), rarity.share(word_other))
            for word, word_other in zip(one, other, strict=False)
        )
    if level == FORM:
        return min(max(map(rarity.share_of_forms, pair)) for pair in zip(one, other, strict=False))
    common = set(one) & set(other)
    if level == PART:
        return min(map(rarity.share, common), default=SAME_INITIAL)
    words = [*one, *other]
    return min(NEAR_NAMES * max(map(rarity.share, words)) + NEAR_AT_LEAST, 0.5)
