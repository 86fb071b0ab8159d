"""The register of adverse events: its filters, one line of it, its sentence, and the table of its file."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import formats
from clinic.models import User
from treatments.models import AdverseEvent
from treatments.rules.adverse_events.event import SERIOUS, SEVERITIES
from treatments.rules.reports import report as reports
from treatments.rules.reports.report import Cell, Column, Report, local_day

# Without days the register shows the events that were recorded in the last year.
SHOWN_DAYS = 365
OPEN, CLOSED, DUE, ERROR = "open", "closed", "due", "error"
# Work that waits, however old: these lists need no days.
WAITING = {OPEN, DUE}
# What the file of the register is called, and how its audit event names it.
CODE = "adverse-event-register"


@dataclass(frozen=True)
class RegisterFilter:
    """What is shown. Days are local and those of the recording, both included; an empty term shows all."""

    state: str = ""
    kind: int | None = None
    severity: int | None = None
    phase: str = ""
    therapist: User | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    before: int | None = None

    def first_day(self, *, today: dt.date) -> dt.date | None:
        if self.first or self.state in WAITING:
            return self.first
        return (self.last or today) - dt.timedelta(days=SHOWN_DAYS)

    @property
    def summary(self) -> str:
        """For the audit: the filters, with the keys of kind and therapist."""
        terms = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "before"}
        terms["therapist"] = self.therapist and self.therapist.pk
        return ", ".join(f"{name} {value}" for name, value in terms.items() if value not in ("", None)) or (
            "the last year"
        )


@dataclass(frozen=True)
class RegisterCounts:
    """Of everything that the filters ask for, shown or not."""

    events: int
    still_open: int
    serious: int


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


def sentence(counts: RegisterCounts, state: str) -> str:
    """“5 adverse events: 3 open, 1 serious.” What the filter says already is not said again."""
    if not counts.events:
        return _("No adverse event fits these filters.")
    events = ngettext("%(number)s adverse event", "%(number)s adverse events", counts.events)
    parts = [
        "" if state else _("%(number)s open") % {"number": _number(counts.still_open)},
        _("%(number)s serious") % {"number": _number(counts.serious)},
    ]
    found = {"events": events % {"number": _number(counts.events)}, "parts": ", ".join(filter(None, parts))}
    return _("%(events)s: %(parts)s.") % found


def _number(number: int) -> str:
    return formats.whole(number) if number else _("none")


def table(rows: Sequence[RegisterRow]) -> Report:
    """The same as the page lists, for its file."""
    return Report("", _columns(), tuple(map(_line, rows)))


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Event"), second=_("When it started")),
        Column(_("Severity")),
        Column(_("Patient"), second=_("Reference")),
        Column(_("Session"), second=_("Session reference")),
        Column(_("Therapist")),
        Column(_("Recorded")),
        Column(_("Report"), second=_("Reported, or due")),
        Column(_("Status"), second=_("Outcome")),
    )


def _line(row: RegisterRow) -> tuple[Cell, ...]:
    event, session = row.event, row.event.session
    reported_on = event.reported_on or event.report_due_on
    return (
        Cell(event.kind.name, event.get_phase_display()),
        Cell(row.severity),
        Cell(session.patient.listed_name, session.patient.ref),
        Cell(local_day(session.started_at or session.opened_at), session.ref),
        Cell(session.therapist.display_name),
        Cell(local_day(event.noted_at)),
        Cell(row.report[1], reports.day(reported_on) if reported_on else ""),
        Cell(row.state[1], event.get_outcome_display() if event.closed_at else ""),
    )
