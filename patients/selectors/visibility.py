"""The patient of a page, if the record is open to the user: with risk flags, and what the page needs."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from patients.models import Patient
from patients.rules.visits.days import day_bounds
from patients.selectors import alerts, banner, visits


def patient(user: User, ref: str) -> Patient | None:
    return PATIENT.one(user=user.pk, at=timezone.now(), ref=ref)


def with_lists(user: User, ref: str) -> Patient | None:
    """With the lists of the page of alerts."""
    return WITH_LISTS.one(user=user.pk, at=timezone.now(), ref=ref)


def to_book(user: User, ref: str) -> Patient | None:
    """With `last_therapist`."""
    return TO_BOOK.one(user=user.pk, at=timezone.now(), ref=ref)


def to_check_in(user: User, ref: str, *, on: dt.date) -> Patient | None:
    """With `last_therapist` and the visit `expected_today`."""
    start, end = day_bounds(on)
    return TO_CHECK_IN.one(user=user.pk, at=timezone.now(), ref=ref, start=start, end=end)


def placed(user: User, ref: str, *, on: dt.date) -> Patient | None:
    """With what the state says where the patient is, `scope_of_place`."""
    start, end = day_bounds(on)
    return PLACED.one(user=user.pk, at=timezone.now(), ref=ref, start=start, end=end)


def _patient(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return banner.with_risk_flags(Patient.objects.visible_to(User(pk=user), at=at)).filter(ref=ref)


def _with_lists(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return alerts.with_lists(_patient(user, at, ref))


def _to_book(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return _patient(user, at, ref).annotate(last_therapist=visits.last_therapist())


def _to_check_in(user: int, at: dt.datetime, ref: str, start: dt.datetime, end: dt.datetime) -> QuerySet:
    expected = visits.first_expected(start=start, end=end)
    return _to_book(user, at, ref).annotate(expected_today=expected)


def _placed(user: int, at: dt.datetime, ref: str, start: dt.datetime, end: dt.datetime) -> QuerySet:
    return _patient(user, at, ref).annotate(scope_of_place=visits.scope_of_place(start=start, end=end))


PATIENT = PreparedQuery(_patient)
WITH_LISTS = PreparedQuery(_with_lists)
TO_BOOK = PreparedQuery(_to_book)
TO_CHECK_IN = PreparedQuery(_to_check_in)
PLACED = PreparedQuery(_placed)
