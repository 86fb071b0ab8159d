"""Days and times by a country's pattern, as Django's `date_format` writes them, only faster."""

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

Write = Callable[[Any], str]
# A country's file has two dozen.
PATTERNS_KEPT = 256  # technical:
LETTER, ESCAPED = re.compile(r"(?<!\\)([A-Za-z])"), re.compile(r"\\(.)")


def written(value: dt.date | dt.time, pattern: str) -> str:
    """`value` is in local time."""
    has_day, has_time = isinstance(value, dt.date), isinstance(value, dt.datetime | dt.time)
    parts = _parts(pattern, get_language(), has_day, has_time)
    if parts is None:
        return str(date_format(value, pattern))
    return "".join([part if part.__class__ is str else part(value) for part in parts])


@lru_cache(maxsize=PATTERNS_KEPT)
def _parts(pattern: str, language: str | None, has_day: bool, has_time: bool) -> list[str | Write] | None:
    """Its texts, and what writes the others; None where Django is to write it all."""
    letters = (_of_day() if has_day else {}) | (_of_time() if has_time else {})
    parts: list[str | Write] = []
    for place, text in enumerate(LETTER.split(pattern)):
        if not place % 2:
            parts.append(ESCAPED.sub(r"\1", text))
        elif text in letters:
            parts.append(letters[text])
        else:
            return None
    return parts


def _of_day() -> dict[str, Write]:
    months, short_months, days, short_days = (
        {number: str(words[number]) for number in words}
        for words in (MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR)
    )
    return {
        "j": lambda on: str(on.day),
        "n": lambda on: str(on.month),
        "Y": lambda on: f"{on.year:04}",
        "F": lambda on: months[on.month],
        "M": lambda on: short_months[on.month].title(),
        "l": lambda on: days[on.weekday()],
        "D": lambda on: short_days[on.weekday()],
    }


def _of_time() -> dict[str, Write]:
    before_noon, after_noon = gettext("AM"), gettext("PM")
    return {
        "g": lambda at: str(at.hour % 12 or 12),
        "G": lambda at: str(at.hour),
        "H": lambda at: f"{at.hour:02}",
        "i": lambda at: f"{at.minute:02}",
        "s": lambda at: f"{at.second:02}",
        "A": lambda at: after_noon if at.hour > 11 else before_noon,
    }
