"""Parses what people type as dates, times and phone numbers. Today is an argument."""

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import ValidationResult

# Older than the oldest person on record: a typing mistake.
OLDEST_YEARS = 130
COUNTRY = "US"
NATIONAL_DIGITS, LOCAL_DIGITS = 10, 7

MONTHS = [name.lower() for name in calendar.month_name[1:]]
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
_EIGHT_DIGITS = re.compile(r"(?P<month>\d{2})(?P<day>\d{2})(?P<year>\d{4})")
_SEPARATED = re.compile(r"(?P<month>\d{1,2})[-/.\s]+(?P<day>\d{1,2})(?:[-/.\s]+(?P<year>\d{4}|\d{2}))?")
_DAY_MONTH_NAME = re.compile(r"(?P<day>\d{1,2})\.?\s*(?P<name>[a-z]{3,})\.?(?:[\s,]*(?P<year>\d{4}|\d{2}))?")
_MONTH_NAME_DAY = re.compile(
    r"(?P<name>[a-z]{3,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:[\s,]+(?P<year>\d{4}|\d{2}))?"
)
_DATES = (_ISO, _EIGHT_DIGITS, _SEPARATED, _DAY_MONTH_NAME, _MONTH_NAME_DAY)
_CLOCK = re.compile(
    r"(?:^|\s|\bat\s)(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap])?\.?(?:m\.?)?$"
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
    day = date(text, today=today, example="5/3/1984", past=True)
    if day > today:
        raise Unreadable("The birth date is in the future. Check the year.", "future")
    if day.year < today.year - OLDEST_YEARS:
        raise Unreadable(f"The birth date is more than {OLDEST_YEARS} years ago. Check the year.", "too-old")
    return day


def date(text: str, *, today: dt.date, example: str = "5/3/2026", past: bool = False) -> dt.date:
    """A date. Without a year it is in this year; with `past` a year of two digits is the latest past one."""
    folded = normalise(text)
    if folded in ("today", "tomorrow", "yesterday") and not past:
        return today + dt.timedelta(days={"today": 0, "tomorrow": 1, "yesterday": -1}[folded])
    parts = next((found.groupdict() for pattern in _DATES if (found := pattern.fullmatch(folded))), None)
    if parts is None or (past and not parts["year"]):
        raise Unreadable(f"Write the date with month, day and year, such as {example}.", "unreadable")
    month = _named_month(parts["name"], example) if "name" in parts else int(parts["month"])
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
    """A day and a time in the zone of `now`; without a day it is today: 9:30, tomorrow 2 pm, 5/12 14:00."""
    folded = normalise(text)
    clock = _CLOCK.search(folded)
    day_text = folded[: clock.start()].strip().removesuffix(" at").strip(" ,") if clock else folded
    if not clock or (day_text and not _could_be_day(day_text)):
        raise Unreadable("Write a day and a time, such as 5/12 9:30 or tomorrow 2 pm.", "unreadable")
    day = date(day_text, today=now.date()) if day_text and day_text != "at" else now.date()
    return _wall_clock(day, _time(clock), now)


def phone(text: str) -> Phone:
    """A phone number in any spacing; the error names how many digits were found."""
    typed = re.sub(r"\s+", " ", text).strip()
    digits = [c for c in unicodedata.normalize("NFKC", typed) if c.isdigit()]
    is_foreign = typed.startswith(("+", "00"))
    if _are_two_numbers(typed, len(digits)):
        raise Unreadable("These are two phone numbers. Write one of them here.", "two-numbers")
    if re.search(r"[^\W\d_]", re.sub(r"(?i)\s*(x|ext\.?|extension)\s*\d+$", "", typed)) or not digits:
        raise Unreadable("Write the phone number in digits, such as (555) 555-0100.", "unreadable")
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", typed), COUNTRY)
    except phonenumbers.NumberParseException as refused:
        raise Unreadable(_phone_message(len(digits), is_foreign), "unreadable") from refused
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict != ValidationResult.IS_POSSIBLE:
        code = "too-long" if verdict == ValidationResult.TOO_LONG else "too-short"
        raise Unreadable(_phone_message(len(digits), is_foreign), code)
    return Phone(typed, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _could_be_day(text: str) -> bool:
    return text in ("today", "tomorrow", "yesterday", "at") or bool(re.search(r"\d", text))


def _named_month(name: str, example: str) -> int:
    month = _month(name)
    if not month:
        raise Unreadable(f"“{name.capitalize()}” is not a month. Write it such as {example}.", "unreadable")
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
        raise Unreadable(f"There is no month {month}. Write the month first, then the day.", "no-such-day")
    try:
        return dt.date(year, month, day)
    except ValueError as refused:
        message = f"There is no {day} {calendar.month_name[month]} in {year}."
        raise Unreadable(message, "no-such-day") from refused


def _time(clock: re.Match) -> dt.time:
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    if clock["half"]:
        if not 1 <= hour <= 12:
            raise Unreadable(
                f"There is no {hour} {clock['half']}m. Write it such as 2 pm or 14:00.", "no-such-time"
            )
        hour = hour % 12 + (12 if clock["half"] == "p" else 0)
    if hour > 23 or minute > 59:
        raise Unreadable(
            f"There is no time {hour}:{minute:02}. Write it such as 9:30 or 2 pm.", "no-such-time"
        )
    return dt.time(hour, minute)


def _wall_clock(day: dt.date, time: dt.time, now: dt.datetime) -> dt.datetime:
    """The local time on that day; a time that the change to summer time skips is refused."""
    there = dt.datetime.combine(day, time, tzinfo=now.tzinfo)
    if there.astimezone(dt.UTC).astimezone(now.tzinfo).time() != time:
        raise Unreadable(
            "The clocks change then and that time is skipped. Choose another one.", "no-such-time"
        )
    return there


def _are_two_numbers(typed: str, digits: int) -> bool:
    """Two of which each has as many digits as a local number, or so many digits that they are two."""
    parts = re.split(r"[/,;&|]|[^\W\d_]+|(?<=\d)\s+(?=[+(])", typed)
    numbers = [part for part in parts if sum(c.isdigit() for c in part) >= LOCAL_DIGITS]
    return len(numbers) > 1 or digits in (2 * NATIONAL_DIGITS, 2 * NATIONAL_DIGITS + 2)


def _phone_message(found: int, is_foreign: bool) -> str:
    if is_foreign:
        return (
            f"The phone number does not fit its country: {found} digits found. Check the number after the +."
        )
    if found == NATIONAL_DIGITS + 1 or found == NATIONAL_DIGITS:
        return f"The phone number cannot be called: {found} digits found. Start a foreign number with +."
    size = "long" if found > NATIONAL_DIGITS else "short"
    return f"The phone number is too {size}: {found} digits found, {NATIONAL_DIGITS} needed."
