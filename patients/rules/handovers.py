"""The tablet in the patient's hands: how long it stays open, and its pages of questions."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from patients.models import Handover, ScreeningItem

# A forgotten tablet closes by itself after this time.
# own choice: longer than a form takes
OPEN_FOR = dt.timedelta(hours=2)
# The key of the login session under which the device stores its hand-over.
SESSION_KEY = "handover"
OPEN, SENT, CLOSED = "open", "sent", "closed"


@dataclass(frozen=True)
class QuestionPage:
    """One page of questions."""

    number: int
    name: str
    items: tuple[ScreeningItem, ...]


def state_of(handover: Handover, *, now: dt.datetime) -> str:
    """open, sent (the patient has finished) or closed (too old, or taken back)."""
    if handover.finished_at is not None:
        return SENT
    if handover.ended_at is not None or now - handover.started_at > OPEN_FOR:
        return CLOSED
    return OPEN


def question_pages(items: Iterable[ScreeningItem]) -> list[QuestionPage]:
    groups = ((name, tuple(members)) for name, members in groupby(items, key=_group_of))
    return [QuestionPage(number, name, members) for number, (name, members) in enumerate(groups, start=1)]


def _group_of(item: ScreeningItem) -> str:
    return item.group
