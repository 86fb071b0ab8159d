"""Notes that somebody has to write on, as the board lists them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from treatments.models import NeedlingSession
from treatments.rules.record import amendments

MAX_NOTES = 8


@dataclass(frozen=True)
class WaitingNote:
    """A signed note that waits for its supervisor's name; `late` when the practice's days are over."""

    session: NeedlingSession
    late: bool


@dataclass(frozen=True)
class DueNotes:
    """Notes that somebody has to write on: one's own, and for a lead what waits for too long."""

    drafts: list[NeedlingSession]
    old_drafts: list[NeedlingSession]
    to_cosign: list[WaitingNote]
    requests: list[dict]
    late_cosignatures: list[WaitingNote]


@dataclass(frozen=True)
class Reader:
    """Who looks at the board. `mine`: they write notes. `before`: a lead sees everybody's older than that.

    Notes that were signed before `cosign_before` are co-signed late.
    """

    pk: int
    mine: bool
    before: dt.datetime | None
    cosign_before: dt.datetime

    @property
    def is_lead(self) -> bool:
        return self.before is not None


def sort_notes(found: list[NeedlingSession], reader: Reader, *, on: dt.date) -> DueNotes:
    """The notes that were read for this reader, list by list."""
    drafts = [row for row in found if row.is_draft]
    waits = _waiting(found, reader)
    asked = [row for row in found if reader.is_lead or row.therapist_id == reader.pk]
    return DueNotes(
        _own(drafts, reader)[:MAX_NOTES],
        _old(drafts, reader)[:MAX_NOTES],
        [waiting for waiting in waits if waiting.session.supervisor_id == reader.pk],
        amendments.request_lines(asked, on=on),
        [waiting for waiting in waits if waiting.late and reader.is_lead],
    )


def _own(drafts: Iterable[NeedlingSession], reader: Reader) -> list[NeedlingSession]:
    if not reader.mine:
        return []
    return [draft for draft in drafts if reader.pk in (draft.therapist_id, draft.supervisor_id)]


def _old(drafts: Iterable[NeedlingSession], reader: Reader) -> list[NeedlingSession]:
    if reader.before is None:
        return []
    return [draft for draft in drafts if draft.opened_at < reader.before]


def _waiting(found: Iterable[NeedlingSession], reader: Reader) -> list[WaitingNote]:
    """Those that wait for a co-signature, the oldest signature first."""
    signed = sorted((row for row in found if row.waits), key=_by_signature)
    return [WaitingNote(row, row.signed_at < reader.cosign_before) for row in signed]


def _by_signature(row: NeedlingSession) -> tuple:
    return row.signed_at, row.pk
