"""The register of adverse events: its filters, and one line of it."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from treatments.models import AdverseEvent
from treatments.rules.adverse_events.event import SERIOUS, SEVERITIES

# Without days the register shows the events that were recorded in the last year.
SHOWN_DAYS = 365
OPEN, CLOSED, DUE, ERROR = "open", "closed", "due", "error"
# Work that waits, however old: these lists need no days.
WAITING = {OPEN, DUE}


@dataclass(frozen=True)
class RegisterFilter:
    """What is shown. Days are local and those of the recording, both included; an empty term shows all."""

    state: str = ""
    kind: int | None = None
    severity: int | None = None
    phase: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    before: int | None = None

    def first_day(self, *, today: dt.date) -> dt.date | None:
        if self.first or self.state in WAITING:
            return self.first
        return (self.last or today) - dt.timedelta(days=SHOWN_DAYS)


@dataclass(frozen=True)
class RegisterRow:
    """An event with what the register says of it, read on a day."""

    event: AdverseEvent
    on: dt.date

    @property
    def severity(self) -> str:
        return f"{self.event.severity} {SEVERITIES[self.event.severity]}"

    @property
    def state(self) -> tuple[str, str]:
        if self.event.withdrawn_at:
            return "neutral", _("Entered in error")
        if self.event.closed_at:
            return "ok", _("Closed")
        return ("stop" if self.event.severity >= SERIOUS else "caution"), _("Open")

    @property
    def report(self) -> tuple[str, str]:
        """(kind, words) of what is known of its report."""
        event = self.event
        if event.reported_on:
            return "ok", _("Reported")
        if event.report_due_on is None or event.withdrawn_at:
            return "", ""
        return ("stop", _("Overdue")) if event.report_due_on < self.on else ("caution", _("Due"))
