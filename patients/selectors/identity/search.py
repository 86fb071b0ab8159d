"""Searches patients, the best matches first."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from rapidfuzz.distance import OSA

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
    people = _findable(terms, user, named)
    found = _first_rows(_filtered(people, terms, _exact), day)
    if terms.words and len(found) < MAX_FOUND:
        similar = _filtered(people, terms, _similar)
        found += _first_rows(similar.exclude(pk__in=[person.pk for person in found]), day)
    survivors = {(person.merged_into or person).pk: person.merged_into or person for person in found}
    expected = {(person.merged_into or person).pk for person in found if person.is_expected}
    by_score = sorted(
        survivors.values(),
        key=lambda person: (-_score(person, terms), person.pk not in expected, person.name_key),
    )
    return by_score[:MAX_FOUND]


def _findable(terms: SearchTerms, user, named: Iterable[Patient]) -> QuerySet:
    """A record that was merged into a closed one is as closed: it leads there."""
    closed = Patient.objects.closed_to(user)
    is_closed = Exists(closed.filter(pk=OuterRef("pk"))) | Exists(closed.filter(pk=OuterRef("merged_into")))
    keys = [person.pk for person in named]
    return Patient.objects.filter(~is_closed | Q(ref=terms.ref) | Q(pk__in=keys))


def _first_rows(people: QuerySet, day: tuple[dt.datetime, dt.datetime] | None) -> list[Patient]:
    """The first rows with what the ranking needs. One letter matches thousands: only keys are sorted."""
    first = people.values("pk")[:MAX_COMPARED]
    rows = Patient.objects.filter(pk__in=first).order_by("name_key", "pk")
    return list(rows.select_related("merged_into").annotate(is_expected=_is_expected(day)))


def _is_expected(day: tuple[dt.datetime, dt.datetime] | None) -> Exists | Value:
    if day is None:
        return Value(False)
    return Exists(Visit.objects.expected().between(*day).filter(patient=OuterRef("pk")))


def _filtered(people: QuerySet, terms: SearchTerms, key_condition) -> QuerySet:
    if terms.ref:
        # seven letters may be a reference or a name, seven digits a reference or a phone number
        condition = Q(ref=terms.ref)
        if terms.digits:
            condition |= Q(pk__in=_ending_with(terms.digits))
        for word in terms.words:
            condition |= Q(pk__in=PatientKey.objects.filter(key_condition(word)).values("patient"))
        return people.filter(condition)
    if terms.born:
        people = people.filter(born=terms.born)
    if terms.digits:
        people = people.filter(pk__in=_ending_with(terms.digits))
    for word in terms.words:
        people = people.filter(pk__in=PatientKey.objects.filter(key_condition(word)).values("patient"))
    return people.order_by("name_key", "pk")


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
    return Q(value__gte=start, value__lt=start + chr(0x10FFFF))


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
