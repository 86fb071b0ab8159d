"""The tablet in the patient's hands: how long it stays open, and its pages of questions."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from patients.models import Handover, ScreeningItem

# A tablet that was forgotten in the waiting room closes by itself.
OPEN_FOR = dt.timedelta(hours=2)
# Where the login session of the device keeps which hand-over it holds.
SESSION_KEY = "handover"
OPEN, SENT, CLOSED = "open", "sent", "closed"


@dataclass(frozen=True)
class QuestionPage:
    """One page of questions."""

    number: int
    name: str
    items: tuple[ScreeningItem, ...]


def state_of(handover: Handover, *, now: dt.datetime) -> str:
    """open, sent (the patient is done) or closed (too old, or taken back)."""
    if handover.finished_at is not None:
        return SENT
    if handover.ended_at is not None or now - handover.started_at > OPEN_FOR:
        return CLOSED
    return OPEN


def question_pages(items: Iterable[ScreeningItem]) -> list[QuestionPage]:
    groups = ((name, tuple(held)) for name, held in groupby(items, key=_group_of))
    return [QuestionPage(number, name, held) for number, (name, held) in enumerate(groups, start=1)]


def _group_of(item: ScreeningItem) -> str:
    return item.group
