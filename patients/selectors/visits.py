"""Visits: which times of a day are taken, what a patient is here or expected for, and one on the board."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from clinic.models import User
from clinic.models.rows import RelatedRows, instant
from patients.models import Patient, Visit
from patients.rules.visits import booking, days, steps
from patients.rules.visits.booking import ExpectedVisit, Slot

THERAPIST_COLUMNS = ("username", "first_name", "last_name", "display_credentials")


def slots_near(wanted: Slot, *, but: Visit | None = None) -> list[Slot]:
    """Standing visits of that day which may touch the wanted time. The only query here."""
    longest = dt.timedelta(hours=8)
    visits = Visit.objects.standing().filter(left_at=None).between(wanted.starts_at - longest, wanted.ends_at)
    visits = visits.exclude(pk=but.pk if but else None).select_related("therapist", "room")
    return [booking.slot_of(visit) for visit in visits]


def current_visits(patient: Patient, *, on: dt.date) -> QuerySet:
    """Visits that the patient is here for, the latest arrival first; one left open on another day is none."""
    start, end = days.day_bounds(on)
    arrived = Visit.objects.here().filter(patient=patient, arrived_at__gte=start, arrived_at__lt=end)
    return arrived.order_by("-arrived_at", "-pk")


def current_visit(patient: Patient, *, on: dt.date) -> Visit | None:
    """The visit that the patient is here for."""
    return current_visits(patient, on=on).first()


def last_therapist() -> Subquery:
    """Who treated the patient last; an annotation of patients."""
    came = Visit.objects.filter(patient=OuterRef("pk"), arrived_at__isnull=False)
    return Subquery(came.order_by("-arrived_at").values("therapist")[:1])


def first_expected(*, on: dt.date) -> RelatedRows:
    """The first visit booked for that day that has not begun; an annotation of patients."""
    expected = Visit.objects.expected().between(*days.day_bounds(on)).filter(patient=OuterRef("pk"))
    names = {name: f"therapist__{name}" for name in THERAPIST_COLUMNS}
    return RelatedRows(expected.order_by("booked_for", "pk")[:1], ref="ref", booked_for="booked_for", **names)


def expected_visit(rows: list[dict]) -> ExpectedVisit | None:
    """What `first_expected` found."""
    if not rows:
        return None
    therapist = User(**{name: rows[0][name] for name in THERAPIST_COLUMNS})
    return ExpectedVisit(rows[0]["ref"], instant(rows[0]["booked_for"]), therapist)


def with_stamps(user: User) -> QuerySet:
    """Any visit with who did what, and whether its patient's record `is_open` to this person."""
    open_to_them = Visit.objects.visible_to(user).filter(pk=OuterRef("pk"))
    people = [f"{name}_by" for name in steps.STAMPS]
    visits = Visit.objects.select_related("patient", "therapist", "room", "location", *people)
    return visits.annotate(is_open=Exists(open_to_them))
