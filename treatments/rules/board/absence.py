"""Visits of an absent therapist that would overlap with somebody else's."""

from django.utils.translation import gettext as _

from clinic.values.errors import CAUTION, Reason
from patients.models import Visit
from patients.rules.visits import booking
from patients.rules.visits.booking import Slot


def collisions(moving: list[Visit], standing: list[Visit]) -> dict[int, str]:
    """{visit: the time span of the visit of the other therapist that it would overlap with}."""
    taken = [booking.slot_of(visit) for visit in standing]
    overlaps = {}
    for visit in moving:
        moved = booking.slot_of(visit)
        clash = next((slot for slot in taken if _overlap(moved, slot)), None)
        if clash is not None:
            overlaps[visit.pk] = booking.time_range(clash)
    return overlaps


def cautions(moving: list[Visit], standing: list[Visit]) -> list[Reason]:
    """The double bookings that a move makes, each by its visit."""
    return [
        Reason("therapist-twice", _("Visit %(pk)s: %(span)s") % {"pk": pk, "span": span}, CAUTION)
        for pk, span in collisions(moving, standing).items()
    ]


def move_key(away, to) -> str:
    """Identifies whose visits go to whom."""
    return f"{away.pk}-{to.pk}"


def _overlap(one: Slot, other: Slot) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
