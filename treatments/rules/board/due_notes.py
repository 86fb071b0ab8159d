"""Notes that wait for somebody, as the board lists them: drafts, co-signatures, requests to amend."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from treatments.models import NeedlingSession
from treatments.rules.adverse_events.event import EventLine, lines
from treatments.rules.record import amendments

MAX_NOTES = 8


@dataclass(frozen=True)
class WaitingNote:
    """A signed note that waits for its co-signature; `late` once the practice's limit in days has passed."""

    session: NeedlingSession
    late: bool


@dataclass(frozen=True)
class OpenEvent:
    """An adverse event that nobody has closed. `overdue`: its report should have been made."""

    session: NeedlingSession
    event: EventLine
    overdue: bool


@dataclass(frozen=True)
class DueNotes:
    """The reader's own notes that wait, and for a lead everybody's that wait for too long."""

    drafts: list[NeedlingSession]
    old_drafts: list[NeedlingSession]
    to_cosign: list[WaitingNote]
    requests: list[dict]
    late_cosignatures: list[WaitingNote]
    open_events: list[OpenEvent] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """Who reads the board. `mine`: they write notes. `before`: for a lead, drafts opened before it are old.

    A co-signature is late for notes that were signed before `cosign_before`.
    """

    pk: int
    mine: bool
    before: dt.datetime | None
    cosign_before: dt.datetime

    @property
    def is_lead(self) -> bool:
        return self.before is not None


def sort_notes(notes: list[NeedlingSession], reader: Reader, *, on: dt.date) -> DueNotes:
    """The notes that were read for this reader, by list."""
    drafts = [row for row in notes if row.is_draft]
    waiting_notes = _waiting(notes, reader)
    answerable = [row for row in notes if reader.is_lead or row.therapist_id == reader.pk]
    return DueNotes(
        _own(drafts, reader)[:MAX_NOTES],
        _old(drafts, reader)[:MAX_NOTES],
        [waiting for waiting in waiting_notes if waiting.session.cosigner == reader.pk],
        amendments.request_lines(answerable, on=on),
        [waiting for waiting in waiting_notes if waiting.late and reader.is_lead],
        _events(answerable, on=on)[:MAX_NOTES],
    )


def _events(notes: Iterable[NeedlingSession], *, on: dt.date) -> list[OpenEvent]:
    """The open events of these notes: reports that are due first, then by severity."""
    found = [
        OpenEvent(row, line, line.is_overdue(on))
        for row in notes
        for line in lines(row.open_events, ref=row.ref)
    ]
    return sorted(found, key=_by_urgency)


def _by_urgency(found: OpenEvent) -> tuple:
    line = found.event
    due = line.report_waits_until
    return due is None, due or dt.date.max, -line.severity, line.pk


def _own(drafts: Iterable[NeedlingSession], reader: Reader) -> list[NeedlingSession]:
    if not reader.mine:
        return []
    return [draft for draft in drafts if reader.pk in (draft.therapist_id, draft.supervisor_id)]


def _old(drafts: Iterable[NeedlingSession], reader: Reader) -> list[NeedlingSession]:
    if reader.before is None:
        return []
    return [draft for draft in drafts if draft.opened_at < reader.before]


def _waiting(notes: Iterable[NeedlingSession], reader: Reader) -> list[WaitingNote]:
    """Notes that wait for a co-signature, the oldest signature first."""
    signed = sorted((row for row in notes if row.waits), key=_by_signature)
    return [WaitingNote(row, row.signed_at < reader.cosign_before) for row in signed]


def _by_signature(row: NeedlingSession) -> tuple:
    return row.signed_at, row.pk
