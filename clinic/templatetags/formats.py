"""The filters of days and times, in every template without loading: {{ session.started_at|moment }}."""

import datetime as dt

from django import template
from django.utils import timezone

from clinic import formats

register = template.Library()

for write in (
    formats.day, formats.short_day, formats.spoken_day, formats.long_day, formats.weekday_day,
    formats.weekday, formats.clock, formats.exact_clock, formats.moment, formats.exact_moment,
    formats.short_moment, formats.weekday_clock,
    formats.weekday_moment, formats.iso, formats.iso_day, formats.decimal,
):  # fmt: skip
    register.filter(write.__name__, write)


@register.filter
def is_today(at: dt.datetime | None) -> bool:
    return at is not None and timezone.localdate(at) == timezone.localdate()


@register.simple_tag
def country(name: str) -> str:
    """A value of the country's file, for a script or an example: {% country "TIME_FORMAT" %}."""
    return formats.of_country(name)
