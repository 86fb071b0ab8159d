"""What hangs on a row that somebody is about to take away. The floors above add what is theirs."""

from collections.abc import Callable, Iterable

from django.utils.translation import ngettext

from clinic.models import Location, Room, User

# each gives sentences; empty where nothing hangs on the row
ON_LOCATION: list[Callable[[Location], Iterable[str]]] = []
ON_ROOM: list[Callable[[Room], Iterable[str]]] = []
ON_ACCOUNT: list[Callable[[User], Iterable[str]]] = []


def on_location(location: Location) -> list[str]:
    return [*_staff_of(location), *(sentence for hangs in ON_LOCATION for sentence in hangs(location))]


def on_room(room: Room) -> list[str]:
    return [sentence for hangs in ON_ROOM for sentence in hangs(room)]


def on_account(user: User) -> list[str]:
    return [sentence for hangs in ON_ACCOUNT for sentence in hangs(user)]


def is_only_location(location: Location) -> bool:
    return not Location.objects.filter(retired_at=None).exclude(pk=location.pk).exists()


def _staff_of(location: Location) -> list[str]:
    count = User.objects.filter(location=location, is_active=True).count()
    words = ngettext(
        "%(count)s person usually works there. Choose another location in their account first.",
        "%(count)s people usually work there. Choose another location in their accounts first.",
        count,
    )
    return [words % {"count": count}] if count else []
