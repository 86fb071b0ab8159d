"""Business days: Monday to Friday without the holidays of the federal government.

source: 5 U.S.C. 6103: the eleven legal public holidays, and when one that falls on a weekend is kept.
"""

import calendar
import datetime as dt
from functools import cache

SATURDAY, SUNDAY = calendar.SATURDAY, calendar.SUNDAY
# source: Public Law 117-17, Juneteenth National Independence Day Act of June 17, 2021
JUNETEENTH_SINCE = 2021
# (month, day) of holidays with a date of their own.
# source: 5 U.S.C. 6103(a)
DATED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
# (month, weekday, which one of the month); -1 is the last.
# source: 5 U.S.C. 6103(a)
BY_WEEKDAY = (
    (1, calendar.MONDAY, 3), (2, calendar.MONDAY, 3), (5, calendar.MONDAY, -1), (9, calendar.MONDAY, 1),
    (10, calendar.MONDAY, 2), (11, calendar.THURSDAY, 4),
)  # fmt: skip


def is_business_day(on: dt.date) -> bool:
    return on.weekday() < SATURDAY and not is_federal_holiday(on)


def is_federal_holiday(on: dt.date) -> bool:
    # New Year's Day on a Saturday is kept in the year before
    return on in _holidays(on.year) | _holidays(on.year + 1)


def days_after(first: dt.date, days: int, *, business: bool) -> dt.date:
    """The day that is so many days after `first`, which itself does not count."""
    if not business:
        return first + dt.timedelta(days=days)
    on = first
    while days:
        on += dt.timedelta(days=1)
        days -= is_business_day(on)
    return on


def days_between(first: dt.date, on: dt.date, *, business: bool) -> int:
    """How many days `on` is after `first`; 0 on that day and before."""
    passed = max((on - first).days, 0)
    if not business:
        return passed
    return sum(is_business_day(first + dt.timedelta(days=day)) for day in range(1, passed + 1))


def holidays_from(first: dt.date, count: int) -> list[dt.date]:
    """The next days on which federal offices are closed for a holiday, `first` included."""
    # technical: two whole years hold more than a page lists
    years = range(first.year, first.year + 3)
    return sorted(day for day in frozenset().union(*map(_holidays, years)) if day >= first)[:count]


@cache
def _holidays(year: int) -> frozenset[dt.date]:
    """The days of the year's holidays on which offices are closed."""
    dated = [dt.date(year, month, day) for month, day in DATED]
    if year < JUNETEENTH_SINCE:
        # source: Public Law 117-17
        dated.remove(dt.date(year, 6, 19))
    return frozenset([*map(_kept_on, dated), *(_nth(year, *which) for which in BY_WEEKDAY)])


def _kept_on(day: dt.date) -> dt.date:
    moved = {SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0)
    return day + dt.timedelta(days=moved)


def _nth(year: int, month: int, weekday: int, number: int) -> dt.date:
    weeks = calendar.monthcalendar(year, month)
    days = [week[weekday] for week in weeks if week[weekday]]
    return dt.date(year, month, days[number - 1 if number > 0 else number])
