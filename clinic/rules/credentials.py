"""When people are reminded of an expiring credential, and the label of its end."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Credential

# Days before the end on which a mail is sent, beside the practice's own setting; 0 is the last day.
# own choice: two weeks before, and on the day itself
LAST_REMINDER_DAYS = (14, 0)


@dataclass(frozen=True)
class ExpiringCredential:
    """A credential that ends soon. `days_left` below zero means that it has ended."""

    credential: Credential
    days_left: int

    @property
    def has_ended(self) -> bool:
        return self.days_left < 0

    @property
    def kind(self) -> str:
        return "stop" if self.has_ended else "caution"

    @property
    def label(self) -> str:
        if self.has_ended:
            return _("Expired")
        if self.days_left == 0:
            return _("Expires today")
        if self.days_left == 1:
            return _("Expires tomorrow")
        return ngettext("In %(count)s day", "In %(count)s days", self.days_left) % {"count": self.days_left}


def due_reminder_days(expires_on: dt.date, *, on: dt.date, days: int) -> int | None:
    """The reminder that is due, as days before the end: the latest one reached. None when none is."""
    days_left = max((expires_on - on).days, 0)
    reached = [reminder for reminder in {days, *LAST_REMINDER_DAYS} if days_left <= reminder]
    return min(reached) if reached else None
