"""Days and times inside signed texts. Fixed for good: no country, language or setting changes one byte.

A note that was signed years ago is compared with its rows, word by word: another way of writing a day would
mark every sentence of it as changed.
"""

import datetime as dt

from django.utils import timezone

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(on: dt.date) -> str:
    """“28 Nov 2026”"""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def written_day(on: dt.date) -> str:
    """“Nov 28, 2026”, of a late entry."""
    return f"{MONTHS[on.month - 1]} {on.day}, {on.year}"


def clock(at: dt.datetime) -> str:
    """“14:00”"""
    local = timezone.localtime(at)
    return f"{local.hour:02}:{local.minute:02}"


def counted_clock(at: dt.datetime) -> str:
    """“2:00 PM”, of the second count."""
    local = timezone.localtime(at)
    return f"{local.hour % 12 or 12}:{local.minute:02} {'AM' if local.hour < 12 else 'PM'}"
