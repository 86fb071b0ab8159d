"""Parsing of typed dates, times and phone numbers."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from clinic.rules import parsing
from clinic.rules.parsing import Unreadable

TODAY = dt.date(2026, 5, 12)
NOW = dt.datetime(2026, 5, 12, 9, 26, tzinfo=ZoneInfo("America/Chicago"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("5/3/1984", dt.date(1984, 5, 3)),
        ("5-3-1984", dt.date(1984, 5, 3)),
        ("5.3.84", dt.date(1984, 5, 3)),
        (" 5 / 3 / 84 ", dt.date(1984, 5, 3)),
        ("05031984", dt.date(1984, 5, 3)),
        ("1984-05-03", dt.date(1984, 5, 3)),
        ("3 May 84", dt.date(1984, 5, 3)),
        ("3 may 1984", dt.date(1984, 5, 3)),
        ("3May84", dt.date(1984, 5, 3)),
        ("May 3, 1984", dt.date(1984, 5, 3)),
        ("Sept. 9 2001", dt.date(2001, 9, 9)),
        ("2/29/2024", dt.date(2024, 2, 29)),
        ("5/3/26", dt.date(2026, 5, 3)),
        ("5/3/27", dt.date(1927, 5, 3)),
        ("5/12/2026", TODAY),
        ("5/12/26 ", TODAY),
        ("5/12/1896", dt.date(1896, 5, 12)),
        ("٥/٣/١٩٨٤", dt.date(1984, 5, 3)),
    ],
)
def test_birth_dates_are_read_however_they_are_written(typed, expected):
    assert parsing.birth_date(typed, today=TODAY) == expected


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5/13/2026", "future"),
        ("3/5/2048", "future"),
        ("5/13/26", "future"),
        ("5/12/1895", "too-old"),
        ("1/1/0001", "too-old"),
        ("2/29/2023", "no-such-day"),
        ("13/5/1984", "no-such-day"),
        ("4/31/1984", "no-such-day"),
        ("0/1/1984", "no-such-day"),
        ("5/3", "unreadable"),
        ("spring 1984", "unreadable"),
        ("5 Foo 1984", "unreadable"),
        ("today", "unreadable"),
        ("😀", "unreadable"),
        ("", "unreadable"),
        ("9" * 500, "unreadable"),
    ],
)
def test_birth_dates_that_cannot_be_are_refused(typed, code):
    with pytest.raises(Unreadable) as refused:
        parsing.birth_date(typed, today=TODAY)
    assert refused.value.code == code


def test_the_wrong_leap_day_is_named():
    with pytest.raises(Unreadable, match=r"There is no February 29 in 2023\."):
        parsing.birth_date("2/29/2023", today=TODAY)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9:30", (5, 12, 9, 30)),
        ("14.05", (5, 12, 14, 5)),
        ("2 pm", (5, 12, 14, 0)),
        ("12am", (5, 12, 0, 0)),
        ("12 p.m.", (5, 12, 12, 0)),
        ("today 9:30", (5, 12, 9, 30)),
        ("today at 9:30", (5, 12, 9, 30)),
        ("tomorrow 2pm", (5, 13, 14, 0)),
        ("5/14 10:30", (5, 14, 10, 30)),
        ("5/14/2026 10:30", (5, 14, 10, 30)),
        ("14 May 10:30", (5, 14, 10, 30)),
        ("14 May at 4 pm", (5, 14, 16, 0)),
        ("2026-05-14 16:00", (5, 14, 16, 0)),
        ("2:00 PM", (5, 12, 14, 0)),
        ("2p", (5, 12, 14, 0)),
        ("1400", (5, 12, 14, 0)),
        ("at 930", (5, 12, 9, 30)),
        ("tomorrow 1400", (5, 13, 14, 0)),
        ("5/14/2026 2:00 PM", (5, 14, 14, 0)),
        ("May 14, 2026, 2:00 PM", (5, 14, 14, 0)),
    ],
)
def test_moments_are_read_however_they_are_written(typed, expected):
    found = parsing.moment(typed, now=NOW)
    assert (found.month, found.day, found.hour, found.minute) == expected
    assert found.tzinfo is NOW.tzinfo


@pytest.mark.parametrize(
    "typed", ["", "soon", "5/14", "25:00", "9:75", "13 pm", "someday 9:30", "2/30 9:30", "May 14 2026"]
)
def test_moments_that_cannot_be_are_refused(typed):
    with pytest.raises(Unreadable):
        parsing.moment(typed, now=NOW)


@pytest.mark.parametrize(
    "typed", ["08:00-20:00", "8 AM to 8 PM", "8a – 8p", "0800-2000", "8:00 AM until 8:00 PM"]
)
def test_hours_of_a_day_are_read_however_they_are_written(typed):
    assert parsing.hours(typed) == (dt.time(8), dt.time(20))


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "unreadable"), ("always", "unreadable"), ("8 PM", "unreadable"), ("8 to 8", "not-later")],
)
def test_hours_that_are_none_are_refused(typed, code):
    with pytest.raises(Unreadable) as refused:
        parsing.hours(typed)
    assert refused.value.code == code


def test_an_hour_that_the_clocks_skip_is_refused():
    with pytest.raises(Unreadable, match="clocks change"):
        parsing.moment("3/8/2026 2:30", now=NOW)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("(555) 014-6631", "+15550146631"),
        ("555 014 6631", "+15550146631"),
        ("5550146631", "+15550146631"),
        ("+1 555.014.6631", "+15550146631"),
        ("1-555-014-6631", "+15550146631"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
    ],
)
def test_phone_numbers_in_any_spacing_give_one_key(typed, key):
    assert parsing.phone(typed).key == key


@pytest.mark.parametrize(
    ("typed", "code", "message"),
    [
        ("555 014 663", "too-short", "9 digits found, 10 needed"),
        ("014 6631", "too-short", "too short: 7 digits found, 10 needed"),
        ("555 014 6631 / 555 014 6632", "two-numbers", "two phone numbers"),
        ("555-014-6631 or 555-014-6632", "two-numbers", "two phone numbers"),
        ("5550146631 5550146632", "two-numbers", "two phone numbers"),
        ("555 014 6631, 014 6632", "two-numbers", "two phone numbers"),
        ("(555) 014-6631 (555) 014-6632", "two-numbers", "two phone numbers"),
        ("+1 555 014 6631 +1 555 014 6632", "two-numbers", "two phone numbers"),
        ("555 014 6631 home 555 014 6632 cell", "two-numbers", "two phone numbers"),
        ("555 014 6631 22", "too-long", "12 digits found, 10 needed"),
        ("12", "too-short", "2 digits found"),
        ("call me", "unreadable", "digits"),
        ("+", "unreadable", "digits"),
        ("+44 20", "too-short", "4 digits found"),
        ("9" * 300, "unreadable", "300 digits found"),
    ],
)
def test_phone_numbers_that_do_not_fit_say_how_many_digits_were_found(typed, code, message):
    with pytest.raises(Unreadable, match=message) as refused:
        parsing.phone(typed)
    assert refused.value.code == code
