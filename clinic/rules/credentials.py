"""When somebody is reminded of a credential that ends, and how its end is worded."""

import datetime as dt
from dataclasses import dataclass

from clinic.models import Credential

# Days before the end on which a mail goes out, beside the practice's own number; 0 is the last day.
LAST_REMINDER_DAYS = (14, 0)


@dataclass(frozen=True)
class ExpiringCredential:
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


def due_reminder_days(expires_on: dt.date, *, on: dt.date, days: int) -> int | None:
    """The call that is due: the nearest one that the end has come within. None: too early for any."""
    left = max((expires_on - on).days, 0)
    reached = [call for call in {days, *LAST_REMINDER_DAYS} if left <= call]
    return min(reached) if reached else None
