"""The visits that hang on a location, a room or an account that somebody is about to take away."""

from django.utils import timezone
from django.utils.translation import ngettext

from clinic.models import Location, Room, User
from patients.models import Visit
from patients.models.visits import VisitQuerySet
from patients.rules.visits import days


def on_location(location: Location) -> list[str]:
    return _of(Visit.objects.filter(location=location))


def on_room(room: Room) -> list[str]:
    return _of(Visit.objects.filter(room=room))


def on_account(user: User) -> list[str]:
    return _of(Visit.objects.filter(therapist=user))


def _of(visits: VisitQuerySet) -> list[str]:
    """Who is there today, and who is expected from today on."""
    start, end = days.day_bounds(timezone.localdate())
    present = visits.present().filter(arrived_at__gte=start, arrived_at__lt=end).count()
    expected = visits.expected().filter(booked_for__gte=start).count()
    found = []
    if present:
        words = ngettext(
            "%(count)s visit is open today. Check that patient out first.",
            "%(count)s visits are open today. Check those patients out first.",
            present,
        )
        found.append(words % {"count": present})
    if expected:
        words = ngettext(
            "%(count)s visit is booked from today on. Move or cancel it first.",
            "%(count)s visits are booked from today on. Move or cancel them first.",
            expected,
        )
        found.append(words % {"count": expected})
    return found
