"""What a therapist who is away leaves behind, and where it would collide with somebody else's day."""

import datetime as dt

from patients.models import Visit
from patients.rules.visits import booking, days
from patients.rules.visits.booking import Slot
from treatments.models import FollowUp


def visits_of(therapist, first: dt.date, last: dt.date) -> list[Visit]:
    """Visits that have not begun."""
    start, end = days.bounds(first)[0], days.bounds(last)[1]
    found = Visit.objects.expected().filter(therapist=therapist).between(start, end)
    return list(found.select_related("patient", "therapist", "room").order_by("booked_for", "pk"))


def calls_of(therapist, last: dt.date) -> list[FollowUp]:
    """Calls that fall due until then, older ones and warning signs that wait included."""
    found = FollowUp.objects.unsettled().filter(assigned_to=therapist, due_at__lt=days.bounds(last)[1])
    return list(found.select_related("session__patient").order_by("due_at", "pk"))


def collisions(moving: list[Visit], standing: list[Visit]) -> dict[int, str]:
    """For each visit that would overlap with one of the other therapist's, when that one is. Pure."""
    taken = [booking.slot_of(visit) for visit in standing]
    found = {}
    for visit in moving:
        wanted = booking.slot_of(visit)
        clash = next((slot for slot in taken if _touch(wanted, slot)), None)
        if clash is not None:
            found[visit.pk] = booking.span(clash)
    return found


def _touch(one: Slot, other: Slot) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
