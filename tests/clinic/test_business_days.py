"""Business days: without weekends and federal holidays (5 U.S.C. 6103)."""

import datetime as dt

import pytest

from clinic.rules import business_days


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2026-11-25", True),
        ("2026-11-26", False),  # Thanksgiving Day
        ("2026-11-27", True),
        ("2026-11-28", False),  # a Saturday
        ("2026-11-29", False),  # a Sunday
        ("2026-07-03", False),  # Independence Day, on a Saturday, is kept on Friday
        ("2027-07-05", False),  # on a Sunday, it is kept on Monday
        ("2027-12-31", False),  # New Year's Day of 2028 is a Saturday
        ("2026-01-19", False), ("2026-02-16", False), ("2026-05-25", False), ("2026-06-19", False),
        ("2026-09-07", False), ("2026-10-12", False), ("2026-11-11", False), ("2026-12-25", False),
        ("2020-06-19", True),  # Juneteenth is a federal holiday since 2021
        ("2021-06-18", False),
    ],
)  # fmt: skip
def test_offices_are_open_on_business_days(day, is_open):
    assert business_days.is_business_day(on(day)) is is_open


@pytest.mark.parametrize(
    ("first", "days", "business", "last"),
    [
        ("2026-11-23", 5, True, "2026-12-01"),
        ("2026-11-27", 5, True, "2026-12-04"),
        ("2026-11-28", 5, True, "2026-12-04"),
        ("2026-11-23", 0, True, "2026-11-23"),
        ("2026-11-23", 5, False, "2026-11-28"),
        ("2026-12-18", 15, True, "2027-01-12"),
    ],
)
def test_a_number_of_days_later(first, days, business, last):
    assert business_days.days_after(on(first), days, business=business) == on(last)
    if days and business:
        assert business_days.days_between(on(first), on(last), business=True) == days


def test_no_day_has_passed_on_the_day_itself_and_before():
    assert business_days.days_between(on("2026-11-23"), on("2026-11-23"), business=True) == 0
    assert business_days.days_between(on("2026-11-23"), on("2026-11-20"), business=False) == 0
    assert business_days.days_between(on("2026-11-23"), on("2026-11-30"), business=False) == 7
