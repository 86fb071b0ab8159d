"""The patients whom a search finds, the best matches first."""

import datetime as dt

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
    wanted: SearchTerms, *, day: tuple[dt.datetime, dt.datetime] | None = None
) -> list[Patient]:
    """The best matches, at most twenty; of equals those first who are expected on `day` (its start and end).

    Looks only at rows that an index leads to.
    """
    if wanted.is_empty:
        return []
    found = _weighed(_narrowed(Patient.objects.all(), wanted, _exactly), day)
    if wanted.words and len(found) < MAX_FOUND:
        near = _narrowed(Patient.objects.all(), wanted, _nearly)
        found += _weighed(near.exclude(pk__in=[person.pk for person in found]), day)
    standing = {(person.merged_into or person).pk: person.merged_into or person for person in found}
    expected = {(person.merged_into or person).pk for person in found if person.is_expected}
    ranked = sorted(
        standing.values(),
        key=lambda person: (-_closeness(person, wanted), person.pk not in expected, person.name_key),
    )
    return ranked[:MAX_FOUND]


def _weighed(people: QuerySet, day: tuple[dt.datetime, dt.datetime] | None) -> list[Patient]:
    """The first of them with what the ranking asks. One letter fits thousands: only keys are sorted."""
    first = people.values("pk")[:MAX_COMPARED]
    chosen = Patient.objects.filter(pk__in=first).order_by("name_key", "pk")
    return list(chosen.select_related("merged_into").annotate(is_expected=_is_expected(day)))


def _is_expected(day: tuple[dt.datetime, dt.datetime] | None) -> Exists | Value:
    if day is None:
        return Value(False)
    return Exists(Visit.objects.expected().between(*day).filter(patient=OuterRef("pk")))


def _narrowed(people: QuerySet, wanted: SearchTerms, keys_of) -> QuerySet:
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
    less = deletion_variants(word)
    return _exactly(word) | Q(kind=NAME, value__in=less) | Q(kind=SLIP, value__in=less | {short})


def _ending_with(digits: str) -> QuerySet:
    return PatientKey.objects.filter(Q(kind=PHONE) & _beginning_with(digits[::-1])).values("patient")


def _beginning_with(start: str) -> Q:
    """As each engine's index serves it: SQLite compares code points, PostgreSQL has pattern operators."""
    if connection.vendor == "postgresql":
        return Q(value__startswith=start)
    return Q(value__gte=start, value__lt=start + chr(0x10FFFF))


def _closeness(person: Patient, wanted: SearchTerms) -> float:
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
