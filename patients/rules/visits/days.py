"""A day at the practice, from midnight to midnight local time."""

import datetime as dt

from django.utils import timezone


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The day's start and end; a day of 23 or 25 hours stays whole."""
    zone = timezone.get_current_timezone()
    start, end = (
        dt.datetime.combine(date, dt.time.min, tzinfo=zone) for date in (day, day + dt.timedelta(days=1))
    )
    return start, end
