"""Patients by the words of their names and the ends of their phone numbers: what a search is made of."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from patients.models import Patient, PatientKey, Visit
from patients.rules.identity.keys import MAX_COMPARED, NAME, PHONE, SLIP


def with_words(people: QuerySet, conditions: Iterable[Q]) -> QuerySet:
    """In name order. Each row is asked for its keys: a list of all that begin with a letter grows."""
    for condition in conditions:
        people = people.filter(Exists(keys(condition).filter(patient=OuterRef("pk"))))
    return people.order_by("name_key", "pk")


def keys(condition: Q) -> QuerySet:
    return PatientKey.objects.filter(condition)


def open_to(user: int | None, at: dt.datetime, named: tuple[int, ...], ref: str | None) -> Q:
    """A record that was merged into a closed one is as closed: it leads there. Asked last, of few rows."""
    closed = Patient.objects.closed_to(user, at=at)
    is_closed = Exists(closed.filter(pk=OuterRef("pk"))) | Exists(closed.filter(pk=OuterRef("merged_into")))
    is_open = ~is_closed | Q(ref=ref) if ref is not None else ~is_closed
    return is_open | Q(pk__among=named) if named else is_open


def first_rows(people: QuerySet, start: dt.datetime | None, end: dt.datetime | None) -> QuerySet:
    """The first rows with what the ranking needs. One letter matches thousands: only keys are sorted."""
    first = people.values("pk")[:MAX_COMPARED]
    rows = Patient.objects.filter(pk__among=first).order_by("name_key", "pk")
    return rows.select_related("merged_into").annotate(is_expected=_is_expected(start, end))


def _is_expected(start: dt.datetime | None, end: dt.datetime | None) -> Exists | Value:
    if start is None:
        return Value(False)
    return Exists(Visit.objects.expected().between(start, end).filter(patient=OuterRef("pk")))


def of_reference_or_key(ref: str, words: list[Q], digits: str | None) -> QuerySet:
    """Seven letters may be a reference or a name, seven digits a reference or a phone number.

    A union: for an OR between tables PostgreSQL reads every patient.
    """
    others = [keys(word).values("patient") for word in words]
    if digits is not None:
        others.append(ending_with(digits))
    return Patient.objects.filter(ref=ref).order_by().values("pk").union(*others)


def exact(name: str, words: dict) -> Q:
    """The word itself and longer words that begin with it."""
    return beginning(words[name])


def similar(name: str, words: dict) -> Q:
    slips, short = words[f"slips_{name}"], words[f"short_{name}"]
    found = beginning(words[name]) | Q(kind=SLIP, value=short)
    return found | Q(kind__in=(NAME, SLIP), value__among=slips) if slips else found


def beginning(word: str) -> Q:
    return Q(kind=NAME, value__beginning=word)


def ending_with(digits: str) -> QuerySet:
    return PatientKey.objects.filter(kind=PHONE, value__beginning=digits).values("patient")
