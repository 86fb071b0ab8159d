"""Parses what people type as dates, times and phone numbers. Today is an argument."""

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import ValidationResult

from clinic import formats

# Older than the oldest person on record: a typing mistake.
OLDEST_YEARS = 130
COUNTRY = "US"
NATIONAL_DIGITS, LOCAL_DIGITS = 10, 7

MONTHS = [name.lower() for name in calendar.month_name[1:]]
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
_DAY_MONTH_NAME = re.compile(r"(?P<day>\d{1,2})\.?\s*(?P<name>[a-z]{3,})\.?(?:[\s,]*(?P<year>\d{4}|\d{2}))?")
_MONTH_NAME_DAY = re.compile(
    r"(?P<name>[a-z]{3,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:[\s,]+(?P<year>\d{4}|\d{2}))?"
)
_DIGITS = {"month": r"\d{1,2}", "day": r"\d{1,2}", "year": r"\d{4}|\d{2}"}
_BETWEEN = r"[-/.\s]+"
_CLOCK = re.compile(
    r"(?:^|\s|\bat\s)(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap])?\.?(?:m\.?)?$"
)
_TIME_OF_DAY = re.compile(r"(?P<hour>\d{1,2})[:.h ]?(?P<minute>\d{2})?\s*(?P<half>[ap])?\.?m?\.?")
# Four digits are a time only where no year can stand: “May 14 2026” is a day.
_BARE_CLOCK = re.compile(
    r"^(?:(?:today|tomorrow|yesterday) )?(?:at )?"
    r"(?P<hour>\d{1,2})(?P<minute>\d{2})\s*(?P<half>[ap])?\.?(?:m\.?)?$"
)


class Unreadable(ValueError):
    """What was typed could not be read; the message is for people and `code` for machines."""

    def __init__(self, message: str, code: str):
        super().__init__(message)
        self.message, self.code = message, code


# The days before and after a day of these years, in any time zone, are dates as well.
FIRST_YEAR, LAST_YEAR = 1900, 2999
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Phone:
    """As typed, and the E.164 form that a call needs."""

    typed: str
    key: str


def normalise(text: str) -> str:
    """In lower case, with ASCII digits and single spaces, as the patterns expect."""
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in folded)
    return re.sub(r"\s+", " ", digits)


def birth_date(text: str, *, today: dt.date) -> dt.date:
    """A birth date in any of the formats. A year of two digits is never in the future."""
    day = date(text, today=today, example="BIRTH_DATE_EXAMPLE", past=True)
    if day > today:
        raise Unreadable(_("The birth date is in the future. Check the year."), "future")
    if day.year < today.year - OLDEST_YEARS:
        raise Unreadable(
            _("The birth date is more than %(years)s years ago. Check the year.") % {"years": OLDEST_YEARS},
            "too-old",
        )
    return day


def date(text: str, *, today: dt.date, example: str = "DAY_EXAMPLE", past: bool = False) -> dt.date:
    """A date. Without a year it is in this year; with `past` a year of two digits is the latest past one.

    `example` is the name of one in the country's file.
    """
    folded = normalise(text)
    if folded in ("today", "tomorrow", "yesterday") and not past:
        return today + dt.timedelta(days={"today": 0, "tomorrow": 1, "yesterday": -1}[folded])
    patterns = _dates(formats.of_country("TYPED_ORDER"))
    parts = next((found.groupdict() for pattern in patterns if (found := pattern.fullmatch(folded))), None)
    shown = formats.of_country(example)
    if parts is None or (past and not parts["year"]):
        raise Unreadable(
            _("Write the date with month, day and year, such as %(example)s.") % {"example": shown},
            "unreadable",
        )
    month = _named_month(parts["name"], shown) if "name" in parts else int(parts["month"])
    return _real_day(_full_year(parts["year"], today, past=past), month, int(parts["day"]))


def day_of_address(text: str, *, default: dt.date) -> dt.date:
    """The day in an address, such as 2026-05-03; `default` for anything else, also for days of other ages."""
    found = _ISO_DAY.fullmatch(text)
    try:
        day = dt.date(*map(int, found.groups())) if found else default
    except ValueError:
        return default
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else default


def moment(text: str, *, now: dt.datetime) -> dt.datetime:
    """A day and a time in the zone of `now`; without a day it is today: 9:30, tomorrow 2p, 5/23 14:00."""
    folded = normalise(text)
    clock = _BARE_CLOCK.search(folded) or _CLOCK.search(folded)
    day_text = folded[: clock.start("hour")].strip().removesuffix(" at").strip(" ,") if clock else folded
    if not clock or (day_text and not _could_be_day(day_text)):
        raise Unreadable(
            _("Write a day and a time, such as %(examples)s.") % {"examples": moment_examples()}, "unreadable"
        )
    day = date(day_text, today=now.date()) if day_text and day_text != "at" else now.date()
    return _wall_clock(day, _time(clock), now)


def time_of_day(text: str) -> dt.time:
    """“9:12”, “0912”, “9:12 pm”, “2p”."""
    found = _TIME_OF_DAY.fullmatch(normalise(text))
    if not found:
        raise Unreadable(
            _("Write the time such as %(examples)s.") % {"examples": clock_examples()}, "unreadable"
        )
    return _time(found)


def leaves_half_open(text: str) -> bool:
    """Whether “2:20” may be in the morning or in the afternoon; “02:20” and “14:20” say it."""
    found = _TIME_OF_DAY.fullmatch(normalise(text))
    return bool(found and not found["half"] and found["hour"][0] != "0" and int(found["hour"]) <= 12)


def hours(text: str) -> tuple[dt.time, dt.time]:
    """“8 AM to 8 PM” or “08:00-20:00”, the first before the second."""
    times = re.split(r"\s*(?:[-–—]|\bto\b|\buntil\b)\s*", normalise(text))
    example = formats.of_country("HOURS_EXAMPLE")
    if len(times) != 2:
        raise Unreadable(_("Write two times, such as %(example)s.") % {"example": example}, "unreadable")
    opens, closes = (time_of_day(time) for time in times)
    if opens >= closes:
        raise Unreadable(
            _("The second time must be later than the first, such as %(example)s.") % {"example": example},
            "not-later",
        )
    return opens, closes


def moment_examples() -> str:
    """“5/23 9:30 AM or tomorrow 2 PM”"""
    near, clock, hour = (formats.of_country(f"{name}_EXAMPLE") for name in ("NEAR_DAY", "CLOCK", "HOUR"))
    # Translators: “tomorrow” is a word that the field reads, in English.
    return _("%(day)s %(clock)s or tomorrow %(hour)s") % {"day": near, "clock": clock, "hour": hour}


def clock_examples() -> str:
    """“9:30 AM or 2 PM”"""
    return _("%(clock)s or %(hour)s") % {
        "clock": formats.of_country("CLOCK_EXAMPLE"),
        "hour": formats.of_country("HOUR_EXAMPLE"),
    }


def phone(text: str) -> Phone:
    """A phone number in any spacing; the error names how many digits were found."""
    typed = re.sub(r"\s+", " ", text).strip()
    digits = [c for c in unicodedata.normalize("NFKC", typed) if c.isdigit()]
    is_foreign = typed.startswith(("+", "00"))
    if _are_two_numbers(typed, len(digits)):
        raise Unreadable(_("These are two phone numbers. Write one of them here."), "two-numbers")
    if re.search(r"[^\W\d_]", re.sub(r"(?i)\s*(x|ext\.?|extension)\s*\d+$", "", typed)) or not digits:
        example = formats.of_country("PHONE_EXAMPLE")
        raise Unreadable(
            _("Write the phone number in digits, such as %(example)s.") % {"example": example}, "unreadable"
        )
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", typed), formats.of_country("PHONE_COUNTRY"))
    except phonenumbers.NumberParseException as refused:
        raise Unreadable(_phone_message(len(digits), is_foreign), "unreadable") from refused
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict != ValidationResult.IS_POSSIBLE:
        code = "too-long" if verdict == ValidationResult.TOO_LONG else "too-short"
        raise Unreadable(_phone_message(len(digits), is_foreign), code)
    return Phone(typed, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@cache
def _dates(order: tuple[str, ...]) -> tuple[re.Pattern, ...]:
    """What a date may look like where the parts of one in digits stand in that order."""
    solid = "".join(rf"(?P<{part}>\d{{{4 if part == 'year' else 2}}})" for part in order)
    month_and_day = _BETWEEN.join(rf"(?P<{part}>{_DIGITS[part]})" for part in order if part != "year")
    separated = rf"{month_and_day}(?:{_BETWEEN}(?P<year>{_DIGITS['year']}))?"
    return (_ISO, re.compile(solid), re.compile(separated), _DAY_MONTH_NAME, _MONTH_NAME_DAY)


def _could_be_day(text: str) -> bool:
    return text in ("today", "tomorrow", "yesterday", "at") or bool(re.search(r"\d", text))


def _named_month(name: str, example: str) -> int:
    month = _month(name)
    if not month:
        raise Unreadable(
            _("“%(month)s” is not a month. Write it such as %(example)s.")
            % {"month": name.capitalize(), "example": example},
            "unreadable",
        )
    return month


def _month(name: str) -> int:
    return next((number for number, month in enumerate(MONTHS, start=1) if month.startswith(name[:9])), 0)


def _full_year(text: str | None, today: dt.date, *, past: bool) -> int:
    if not text:
        return today.year
    if len(text) == 4:
        return int(text)
    year = today.year - today.year % 100 + int(text)
    return year - 100 if past and year > today.year else year


def _real_day(year: int, month: int, day: int) -> dt.date:
    if not 1 <= month <= 12:
        advice = formats.of_country("ORDER_ADVICE")
        raise Unreadable(
            _("There is no month %(month)s. %(advice)s") % {"month": month, "advice": advice}, "no-such-day"
        )
    try:
        return dt.date(year, month, day)
    except ValueError as refused:
        said = formats.of_country("NO_SUCH_DAY")
        message = said.format(month=calendar.month_name[month], day=day, year=year)
        raise Unreadable(message, "no-such-day") from refused


def _time(clock: re.Match) -> dt.time:
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    if clock["half"]:
        if not 1 <= hour <= 12:
            said = _("There is no %(time)s.") % {"time": f"{hour} {clock['half'].upper()}M"}
            raise Unreadable(
                _("%(problem)s Write it such as %(examples)s.")
                % {"problem": said, "examples": clock_examples()},
                "no-such-time",
            )
        hour = hour % 12 + (12 if clock["half"] == "p" else 0)
    if hour > 23 or minute > 59:
        said = _("There is no time %(time)s.") % {"time": f"{hour}:{minute:02}"}
        raise Unreadable(
            _("%(problem)s Write it such as %(examples)s.") % {"problem": said, "examples": clock_examples()},
            "no-such-time",
        )
    return dt.time(hour, minute)


def _wall_clock(day: dt.date, time: dt.time, now: dt.datetime) -> dt.datetime:
    """The local time on that day; a time that the change to summer time skips is refused."""
    there = dt.datetime.combine(day, time, tzinfo=now.tzinfo)
    if there.astimezone(dt.UTC).astimezone(now.tzinfo).time() != time:
        raise Unreadable(
            _("The clocks change then and that time is skipped. Choose another one."), "no-such-time"
        )
    return there


def _are_two_numbers(typed: str, digits: int) -> bool:
    """Two of which each has as many digits as a local number, or so many digits that they are two."""
    parts = re.split(r"[/,;&|]|[^\W\d_]+|(?<=\d)\s+(?=[+(])", typed)
    numbers = [part for part in parts if sum(c.isdigit() for c in part) >= LOCAL_DIGITS]
    return len(numbers) > 1 or digits in (2 * NATIONAL_DIGITS, 2 * NATIONAL_DIGITS + 2)


def _phone_message(found: int, is_foreign: bool) -> str:
    if is_foreign:
        return _(
            "The phone number does not fit its country: %(count)s digits found. Check the number after the +."
        ) % {"count": found}
    needed = formats.of_country("PHONE_DIGITS")
    if found in (needed, needed + 1):
        return _(
            "The phone number cannot be called: %(count)s digits found. Start a foreign number with +."
        ) % {"count": found}
    sentence = _("The phone number is too short: %(count)s digits found, %(needed)s needed.")
    if found > NATIONAL_DIGITS:
        sentence = _("The phone number is too long: %(count)s digits found, %(needed)s needed.")
    return sentence % {"count": found, "needed": NATIONAL_DIGITS}
