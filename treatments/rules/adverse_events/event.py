"""Adverse events: what may be recorded, when a report is due, who closes one, and how each reads."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.access import Permission, may
from clinic.models.rows import day, instant
from clinic.values.addresses import reverse
from clinic.values.errors import Reason
from treatments.models import AdverseEvent
from treatments.models.adverse_events import STAFF_CATEGORY

# own choice: the steps are ours; serious follows Fla. Admin. Code 64B17-6.008 (hospital or physician)
SEVERITIES = {
    0: gettext_lazy("expected"),
    1: gettext_lazy("minor"),
    2: gettext_lazy("moderate"),
    3: gettext_lazy("serious"),
}
# The only severity that a jurisdiction counts days for. source: domain notes, 5.2 (Florida)
# own choice: the last of the steps above
SERIOUS = 3


@dataclass(frozen=True)
class EventOnFile:
    """An event of a session that stands: nobody marked it as entered in error."""

    kind: str
    severity: int

    @property
    def label(self) -> str:
        return _("%(kind)s, severity %(number)s (%(severity)s)") % {
            "kind": self.kind,
            "number": self.severity,
            "severity": SEVERITIES[self.severity],
        }


@dataclass(frozen=True)
class EventLine(EventOnFile):
    """The same as a page lists it. `url` is its own page."""

    pk: int
    url: str
    outcome: str
    noted_at: dt.datetime
    noted_by: str
    onset_at: dt.datetime | None = None
    due_on: dt.date | None = None
    reported_on: dt.date | None = None
    reported_to: str = ""
    closed_at: dt.datetime | None = None
    closed_by: str = ""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def report_waits_until(self) -> dt.date | None:
        """The last day of a report that nobody has made."""
        return None if self.reported_on else self.due_on

    def is_overdue(self, on: dt.date) -> bool:
        return self.report_waits_until is not None and self.report_waits_until < on

    @property
    def state(self) -> tuple[str, str]:
        """(kind, words) of its tag."""
        if not self.is_open:
            return "neutral", _("Closed")
        return ("stop" if self.severity >= SERIOUS else "caution"), _("Open")


def lines(rows: Iterable[dict], *, ref: str) -> list[EventLine]:
    """The events of the session with that reference, the most serious first."""
    found = [_line(row, ref) for row in rows]
    return sorted(found, key=lambda line: (-line.severity, line.pk))


def _line(row: dict, ref: str) -> EventLine:
    return EventLine(
        kind=row["kind"],
        severity=row["severity"],
        pk=row["pk"],
        url=reverse("treatments:adverse-event-page", args=[ref, row["pk"]]),
        outcome=str(AdverseEvent.Result(row["outcome"]).label),
        noted_at=instant(row["noted_at"]),
        noted_by=_name(row, "noted"),
        onset_at=instant(row["onset_at"]),
        due_on=day(row["due_on"]),
        reported_on=day(row["reported_on"]),
        reported_to=row["reported_to"],
        closed_at=instant(row["closed_at"]),
        closed_by=_name(row, "closed"),
    )


def _name(row: dict, act: str) -> str:
    return " ".join(filter(None, (row[f"{act}_first"], row[f"{act}_last"])))


def report_due_on(*, severity: int, days: int | None, began_on: dt.date) -> dt.date | None:
    """The last day of a report, counted from the day the event began: the earliest that can be meant."""
    if severity < SERIOUS or days is None:
        return None
    return began_on + dt.timedelta(days=days)


def began_on(session, onset_at: dt.datetime | None) -> dt.date:
    """The day of its onset, or of the session where the onset is not known."""
    return timezone.localdate(onset_at or session.started_at or session.opened_at)


def record_reasons(session, fields: dict, *, now: dt.datetime) -> list[Reason]:
    """Why an event cannot be recorded, or corrected to these values."""
    onset, kind, site, found = fields.get("onset_at"), fields.get("kind"), fields.get("site"), []
    if kind is not None and kind.category == STAFF_CATEGORY:
        message = _(
            "An injury of staff is not part of a patient's record. Enter it in the sharps injury log."
        )
        found.append(Reason("injury-of-staff", message, field="kind"))
    if onset and onset > now:
        message = _("The onset is in the future. Check the date.")
        found.append(Reason("onset-in-future", message, field="onset_at"))
    if onset and onset < (session.started_at or session.opened_at):
        message = _("The onset is before the session started. Choose another session or check the time.")
        found.append(Reason("onset-before-session", message, field="onset_at"))
    if site is not None and site.session_id != session.pk:
        found.append(Reason("site-of-other-session", _("Choose a site of this session."), field="site"))
    return found


def report_reasons(event, *, to: str, on: dt.date, today: dt.date) -> list[Reason]:
    """Why it cannot be marked as reported."""
    found = []
    if not to.strip():
        found.append(Reason("recipient-missing", _("Write to whom it was reported."), field="reported_to"))
    if on > today:
        message = _("This day is in the future. Mark it once it was reported.")
        found.append(Reason("report-ahead", message, field="reported_on"))
    elif on < timezone.localdate(event.session.started_at or event.session.opened_at):
        message = _("This day is before the session. Check the date.")
        found.append(Reason("report-before-session", message, field="reported_on"))
    return found


def close_reasons(event, *, by, note: str) -> list[Reason]:
    """Why this person cannot close it now."""
    found = []
    if not may_close(by, event.severity):
        found.append(Reason("lead-closes", _("A serious event is closed by the clinical lead.")))
    if event.report_due_on is not None and event.reported_at is None:
        message = _("A report is due. Mark the event as reported before it is closed.")
        found.append(Reason("report-open", message))
    if not note.strip():
        found.append(
            Reason("note-missing", _("Write how it ended and what was learned."), field="closing_note")
        )
    return found


def may_close(user, severity: int) -> bool:
    """A serious event is closed by somebody with a lead's permission, others by who acts on them."""
    needed = Permission.ADVERSE_EVENT_CLOSE if severity >= SERIOUS else Permission.RED_FLAG_ACT
    return may(user, needed)


def withdraw_reasons(event, *, by, reason: str) -> list[Reason]:
    """Why this person cannot mark it as entered in error."""
    found = []
    if by.pk != event.noted_by_id and not may(by, Permission.ADVERSE_EVENT_CLOSE):
        message = _("%(noted_by)s or a lead marks this event as entered in error.") % {
            "noted_by": event.noted_by.display_name
        }
        found.append(Reason("not-the-author", message))
    if not reason.strip():
        found.append(Reason("reason-missing", _("Say what is wrong with the entry."), field="reason"))
    return found
