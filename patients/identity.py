"""Who is who: the keys under which a patient is found, what a search means, and how alike two people are."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from clinic import reading, references
from patients.models import Patient, PatientKey, Visit

NAME, SLIP, PHONE = "name", "slip", "phone"
# A slip beyond these letters of a long name is not looked for; it keeps the table small.
SLIP_LETTERS = 12
SHORTEST_WITH_SLIP = 3
KEY_LETTERS = 80
FOUND_AT_MOST = 20
WEIGHED_AT_MOST = 200
FEWEST_PHONE_DIGITS = 4
WORDS_AT_MOST = 6
# Weights of a match: name 50, birth date 30, phone 20. Our own choice; raise it and fewer matches are shown.
MATCH_AT = 50
NAMES_ALIKE = 80
MATCHES_AT_MOST = 3
# Letters that do not decompose into a base letter and a mark.
SINGLE = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | dict.fromkeys("'’ʼ`", "")
)


@dataclass(frozen=True)
class Identity:
    """What tells people apart, whether they are registered or only typed so far."""

    family_name: str
    given_name: str
    born: dt.date | None = None
    phone_key: str = ""
    preferred_name: str = ""

    @classmethod
    def of(cls, patient: Patient) -> "Identity":
        return cls(
            patient.family_name, patient.given_name, patient.born, patient.phone_key, patient.preferred_name
        )


@dataclass(frozen=True)
class Keys:
    """What is stored beside a patient so that they are found: two columns and rows of PatientKey."""

    name_key: str
    phone_key: str
    rows: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Wanted:
    """A search, understood. `problem` is a sentence for the field."""

    words: tuple[str, ...] = ()
    born: dt.date | None = None
    digits: str = ""
    ref: str = ""
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.born or self.digits or self.ref)


@dataclass(frozen=True)
class Likeness:
    """How alike two people are, 0 to 100, and in which words."""

    score: int
    same: tuple[str, ...] = field(default=())


def fold(text: str) -> str:
    """Small letters without accents and marks; scripts without case stay as they are."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(SINGLE))
    return "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf", "Cc"))


def words_of(name: str) -> list[str]:
    """The words of a name. A name of signs only, such as an emoji, is one word."""
    folded = fold(name)
    words = [word[:KEY_LETTERS] for word in re.split(r"[\W_]+", folded) if word]
    whole = "".join(folded.split())[:KEY_LETTERS]
    return words or ([whole] if whole else [])


def name_key_of(family_name: str, given_name: str) -> str:
    """Sorts lists and tells namesakes: the same for “O'Brien, José” and “OBRIEN, Jose”."""
    return f"{' '.join(words_of(family_name))}, {' '.join(words_of(given_name))}"[:320]


def keys_for(identity: Identity) -> Keys:
    names = (identity.family_name, identity.given_name, identity.preferred_name)
    parts = [words_of(name) for name in names]
    words = {word for part in parts for word in part}
    joined = {"".join(part)[:KEY_LETTERS] for part in parts if len(part) > 1}
    rows = {(NAME, word) for word in words | joined}
    rows |= {(SLIP, slip) for word in words for slip in one_letter_less(word)}
    if identity.phone_key:
        rows.add((PHONE, identity.phone_key[:0:-1]))
    return Keys(name_key_of(*names[:2]), identity.phone_key, frozenset(rows))


def phone_key_of(typed: str) -> str:
    """E.164, or nothing where there is no number that could be called."""
    try:
        return reading.phone(typed).key
    except reading.Unreadable:
        return ""


def one_letter_less(word: str) -> set[str]:
    """Every way to leave one letter out. Two words with one slip between them share one of these."""
    short = word[:SLIP_LETTERS]
    if len(short) < SHORTEST_WITH_SLIP:
        return set()
    return {short[:place] + short[place + 1 :] for place in range(len(short))}


def understand(text: str, *, today: dt.date) -> Wanted:
    """What somebody at the desk means by the words in the one search box."""
    typed = text.strip()
    if _is_meant_as_reference(typed):
        return _reference(typed)
    born, rest = _birth_date_in(typed, today)
    digits = "".join(c for c in reading.plain(rest) if c.isdigit())
    if len(digits) >= FEWEST_PHONE_DIGITS:
        rest = re.sub(r"[\d()+./-]+", " ", reading.plain(rest))
        # a number typed with the country's 1 in front ends like one without it
        digits = digits.removeprefix("1") if len(digits) == reading.NATIONAL_DIGITS + 1 else digits
    else:
        digits = ""
    ref = references.normalise(typed) if references.is_valid(typed) else ""
    return Wanted(tuple(words_of(rest)[:WORDS_AT_MOST]), born, digits, ref)


def find(wanted: Wanted, *, day: tuple[dt.datetime, dt.datetime] | None = None) -> list[Patient]:
    """The best matches, at most twenty; of equals those first who are expected on `day` (its start and end).

    Looks only at rows that an index leads to.
    """
    if wanted.is_empty:
        return []
    people = Patient.objects.select_related("merged_into").annotate(is_expected=_is_expected(day))
    found = list(_narrowed(people, wanted, _exactly)[:WEIGHED_AT_MOST])
    if wanted.words and len(found) < FOUND_AT_MOST:
        near = _narrowed(people, wanted, _nearly).exclude(pk__in=[person.pk for person in found])
        found += near[:WEIGHED_AT_MOST]
    standing = {(person.merged_into or person).pk: person.merged_into or person for person in found}
    expected = {(person.merged_into or person).pk for person in found if person.is_expected}
    ranked = sorted(
        standing.values(),
        key=lambda person: (-_closeness(person, wanted), person.pk not in expected, person.name_key),
    )
    return ranked[:FOUND_AT_MOST]


def _is_expected(day: tuple[dt.datetime, dt.datetime] | None) -> Exists | Value:
    if day is None:
        return Value(False)
    return Exists(Visit.objects.expected().between(*day).filter(patient=OuterRef("pk")))


def candidates(identity: Identity, *, but: Patient | None = None) -> list[tuple[Patient, Likeness]]:
    """People who may be the one being registered, the likeliest first. Advice, never a block."""
    pool = Patient.objects.living_records().exclude(pk=but.pk if but else None)
    nearby = Q(name_key=name_key_of(identity.family_name, identity.given_name))
    if identity.phone_key:
        nearby |= Q(phone_key=identity.phone_key)
    if identity.born:
        nearby |= Q(born=identity.born)
    people = pool.filter(nearby)[:WEIGHED_AT_MOST]
    weighed = [(person, likeness(identity, Identity.of(person))) for person in people]
    alike = [pair for pair in weighed if pair[1].score >= MATCH_AT]
    return sorted(alike, key=lambda pair: -pair[1].score)[:MATCHES_AT_MOST]


def likeness(one: Identity, other: Identity) -> Likeness:
    names = fuzz.token_sort_ratio(_whole(one), _whole(other))
    family = bool(one.family_name) and fold(one.family_name) == fold(other.family_name)
    born = one.born is not None and one.born == other.born
    phone = bool(one.phone_key) and one.phone_key == other.phone_key
    near = names if names >= NAMES_ALIKE else (70 if family else 0)
    words = [_name_word(names, family), "same birth date" if born else "", "same phone" if phone else ""]
    return Likeness(round(near * 0.5) + 30 * born + 20 * phone, tuple(word for word in words if word))


def namesakes(people: Iterable[Patient]) -> set[int]:
    """Those of `people` who share their name with another of them."""
    people = list(people)
    keys = [person.name_key for person in people]
    twice = {key for key in keys if keys.count(key) > 1}
    return {person.pk for person in people if person.name_key in twice}


def _name_word(names: float, same_family: bool) -> str:
    if names == 100:
        return "same name"
    if same_family:
        return "same family name"
    return "a similar name" if names >= NAMES_ALIKE else ""


def _whole(identity: Identity) -> str:
    return fold(f"{identity.family_name} {identity.given_name}")


def _is_meant_as_reference(typed: str) -> bool:
    if references.looks_like(typed) and not typed.isdigit():
        first = typed.split(maxsplit=1)[0]
        return len(typed.split()) == 1 or any(c.isdigit() for c in first)
    lengths = (references.PATIENT_LENGTH, references.RECORD_LENGTH)
    mixed = any(c.isdigit() for c in typed) and any(c.isalpha() for c in typed)
    return len(typed) in lengths and typed.isascii() and typed.isalnum() and mixed


def _reference(typed: str) -> Wanted:
    ref = references.normalise(typed)
    if not set(ref) <= set(references.ALPHABET):
        return Wanted(problem="References never contain 0, O, 1, I or L. Read the reference again.")
    if not references.is_valid(ref):
        return Wanted(
            problem=f"“{ref}” is not a reference: one of its letters is wrong. Compare it letter by letter."
        )
    return Wanted(ref=ref)


_DATE_IN = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b|\b\d{8}\b"
    r"|\b\d{1,2}\s+[^\W\d]{3,9}\.?\s+\d{2,4}\b"
)


def _birth_date_in(typed: str, today: dt.date) -> tuple[dt.date | None, str]:
    """The birth date among the words, and the words without it. A date that cannot be is left as words."""
    found = _DATE_IN.search(typed)
    if not found:
        return None, typed
    try:
        born = reading.birth_date(found.group(), today=today)
    except reading.Unreadable:
        return None, typed
    return born, f"{typed[: found.start()]} {typed[found.end() :]}"


def _narrowed(people: QuerySet, wanted: Wanted, keys_of) -> QuerySet:
    if wanted.ref:
        # seven letters may be a reference and a name, seven digits a reference and a phone number
        meant = Q(ref=wanted.ref)
        if wanted.digits:
            meant |= Q(pk__in=_ending_with(wanted.digits))
        for word in wanted.words:
            meant |= Q(pk__in=PatientKey.objects.filter(keys_of(word)).values("patient"))
        return people.filter(meant)
    if wanted.born:
        people = people.filter(born=wanted.born)
    if wanted.digits:
        people = people.filter(pk__in=_ending_with(wanted.digits))
    for word in wanted.words:
        people = people.filter(pk__in=PatientKey.objects.filter(keys_of(word)).values("patient"))
    return people.order_by("name_key", "pk")


def _exactly(word: str) -> Q:
    """The word itself and what begins with it."""
    return Q(kind=NAME) & _beginning_with(word)


def _nearly(word: str) -> Q:
    short = word[:SLIP_LETTERS]
    less = one_letter_less(word)
    return _exactly(word) | Q(kind=NAME, value__in=less) | Q(kind=SLIP, value__in=less | {short})


def _ending_with(digits: str) -> QuerySet:
    return PatientKey.objects.filter(Q(kind=PHONE) & _beginning_with(digits[::-1])).values("patient")


def _beginning_with(start: str) -> Q:
    """As each engine's index serves it: SQLite compares code points, PostgreSQL has pattern operators."""
    if connection.vendor == "postgresql":
        return Q(value__startswith=start)
    return Q(value__gte=start, value__lt=start + chr(0x10FFFF))


def _closeness(person: Patient, wanted: Wanted) -> float:
    """How well the words fit the person: the reference, then whole words, then beginnings, then slips."""
    if wanted.ref and person.ref == wanted.ref:
        return float("inf")
    names = words_of(f"{person.family_name} {person.given_name} {person.preferred_name}")
    return sum(max((_fit(word, name) for name in names), default=0) for word in wanted.words)


def _fit(word: str, name: str) -> float:
    if name == word:
        return 3
    if name.startswith(word):
        return 2
    return OSA.normalized_similarity(word, name)
