"""Who administers the practice, and whose link a token opens."""

import datetime as dt

from clinic.models import Location, Practice, Role, User
from clinic.models.first_start import FirstLink
from clinic.rules import first_start


def administrators() -> list[User]:
    """Open accounts that hold the role today; those in use before one that waits for its link."""
    return sorted(User.objects.holding(Role.ADMIN), key=first_start.waits_for_link)


def administrator() -> User | None:
    return next(iter(administrators()), None)


def is_demo() -> bool:
    return Practice.objects.filter(pk=1, is_demo=True).exists()


def first_place() -> Location | None:
    return Location.objects.filter(retired_at=None).order_by("pk").first()


def is_taken(username: str) -> bool:
    return User.objects.filter(username__iexact=username).exists()


def open_link(token: str, *, at: dt.datetime) -> FirstLink | None:
    """The link with its user, while it can still be used."""
    links = FirstLink.objects.select_related("user").filter(digest=first_start.digest_of(token))
    link = links.filter(ended_at=None, expires_at__gt=at, user__is_active=True).first()
    return link if link is not None and first_start.waits_for_link(link.user) else None
