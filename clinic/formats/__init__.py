"""How a page, a mail and a printout write days, times and numbers for people: one function for each.

What differs between countries is in the country's file, such as `en_US/formats.py`; `LANGUAGE_CODE` chooses
it. Signed texts never come here: what they say is fixed in `sealed.py`. An instant is shown in local time.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import get_format, number_format
from django.utils.translation import get_language

from clinic.formats import sealed, written


def of_country(name: str) -> Any:
    """A value of the country's file, such as an example of a day."""
    # no language is active where texts are in source words: the country stays
    found = get_format(name, lang=get_language() or settings.LANGUAGE_CODE)
    if found == name:
        raise LookupError(f"No country's file says {name}.")
    return found


def day(on: dt.date | None) -> str:
    """“Nov 28, 2026”"""
    return _written(on, "DATE_FORMAT")


def short_day(on: dt.date | None) -> str:
    """“Nov 28”"""
    return _written(on, "MONTH_DAY_FORMAT")


def near_day(on: dt.date, *, today: dt.date) -> str:
    """“Nov 28”, with the year where it is another one."""
    return short_day(on) if on.year == today.year else day(on)


def spoken_day(on: dt.date | None) -> str:
    """“November 28, 2026”"""
    return _written(on, "SPOKEN_DATE_FORMAT")


def long_day(on: dt.date | None) -> str:
    """“Saturday, November 28, 2026”"""
    return _written(on, "LONG_DATE_FORMAT")


def weekday_day(on: dt.date | None) -> str:
    """“Saturday, November 28”"""
    return _written(on, "WEEKDAY_DAY_FORMAT")


def weekday(on: dt.date | None) -> str:
    """“Saturday”"""
    return _written(on, "WEEKDAY_FORMAT")


def month(on: dt.date | None) -> str:
    """“November 2026”"""
    return _written(on, "YEAR_MONTH_FORMAT")


def year(on: dt.date | None) -> str:
    return "" if on is None else str(on.year)


def short_weekday(on: dt.date | None) -> str:
    """“Sat”"""
    return _written(on, "SHORT_WEEKDAY_FORMAT")


def clock(at: dt.datetime | dt.time | None) -> str:
    """“2:00 PM”"""
    return _written(at, "TIME_FORMAT")


def hour(at: dt.datetime | dt.time | None) -> str:
    """“2 PM”"""
    return _written(at, "HOUR_FORMAT")


def moment(at: dt.datetime | None) -> str:
    """“Nov 28, 2026, 2:00 PM”"""
    return _written(at, "DATETIME_FORMAT")


def exact_moment(at: dt.datetime | None) -> str:
    """“Nov 28, 2026, 2:00:05 PM”"""
    return _written(at, "EXACT_FORMAT")


def exact_clock(at: dt.datetime | None) -> str:
    """“2:00:05 PM”"""
    return _written(at, "EXACT_TIME_FORMAT")


def short_moment(at: dt.datetime | None) -> str:
    """“Nov 28, 2:00 PM”"""
    return _written(at, "MONTH_DAY_TIME_FORMAT")


def near_moment(at: dt.datetime, *, today: dt.date) -> str:
    """“Nov 28, 2:00 PM”, with the year where it is another one."""
    return short_moment(at) if _local(at).year == today.year else moment(at)


def weekday_clock(at: dt.datetime | None) -> str:
    """“Saturday 2:00 PM”"""
    return _written(at, "WEEKDAY_TIME_FORMAT")


def weekday_moment(at: dt.datetime | None) -> str:
    """“Saturday, November 28, 2:00 PM”"""
    return _written(at, "WEEKDAY_DAY_TIME_FORMAT")


def typed_day(on: dt.date | None) -> str:
    """“11/28/2026”, as it stands in a field."""
    return _written(on, "SHORT_DATE_FORMAT")


def typed_moment(at: dt.datetime | None) -> str:
    """“11/28/2026 2:00 PM”, as it stands in a field."""
    return _written(at, "SHORT_DATETIME_FORMAT")


def whole(number: int) -> str:
    """“10,000”"""
    return str(number_format(number, force_grouping=True))


def decimal(number: float | None, places: int) -> str:
    """“2.50” with two places, half rounded up."""
    return "" if number is None else str(number_format(_rounded(number, places), places))


def short_decimal(number: float, places: int) -> str:
    """“2.5”, and “2” in place of “2.0”."""
    rounded = _rounded(number, places)
    return decimal(number, 0 if rounded == rounded.to_integral_value() else places)


def spellings(on: dt.date) -> tuple[str, ...]:
    """Every way in which a day may stand in a text that somebody typed, in this country or on its papers."""
    padded = f"{on.month:02}/{on.day:02}/{on.year}"
    plain = f"{on.month}/{on.day}/{on.year}"
    return on.isoformat(), plain, padded, sealed.former_day(on), day(on), spoken_day(on)


def iso_day(on: dt.date | None) -> str:
    """For scripts and addresses: 2026-11-28, in every country."""
    return "" if not on else _date(_local(on)).isoformat()


def iso(at: dt.datetime | None) -> str:
    """For scripts: an instant with its offset, in every country."""
    return "" if not at else _local(at).isoformat()


def _rounded(number: float, places: int) -> Decimal:
    return Decimal(str(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _date(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _written(value, name: str) -> str:
    return "" if value in (None, "") else written.written(_local(value), of_country(name))


def _local(value):
    is_instant = isinstance(value, dt.datetime) and timezone.is_aware(value)
    return timezone.localtime(value) if is_instant else value
