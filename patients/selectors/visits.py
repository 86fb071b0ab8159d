"""Visits of a day: which times are taken, and for which of them a patient is here."""

import datetime as dt

from django.db.models import QuerySet

from patients.models import Patient, Visit
from patients.rules.visits import booking, days
from patients.rules.visits.booking import Slot


def taken_around(wanted: Slot, *, but: Visit | None = None) -> list[Slot]:
    """Standing visits of that day which may touch the wanted time. The only query here."""
    longest = dt.timedelta(hours=8)
    visits = Visit.objects.standing().filter(left_at=None).between(wanted.starts_at - longest, wanted.ends_at)
    visits = visits.exclude(pk=but.pk if but else None).select_related("therapist", "room")
    return [booking.slot_of(visit) for visit in visits]


def here(patient: Patient, *, on: dt.date) -> QuerySet:
    """Visits that the patient is here for, the latest arrival first; one left open on another day is none."""
    start, end = days.bounds(on)
    arrived = Visit.objects.here().filter(patient=patient, arrived_at__gte=start, arrived_at__lt=end)
    return arrived.order_by("-arrived_at", "-pk")
