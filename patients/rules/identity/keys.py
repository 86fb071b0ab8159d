"""Search keys: the keys under which a patient is found."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from clinic.rules import parsing, texts
from patients.models import Patient
from patients.rules.identity.names import latin

NAME, SLIP, PHONE = "name", "slip", "phone"
EMAIL, NUMBER, FORMER, RELATED = "mail", "number", "former", "related"
# Keys that no column of the patient has: they stay when the others are made again.
ADDED_KINDS = (FORMER, RELATED)
# Typing slips are searched in the first letters of a name only, which keeps the table small.
SLIP_LETTERS = 12
SHORTEST_WITH_SLIP = 3
SHORTEST_NUMBER = 4
KEY_LETTERS = 80
MAX_COMPARED = 200
# Letters that do not decompose into a base letter and a mark.
UNDECOMPOSED_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | dict.fromkeys("'’ʼ`", "")
)


@dataclass(frozen=True)
class Identity:
    """What identifies a person, registered or only typed so far."""

    family_name: str
    given_name: str
    born: dt.date | None = None
    phone_key: str = ""
    preferred_name: str = ""
    email: str = ""
    address: str = ""
    postal_code: str = ""
    sex: str = ""
    external_id: str = ""
    # the words of former names, which no column of the patient has
    former: frozenset[str] = frozenset()

    @classmethod
    def of(cls, patient: Patient, former: frozenset[str] = frozenset()) -> "Identity":
        columns = [name for name in cls.__dataclass_fields__ if name != "former"]
        return cls(**{name: getattr(patient, name) for name in columns}, former=former)

    @cached_property
    def name_key(self) -> str:
        """Made once: whoever registers is compared with hundreds of patients."""
        return name_key_of(self.family_name, self.given_name)


@dataclass(frozen=True)
class Keys:
    """The search keys of a patient: two columns and rows of PatientKey."""

    name_key: str
    phone_key: str
    rows: frozenset[tuple[str, str]]


def fold(text: str) -> str:
    """Lower case without accents, vowel signs and other marks; scripts without case stay as they are."""
    seen = texts.without_joiners(text).casefold().translate(UNDECOMPOSED_LETTERS)
    decomposed = unicodedata.normalize("NFKD", seen)
    return "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Mc", "Me", "Cf", "Cc"))


def words_of(name: str) -> list[str]:
    """The words of a name. A name of symbols only, such as an emoji, is one word."""
    folded = fold(name)
    words = [word[:KEY_LETTERS] for word in re.split(r"[\W_]+", folded) if word]
    whole = "".join(folded.split())[:KEY_LETTERS]
    return words or ([whole] if whole else [])


def found_as(name: str) -> set[str]:
    """The words of a name, in Latin letters too: Иванов is found as Ivanov."""
    words = words_of(name)
    return {form for word in words for form in (word, latin(word)) if form}


def name_key_of(family_name: str, given_name: str) -> str:
    """Sorts lists and finds namesakes: the same for “O'Brien, José” and “OBRIEN, Jose”."""
    return f"{' '.join(words_of(family_name))}, {' '.join(words_of(given_name))}"[:320]


def name_keys_in(words: tuple[str, ...]) -> frozenset[str]:
    """The name keys that words in this order may be; the family name comes first or last."""
    parts = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(len(words) + 1)]
    return frozenset(
        key[:320] for one, other in parts for key in (f"{one}, {other}", f"{other}, {one}") if words
    )


def keys_for(identity: Identity) -> Keys:
    names = (identity.family_name, identity.given_name, identity.preferred_name)
    parts = [words_of(name) for name in names]
    words = {word for part in parts for word in part}
    run_together = {"".join(part)[:KEY_LETTERS] for part in parts if len(part) > 1}
    rows = {(NAME, form) for form in run_together.union(*map(found_as, names))}
    rows |= {(SLIP, slip) for word in words for slip in deletion_variants(word)}
    return Keys(name_key_of(*names[:2]), identity.phone_key, frozenset(rows | _rows_of_numbers(identity)))


def _rows_of_numbers(identity: Identity) -> set[tuple[str, str]]:
    rows = {(NUMBER, number) for number in numbers_of(identity.external_id)}
    if identity.phone_key:
        rows.add((PHONE, identity.phone_key[:0:-1]))
    if identity.email:
        rows.add((EMAIL, identity.email.lower()[:KEY_LETTERS]))
    return rows


def numbers_of(external_id: str) -> set[str]:
    """A number in another system, however it is spaced, and its digits alone."""
    whole = "".join(words_of(external_id))[:KEY_LETTERS] if external_id else ""
    digits = "".join(letter for letter in whole if letter.isdigit())
    return {form for form in (whole, digits) if len(form) >= SHORTEST_NUMBER}


def phone_key_of(typed: str) -> str:
    """The number in E.164, or nothing when it cannot be called."""
    try:
        return parsing.phone(typed).key
    except parsing.Unreadable:
        return ""


def deletion_variants(word: str) -> set[str]:
    """The word with each letter left out. Two words that differ by one slip share one of these."""
    short = word[:SLIP_LETTERS]
    if len(short) < SHORTEST_WITH_SLIP:
        return set()
    return {short[:place] + short[place + 1 :] for place in range(len(short))}


def namesakes(people: Iterable[Patient]) -> set[int]:
    """The keys of `people` who share their name with another of them."""
    people = list(people)
    keys = [person.name_key for person in people]
    twice = {key for key in keys if keys.count(key) > 1}
    return {person.pk for person in people if person.name_key in twice}
