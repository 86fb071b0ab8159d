"""Visits and calls of an absent therapist that somebody else takes over."""

import datetime as dt

from patients.models import Visit
from patients.rules.visits import days
from treatments.models import FollowUp


def visits_of(therapist, first: dt.date, last: dt.date) -> list[Visit]:
    """Visits that have not begun."""
    start, end = days.day_bounds(first)[0], days.day_bounds(last)[1]
    visits = Visit.objects.expected().filter(therapist=therapist).between(start, end)
    return list(visits.select_related("patient", "therapist", "room").order_by("booked_for", "pk"))


def calls_of(therapist, last: dt.date) -> list[FollowUp]:
    """Calls that fall due until then, older ones and warning signs that wait included."""
    calls = FollowUp.objects.unsettled().filter(assigned_to=therapist, due_at__lt=days.day_bounds(last)[1])
    return list(calls.select_related("session__patient").order_by("due_at", "pk"))
