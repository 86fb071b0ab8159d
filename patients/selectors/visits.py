"""Visits: taken times, current and expected visits of a patient, and a visit with its stamps."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet, Subquery

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
    arrived = Visit.objects.present().filter(patient=patient, arrived_at__gte=start, arrived_at__lt=end)
    return arrived.order_by("-arrived_at", "-pk")


def current_visit(patient: Patient, *, on: dt.date) -> Visit | None:
    """The visit that the patient is here for."""
    return current_visits(patient, on=on).first()


def last_therapist() -> Subquery:
    """Who treated the patient last; an annotation of patients."""
    arrivals = Visit.objects.filter(patient=OuterRef("pk"), arrived_at__isnull=False)
    return Subquery(arrivals.order_by("-arrived_at").values("therapist")[:1])


def first_expected(*, on: dt.date) -> RelatedRows:
    """The first visit booked for that day that has not begun; an annotation of patients."""
    expected = Visit.objects.expected().between(*days.day_bounds(on)).filter(patient=OuterRef("pk"))
    names = {name: f"therapist__{name}" for name in THERAPIST_COLUMNS}
    return RelatedRows(expected.order_by("booked_for", "pk")[:1], ref="ref", booked_for="booked_for", **names)


def expected_visit(rows: list[dict]) -> ExpectedVisit | None:
    """The visit that `first_expected` found."""
    if not rows:
        return None
    therapist = User(**{name: rows[0][name] for name in THERAPIST_COLUMNS})
    return ExpectedVisit(rows[0]["ref"], instant(rows[0]["booked_for"]), therapist)


def with_stamps(user: User) -> QuerySet:
    """Visits with the people of their stamps, and whether the record `is_open` to this user."""
    visible = Visit.objects.visible_to(user).filter(pk=OuterRef("pk"))
    people = [f"{name}_by" for name in steps.STAMPS]
    visits = Visit.objects.select_related("patient", "therapist", "room", "location", *people)
    return visits.annotate(is_open=Exists(visible))
