"""Which credentials end soon, and on which days people hear of it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.models import Credential

# Days before the end on which a mail goes out, beside the practice's own number; 0 is the last day.
LAST_CALLS = (14, 0)
AT_MOST = 8


@dataclass(frozen=True)
class Ending:
    """One line of a board: whose credential ends, and in how many days; below zero it has ended."""

    credential: Credential
    days_left: int

    @property
    def has_ended(self) -> bool:
        return self.days_left < 0

    @property
    def kind(self) -> str:
        return "stop" if self.has_ended else "caution"

    @property
    def words(self) -> str:
        if self.has_ended:
            return "Ended"
        return {0: "Ends today", 1: "Ends tomorrow"}.get(self.days_left, f"In {self.days_left} days")


def threshold(expires_on: dt.date, *, on: dt.date, days: int) -> int | None:
    """The call that is due: the nearest one that the end has come within. None: too early for any."""
    left = max((expires_on - on).days, 0)
    reached = [call for call in {days, *LAST_CALLS} if left <= call]
    return min(reached) if reached else None


def ending(*, on: dt.date, days: int) -> QuerySet:
    """Of people who work here, what ends within so many days or has ended; a renewed licence is no news."""
    later = Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on"))
    licences = Credential.objects.filter(user=OuterRef("user"), kind=Credential.Kind.LICENCE)
    same_place = Q(jurisdiction=OuterRef("jurisdiction")) | Q(jurisdiction=None)
    renewed = Q(kind=Credential.Kind.LICENCE) & Exists(licences.filter(later, same_place))
    soon = Credential.objects.filter(user__is_active=True, expires_on__lte=on + dt.timedelta(days=days))
    return soon.exclude(renewed).select_related("user").order_by("expires_on", "pk")


def lines_for(user, *, everybody: bool, on: dt.date, days: int) -> list[Ending]:
    """What a board shows: everybody's for whoever looks after the practice, else one's own."""
    rows = ending(on=on, days=days)
    rows = rows if everybody else rows.filter(user=user)
    return [Ending(row, (row.expires_on - on).days) for row in rows[:AT_MOST]]
