"""How often adverse events happen: events per sessions and per insertions, each with its numbers."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from treatments.rules.adverse_events.event import SEVERITIES

PERIOD_DAYS = 90


@dataclass(frozen=True)
class Basis:
    """What the events of a period are counted against."""

    sessions: int
    insertions: int

    def per_100_sessions(self, events: int) -> float | None:
        return 100 * events / self.sessions if self.sessions else None

    def per_1000_insertions(self, events: int) -> float | None:
        return 1000 * events / self.insertions if self.insertions else None

    @property
    def one_event(self) -> float | None:
        """By how much one event more or less moves the rate of sessions."""
        return self.per_100_sessions(1)


@dataclass(frozen=True)
class EventCount:
    """Events of one kind and severity, and the sessions that had at least one."""

    kind: str
    severity: int
    events: int
    sessions: int


@dataclass(frozen=True)
class Rate:
    label: str
    severity: str
    events: int
    sessions: int
    per_100_sessions: float | None
    per_1000_insertions: float | None


def period(first: dt.date | None, last: dt.date | None, *, today: dt.date) -> tuple[dt.date, dt.date]:
    """Both days included; without a first day the last ninety days."""
    end = last or max(first, today) if first else last or today
    return first or end - dt.timedelta(days=PERIOD_DAYS - 1), end


def by_kind(counts: Iterable[EventCount], basis: Basis) -> list[Rate]:
    """One line for each kind and severity, the most serious and the most frequent first."""
    ordered = sorted(counts, key=lambda row: (-row.severity, -row.events, row.kind))
    return [_rate(row.kind, severity_text(row.severity), row.events, row.sessions, basis) for row in ordered]


def by_severity(counts: Iterable[EventCount], sessions: dict[int, int], basis: Basis) -> list[Rate]:
    """One line for each severity, those without events too. `sessions` had at least one event of it."""
    totals = dict.fromkeys(SEVERITIES, 0)
    for row in counts:
        totals[row.severity] += row.events
    return [
        _rate("All kinds", severity_text(severity), events, sessions.get(severity, 0), basis)
        for severity, events in sorted(totals.items(), reverse=True)
    ]


def severity_text(severity: int) -> str:
    return f"{severity} {SEVERITIES[severity]}"


def _rate(label: str, severity: str, events: int, sessions: int, basis: Basis) -> Rate:
    return Rate(
        label, severity, events, sessions, basis.per_100_sessions(events), basis.per_1000_insertions(events)
    )
