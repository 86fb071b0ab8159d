"""Visits of an absent therapist that would overlap with somebody else's."""

from patients.models import Visit
from patients.rules.visits import booking
from patients.rules.visits.booking import Slot


def collisions(moving: list[Visit], standing: list[Visit]) -> dict[int, str]:
    """For each visit that would overlap with one of the other therapist's, when that one is. Pure."""
    taken = [booking.slot_of(visit) for visit in standing]
    found = {}
    for visit in moving:
        wanted = booking.slot_of(visit)
        clash = next((slot for slot in taken if _overlap(wanted, slot)), None)
        if clash is not None:
            found[visit.pk] = booking.time_range(clash)
    return found


def _overlap(one: Slot, other: Slot) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
