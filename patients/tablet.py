"""The tablet in the patient's hand: how long it stays open, its pages, and what is kept of half an answer."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.http import QueryDict

from clinic.models import MAX_TEXT
from patients.models import Handover, ScreeningItem

# A tablet that was forgotten in the waiting room closes by itself.
STAYS_OPEN = dt.timedelta(hours=2)
OPEN, SENT, CLOSED = "open", "sent", "closed"


@dataclass(frozen=True)
class Page:
    """One page of questions."""

    number: int
    name: str
    items: tuple[ScreeningItem, ...]


def state_of(handover: Handover, *, now: dt.datetime) -> str:
    """open, sent (the patient is done) or closed (too old, or taken back)."""
    if handover.finished_at is not None:
        return SENT
    if handover.ended_at is not None or now - handover.started_at > STAYS_OPEN:
        return CLOSED
    return OPEN


def pages_of(items: Iterable[ScreeningItem]) -> list[Page]:
    groups = ((name, tuple(held)) for name, held in groupby(items, key=_group_of))
    return [Page(number, name, held) for number, (name, held) in enumerate(groups, start=1)]


def typed(data: QueryDict, fields: Iterable[str], *, lists: Iterable[str] = ()) -> dict:
    """What was typed, good or not, in values that every database keeps: no NUL, no novel."""
    many = set(lists)
    return {
        name: [_plain(value) for value in data.getlist(name)] if name in many else _plain(data.get(name, ""))
        for name in fields
    }


def _plain(text: str) -> str:
    return text.replace("\0", "")[: MAX_TEXT + 1]


def _group_of(item: ScreeningItem) -> str:
    return item.group
