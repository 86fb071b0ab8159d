"""Visits: taken times, current and expected visits of a patient, and a visit with its stamps."""

import datetime as dt

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from clinic.models.rows import RelatedRows, instant
from patients.models import Patient, Visit
from patients.rules.visits import booking, days, steps
from patients.rules.visits.booking import ExpectedVisit, Slot

THERAPIST_COLUMNS = ("username", "first_name", "last_name", "display_credentials")


def slots_near(requested: Slot, *, except_visit: Visit | None = None) -> list[Slot]:
    """Visits that may overlap the wanted time."""
    longest = dt.timedelta(hours=8)
    visits = (
        Visit.objects.standing()
        .filter(left_at=None)
        .between(requested.starts_at - longest, requested.ends_at)
    )
    visits = visits.exclude(pk=except_visit.pk if except_visit else None).select_related("therapist", "room")
    return [booking.slot_of(visit) for visit in visits]


def current_visits(patient: Patient, *, on: dt.date) -> QuerySet:
    """Visits of that day that the patient is here for, the latest arrival first."""
    start, end = days.day_bounds(on)
    return _current_visits(patient.pk, start, end)


def current_visit(patient: Patient, *, on: dt.date) -> Visit | None:
    """The visit that the patient is here for."""
    start, end = days.day_bounds(on)
    return CURRENT_VISITS.one(patient=patient.pk, start=start, end=end)


def _current_visits(patient: int, start: dt.datetime, end: dt.datetime) -> QuerySet:
    arrived = Visit.objects.present().filter(patient=patient, arrived_at__gte=start, arrived_at__lt=end)
    return arrived.order_by("-arrived_at", "-pk")


CURRENT_VISITS = PreparedQuery(_current_visits)


def placing(patient: int | OuterRef, *, start: dt.datetime, end: dt.datetime) -> QuerySet:
    """Visits until `end`, the end of the day, first the one whose place's rules hold for the patient.

    That is where they are, latest arrival first; while they are not here, where they are booked or were last.
    """
    here = Q(arrived_at__gte=start, arrived_at__lt=end, left_at=None)
    here_since = Case(When(here, then="arrived_at"))
    until = Visit.objects.standing().filter(patient=patient, booked_for__lt=end)
    return until.order_by(here_since.desc(nulls_last=True), "-booked_for", "-pk")


def placed(patient: Patient, *, on: dt.date) -> Visit | None:
    """The visit whose place's rules hold for the patient on that day, with the place."""
    start, end = days.day_bounds(on)
    return PLACED.one(patient=patient.pk, start=start, end=end)


def _placed(patient: int, start: dt.datetime, end: dt.datetime) -> QuerySet:
    return placing(patient, start=start, end=end).select_related("location__jurisdiction")[:1]


PLACED = PreparedQuery(_placed)


def scope_of_place(*, start: dt.datetime, end: dt.datetime) -> RelatedRows:
    """What the state says of care, where the patient is, or is booked or was last: name and scope note."""
    rules = {name: f"location__jurisdiction__{name}" for name in ("name", "scope_note")}
    return RelatedRows(placing(OuterRef("pk"), start=start, end=end)[:1], **rules)


def is_here(visit: Visit | None, *, on: dt.date) -> bool:
    """Whether the patient is here for it on that day."""
    return (
        visit is not None
        and visit.arrived_at is not None
        and visit.left_at is None
        and timezone.localdate(visit.arrived_at) == on
    )


def last_therapist() -> Subquery:
    """Who treated the patient last; an annotation of patients."""
    arrivals = Visit.objects.filter(patient=OuterRef("pk"), arrived_at__isnull=False)
    return Subquery(arrivals.order_by("-arrived_at").values("therapist")[:1])


def first_expected(*, start: dt.datetime, end: dt.datetime) -> RelatedRows:
    """The first visit booked for that day that has not begun; an annotation of patients."""
    expected = Visit.objects.expected().between(start, end).filter(patient=OuterRef("pk"))
    names = {name: f"therapist__{name}" for name in THERAPIST_COLUMNS}
    return RelatedRows(expected.order_by("booked_for", "pk")[:1], ref="ref", booked_for="booked_for", **names)


def expected_visit(rows: list[dict]) -> ExpectedVisit | None:
    """The visit that `first_expected` found."""
    if not rows:
        return None
    therapist = User(**{name: rows[0][name] for name in THERAPIST_COLUMNS})
    return ExpectedVisit(rows[0]["ref"], instant(rows[0]["booked_for"]), therapist)


def with_stamps(user: User, ref: str) -> Visit | None:
    """A visit with the people of its stamps, and whether the record `is_open` to this user."""
    return WITH_STAMPS.one(user=user.pk, at=timezone.now(), ref=ref)


def _with_stamps(user: int, at: dt.datetime, ref: str) -> QuerySet:
    visible = Visit.objects.visible_to(User(pk=user), at=at).filter(pk=OuterRef("pk"))
    people = [f"{name}_by" for name in steps.STAMPS]
    visits = Visit.objects.select_related("patient", "therapist", "room", "location", *people)
    return visits.annotate(is_open=Exists(visible)).filter(ref=ref)


WITH_STAMPS = PreparedQuery(_with_stamps)
