"""Days and times inside signed texts. Fixed for good: no country, language or setting changes one byte.

A note that was signed years ago is compared with its rows, word by word: another way of writing a day would
mark every sentence of it as changed. So each version of the seal keeps its own way.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils import timezone

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def former_day(on: dt.date) -> str:
    """“28 Nov 2026”"""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def former_clock(at: dt.datetime) -> str:
    """“14:00”"""
    local = timezone.localtime(at)
    return f"{local.hour:02}:{local.minute:02}"


def written_day(on: dt.date) -> str:
    """“Nov 28, 2026”: in every version of a late entry, and since version 4 everywhere."""
    return f"{MONTHS[on.month - 1]} {on.day}, {on.year}"


def counted_clock(at: dt.datetime) -> str:
    """“2:00 PM”: in every version of the second count, and since version 4 everywhere."""
    local = timezone.localtime(at)
    return f"{local.hour % 12 or 12}:{local.minute:02} {'AM' if local.hour < 12 else 'PM'}"


@dataclass(frozen=True)
class Writing:
    """How a version of the seal writes the day of a visit, and the time of day."""

    day: Callable[[dt.date], str]
    clock: Callable[[dt.datetime], str]


FORMER, PRESENT = Writing(former_day, former_clock), Writing(written_day, counted_clock)
WRITINGS = {1: FORMER, 2: FORMER, 3: FORMER, 4: PRESENT}
_writing: ContextVar[Writing] = ContextVar("writing of signed texts", default=PRESENT)


@contextmanager
def of_version(version: int) -> Iterator[None]:
    """Within it `day` and `clock` write as this version of the seal; without it as the newest.

    A text that somebody has overwritten may name any version: its differences are shown all the same.
    """
    token = _writing.set(WRITINGS.get(version, PRESENT))
    try:
        yield
    finally:
        _writing.reset(token)


def day(on: dt.date) -> str:
    return _writing.get().day(on)


def clock(at: dt.datetime) -> str:
    return _writing.get().clock(at)
