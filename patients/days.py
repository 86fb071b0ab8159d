"""A day at the practice: from midnight to midnight on the wall, and the visits somebody is here for."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from patients.models import Patient, Visit


def bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The day's start and end; a day of 23 or 25 hours stays whole."""
    zone = timezone.get_current_timezone()
    start, end = (
        dt.datetime.combine(date, dt.time.min, tzinfo=zone) for date in (day, day + dt.timedelta(days=1))
    )
    return start, end


def here(patient: Patient, *, on: dt.date) -> QuerySet:
    """Visits that the patient is here for, the latest arrival first; one left open on another day is none."""
    start, end = bounds(on)
    arrived = Visit.objects.here().filter(patient=patient, arrived_at__gte=start, arrived_at__lt=end)
    return arrived.order_by("-arrived_at", "-pk")
