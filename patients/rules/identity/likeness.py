"""Compares two people and says what they have in common. Its result advises; the desk decides."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from clinic.values.words import Text
from patients.models import Patient
from patients.rules.identity import evidence
from patients.rules.identity.alike import FORM, FORMER, NEAR, OTHER, PART, SAME
from patients.rules.identity.evidence import Compared, Rarity
from patients.rules.identity.keys import Identity
from patients.rules.identity.why_found import FORMER_NAME

# Of a hundred pairs that look like this, so many are one person.
MATCH_SCORE = 60
# A namesake of another birth date is shown where a thousand such practices would have one.
RARE_NAMESAKE = 0.001
# Translated when they are shown: many more people are compared than that.
SAME_NAME = gettext_lazy("same name")
SAME_LAST_NAME = gettext_lazy("same last name")
SAME_FIRST_NAME = gettext_lazy("same first name")
FORM_OF_FIRST_NAME = gettext_lazy("another form of the first name")
SIMILAR_NAME = gettext_lazy("a similar name")
SAME_BIRTH_DATE = gettext_lazy("same birth date")
NEAR_BIRTH_DATE = gettext_lazy("nearly the same birth date")
SAME_PHONE = gettext_lazy("same phone")
SAME_EMAIL = gettext_lazy("same email")
SAME_ADDRESS = gettext_lazy("same address")


@dataclass(frozen=True)
class Likeness:
    """How probably two are one person, 0 to 100, and the labels of what agrees.

    `is_exact`: name and birth date are the same, in whatever spelling, and nothing speaks against it.
    `is_namesake`: a name that is rare in this practice, with another birth date.
    `is_reached_alike`: other names, with the birth date and a phone that nobody else has.
    `before`: the record merged into this person's, where that one is alike and not this.
    """

    score: int
    same: tuple[Text, ...] = ()
    is_exact: bool = False
    is_namesake: bool = False
    is_reached_alike: bool = False
    before: "MergedRecord | None" = None

    @property
    def is_shown(self) -> bool:
        flags = (self.is_exact, self.is_namesake, self.is_reached_alike)
        return self.score >= MATCH_SCORE or any(flags)


@dataclass(frozen=True)
class MergedRecord:
    """Under which reference and name a person was registered before, until it was merged."""

    ref: str
    name: str = ""

    @classmethod
    def of(cls, patient: Patient) -> "MergedRecord":
        return cls(patient.ref, patient.listed_name)


class ComparedPatient(NamedTuple):
    """The columns of a patient that the comparison reads, and the words of former names."""

    pk: int
    ref: str
    name_key: str
    born: dt.date
    phone_key: str
    preferred_name: str = ""
    email: str = ""
    address: str = ""
    postal_code: str = ""
    sex: str = ""
    former: frozenset[str] = frozenset()


COLUMNS = ComparedPatient._fields[: ComparedPatient._fields.index("former")]


def compare(
    one: Identity | ComparedPatient, other: Identity | ComparedPatient, rarity: Rarity | None = None
) -> Likeness:
    """`rarity` counts how many people of the practice have each name."""
    compared = evidence.weighed(one, other, rarity or Rarity())
    score = int(100 * compared.probability)
    return Likeness(score, _labels(compared), _is_exact(compared), _is_rare_namesake(compared))


def compare_restricted(
    one: Identity | ComparedPatient, other: ComparedPatient, rarity: Rarity | None = None
) -> Likeness:
    """Without a reason, by name and birth date: its place among the others would tell the number."""
    named = ComparedPatient(other.pk, other.ref, other.name_key, other.born, phone_key="")
    return replace(compare(one, named, rarity), same=())


def reached_alike(
    typed: Identity, nearby: Iterable[ComparedPatient], rarity: Rarity | None = None
) -> dict[ComparedPatient, Likeness]:
    """Who alone has the phone, and the birth date, under other names: married, and known by a short name.

    Nobody where the sexes differ: a couple may have one birthday. `nearby` holds all who have the phone.
    """
    holders = [person for person in nearby if typed.phone_key and person.phone_key == typed.phone_key]
    if len(holders) != 1 or evidence.names_touch(typed, holders[0]):
        return {}
    compared = evidence.weighed(typed, holders[0], rarity or Rarity())
    if compared.born != SAME or compared.sex == OTHER:
        return {}
    return {holders[0]: replace(compare(typed, holders[0], rarity), is_reached_alike=True)}


def _is_exact(compared: Compared) -> bool:
    names = compared.family == SAME and compared.given in (SAME, FORM)
    against = compared.suffix_differs or compared.sex == OTHER
    return names and compared.born == SAME and not against


def _is_rare_namesake(compared: Compared) -> bool:
    return compared.family == compared.given == SAME and compared.namesakes < RARE_NAMESAKE


def _labels(compared: Compared) -> tuple[Text, ...]:
    labels = [*_name_labels(compared.family, compared.given)]
    labels += [{SAME: SAME_BIRTH_DATE, NEAR: NEAR_BIRTH_DATE}.get(compared.born)]
    agreed = ((compared.phone, SAME_PHONE), (compared.email, SAME_EMAIL), (compared.address, SAME_ADDRESS))
    labels += [label for level, label in agreed if level == SAME]
    return tuple(label for label in labels if label is not None)


def _name_labels(family: str, given: str) -> tuple[Text | None, ...]:
    alike = (SAME, FORM, NEAR, PART)
    others = {FORM: FORM_OF_FIRST_NAME, NEAR: SIMILAR_NAME, PART: SIMILAR_NAME}
    if family == given == SAME:
        return (SAME_NAME,)
    if family == FORMER:
        return (FORMER_NAME, (others | {SAME: SAME_FIRST_NAME}).get(given))
    if given == FORMER:
        return (SAME_LAST_NAME if family == SAME else others.get(family), FORMER_NAME)
    if family == SAME:
        other = others.get(given)
        return (SAME_LAST_NAME, other) if other is FORM_OF_FIRST_NAME else (other or SAME_LAST_NAME,)
    if family in alike and given in alike:
        return (SIMILAR_NAME,)
    return (SAME_FIRST_NAME,) if given == SAME else (None,)


def name_keys_of(identity: Identity) -> frozenset[str]:
    """Of the name as typed, and with the names in each other's box."""
    return frozenset({identity.name_key, swapped_name_key(identity.name_key)})


def swapped_name_key(name_key: str) -> str:
    family, _, given = name_key.partition(", ")
    return f"{given}, {family}"
