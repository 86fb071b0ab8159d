"""Searches patients, the best matches first."""

import datetime as dt
import functools
import operator
from collections.abc import Callable, Iterable

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from rapidfuzz.distance import OSA

from clinic.models import Practice
from patients.models import Patient, PatientKey, Visit
from patients.rules.identity.keys import (
    MAX_COMPARED,
    NAME,
    PHONE,
    SLIP,
    SLIP_LETTERS,
    deletion_variants,
    words_of,
)
from patients.rules.identity.search_terms import SearchTerms

MAX_FOUND = 20
# technical: initials match alike, so that more of each letter would only be sorted away
MAX_OF_A_LETTER = 2 * MAX_FOUND
# own choice: a letter that more names than this begin with is looked for in name order, not listed
COMMON = 2000


def find_patients(
    terms: SearchTerms,
    *,
    user,
    named: Iterable[Patient] = (),
    day: tuple[dt.datetime, dt.datetime] | None = None,
) -> list[Patient]:
    """The best matches, at most twenty; of equal ones those expected on `day` (its start and end) first.

    Restricted records that are closed to the user are found by their reference, or when they are among those
    `named` wholly. Reads only rows that an index finds.
    """
    if terms.is_empty:
        return []
    open_to_user = _open_to(user, terms, named)
    # PostgreSQL counts what an index holds and chooses the way by itself
    if terms.are_initials and connection.vendor == "sqlite":
        found = _found_by_initials(terms.words, open_to_user, day)
    else:
        found = _found(terms, open_to_user, day)
    survivors = {(person.merged_into or person).pk: person.merged_into or person for person in found}
    expected = {(person.merged_into or person).pk for person in found if person.is_expected}
    by_score = sorted(
        survivors.values(),
        key=lambda person: (-_score(person, terms), person.pk not in expected, person.name_key),
    )
    return by_score[:MAX_FOUND]


def _found(terms: SearchTerms, open_to_user: Q, day: tuple[dt.datetime, dt.datetime] | None) -> list[Patient]:
    found = _first_rows(_filtered(terms, _exact).filter(open_to_user), day)
    if terms.words and len(found) < MAX_FOUND:
        similar = _filtered(terms, _similar).filter(open_to_user)
        found += _first_rows(similar.exclude(pk__in=[person.pk for person in found]), day)
    return found


def _found_by_initials(
    letters: tuple[str, ...], open_to_user: Q, day: tuple[dt.datetime, dt.datetime] | None
) -> list[Patient]:
    """Those expected and those whose last name begins with a letter, then of any name.

    Nothing is similar to one letter.
    """
    people = Patient.objects.all()
    firsts = [
        _with_words(people.filter(_range("name_key", letter)), {*letters} - {letter}, _exact)
        .filter(open_to_user)
        .values("pk")[:MAX_OF_A_LETTER]
        for letter in letters
    ]
    if day is not None:
        expected = people.filter(pk__in=Visit.objects.expected().between(*day).values("patient"))
        firsts.append(_with_words(expected, letters, _exact).filter(open_to_user).values("pk"))
    by_last_name = people.filter(functools.reduce(operator.or_, [Q(pk__in=first) for first in firsts]))
    found = _first_rows(by_last_name.order_by("name_key", "pk"), day)
    if len(found) < MAX_FOUND:
        if rare := _rare_one(letters):
            people = people.filter(pk__in=_keys(rare, _exact).values("patient"))
        others = _with_words(people, letters, _exact).filter(open_to_user)
        others = others.exclude(pk__in=[person.pk for person in found])
        found += _first_rows(others[:MAX_OF_A_LETTER], day)
    return found


def _with_words(people: QuerySet, words: Iterable[str], key_condition: Callable[[str], Q]) -> QuerySet:
    """In name order. Each row is asked for its keys: a list of all that begin with a letter grows."""
    for word in words:
        people = people.filter(Exists(_keys(word, key_condition).filter(patient=OuterRef("pk"))))
    return people.order_by("name_key", "pk")


def _rare_one(letters: tuple[str, ...]) -> str | None:
    """A letter that few names begin with, counted no further than that."""
    are_common = [Exists(_keys(letter, _exact)[COMMON : COMMON + 1]) for letter in letters]
    found = Practice.objects.values_list(*are_common).get()
    return next((letter for letter, is_common in zip(letters, found, strict=True) if not is_common), None)


def _keys(word: str, key_condition: Callable[[str], Q]) -> QuerySet:
    return PatientKey.objects.filter(key_condition(word))


def _open_to(user, terms: SearchTerms, named: Iterable[Patient]) -> Q:
    """A record that was merged into a closed one is as closed: it leads there. Asked last, of few rows."""
    closed = Patient.objects.closed_to(user)
    is_closed = Exists(closed.filter(pk=OuterRef("pk"))) | Exists(closed.filter(pk=OuterRef("merged_into")))
    keys = [person.pk for person in named]
    return ~is_closed | Q(ref=terms.ref) | Q(pk__in=keys)


def _first_rows(people: QuerySet, day: tuple[dt.datetime, dt.datetime] | None) -> list[Patient]:
    """The first rows with what the ranking needs. One letter matches thousands: only keys are sorted."""
    first = people.values("pk")[:MAX_COMPARED]
    rows = Patient.objects.filter(pk__among=first).order_by("name_key", "pk")
    return list(rows.select_related("merged_into").annotate(is_expected=_is_expected(day)))


def _is_expected(day: tuple[dt.datetime, dt.datetime] | None) -> Exists | Value:
    if day is None:
        return Value(False)
    return Exists(Visit.objects.expected().between(*day).filter(patient=OuterRef("pk")))


def _filtered(terms: SearchTerms, key_condition: Callable[[str], Q]) -> QuerySet:
    people = Patient.objects.all()
    if terms.ref:
        return people.filter(pk__among=_of_reference_or_key(terms, key_condition))
    if terms.born:
        people = people.filter(born=terms.born)
    if terms.digits:
        people = people.filter(pk__in=_ending_with(terms.digits))
    leads = [word for word in terms.words if len(word) > 1 and not (terms.born or terms.digits)]
    for word in leads:
        people = people.filter(pk__in=_keys(word, key_condition).values("patient"))
    return _with_words(people, [word for word in terms.words if word not in leads], key_condition)


def _of_reference_or_key(terms: SearchTerms, key_condition: Callable[[str], Q]) -> QuerySet:
    """Seven letters may be a reference or a name, seven digits a reference or a phone number.

    A union: for an OR between tables PostgreSQL reads every patient.
    """
    others = [_keys(word, key_condition).values("patient") for word in terms.words]
    if terms.digits:
        others.append(_ending_with(terms.digits))
    return Patient.objects.filter(ref=terms.ref).order_by().values("pk").union(*others)


def _exact(word: str) -> Q:
    """The word itself and longer words that begin with it."""
    return Q(kind=NAME) & _beginning_with(word)


def _similar(word: str) -> Q:
    short = word[:SLIP_LETTERS]
    deletions = deletion_variants(word)
    return _exact(word) | Q(kind=NAME, value__in=deletions) | Q(kind=SLIP, value__in=deletions | {short})


def _ending_with(digits: str) -> QuerySet:
    return PatientKey.objects.filter(Q(kind=PHONE) & _beginning_with(digits[::-1])).values("patient")


def _beginning_with(start: str) -> Q:
    """In the form that each engine's index supports: ranges in SQLite, pattern operators in PostgreSQL."""
    if connection.vendor == "postgresql":
        return Q(value__startswith=start)
    return _range("value", start)


def _range(column: str, start: str) -> Q:
    return Q(**{f"{column}__gte": start, f"{column}__lt": start + chr(0x10FFFF)})


def _score(person: Patient, terms: SearchTerms) -> float:
    """How well the terms match: the reference first, then whole words, beginnings and similar words."""
    if terms.ref and person.ref == terms.ref:
        return float("inf")
    names = words_of(f"{person.family_name} {person.given_name} {person.preferred_name}")
    return sum(max((_word_score(word, name) for name in names), default=0) for word in terms.words)


def _word_score(word: str, name: str) -> float:
    if name == word:
        return 3
    if name.startswith(word):
        return 2
    return OSA.normalized_similarity(word, name)
