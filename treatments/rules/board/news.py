"""What an open board knows already, as a short text, and when it is out of date."""

import datetime as dt
import re
from dataclasses import dataclass

# A check-in, a room, a sign or needles show on every open board within 20 seconds.
EVERY_SECONDS = 15
# Some of a board follows the clock: how long ago, what is late, the day itself.
LASTS = dt.timedelta(minutes=5)
# An event carries the time at which it was written, and can be read when its transaction has ended.
SLACK = dt.timedelta(seconds=30)
VERSION = re.compile(r"(\d{0,18})\.(\d{1,11})")


@dataclass(frozen=True)
class Version:
    """A board of `at` with every event up to `seq`; a whole page does not know its `seq`."""

    at: dt.datetime
    seq: int | None = None

    def __str__(self):
        return f"{'' if self.seq is None else self.seq}.{int(self.at.timestamp())}"


@dataclass(frozen=True)
class Events:
    """What happened since a version: the newest event, whether one concerns a board or a call fell due."""

    newest: int | None
    concerning: bool
    is_call_due: bool


def version_of(text: str) -> Version | None:
    """None for a text that is no version: then the board is sent."""
    found = VERSION.fullmatch(text)
    if found is None:
        return None
    seq, seconds = found.groups()
    try:
        at = dt.datetime.fromtimestamp(int(seconds), tz=dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return Version(at, int(seq) if seq else None)


def is_old(version: Version, events: Events, *, now: dt.datetime) -> bool:
    return events.concerning or events.is_call_due or not version.at <= now <= version.at + LASTS


def went_on(version: Version, events: Events, *, at: dt.datetime) -> Version:
    """The board of `at`, with the events that happened since."""
    return Version(at, version.seq if events.newest is None else events.newest)
