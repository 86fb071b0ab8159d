"""When a patient may be called: times moved into the calling hours of the practice."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinic import formats
from clinic.values.errors import Reason

HOURS = re.compile(r"^\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*$")
# The default of the setting; also used when its text cannot be read.
# own choice: within 8 AM to 9 PM of 47 CFR 64.1200(c)(1), which binds telephone solicitations
USUAL_HOURS = (dt.time(8), dt.time(20))
# own choice: longer than a call takes
CLAIM_LASTS = dt.timedelta(minutes=20)
# Later than this is another date, not another call.
# own choice: two weeks
LONGEST_WAIT = dt.timedelta(days=14)


def open_hours(text: str) -> tuple[dt.time, dt.time]:
    """“08:00-20:00” as two local times."""
    found = HOURS.match(text)
    if not found:
        return USUAL_HOURS
    hour, minute, last_hour, last_minute = (int(part) for part in found.groups())
    if (
        max(hour, last_hour) > 23
        or max(minute, last_minute) > 59
        or (hour, minute) >= (last_hour, last_minute)
    ):
        return USUAL_HOURS
    return dt.time(hour, minute), dt.time(last_hour, last_minute)


def moved_into(at: dt.datetime, *, hours: str, zone: str) -> dt.datetime:
    """`at` itself inside the hours of `zone`, else the next opening, in UTC.

    The day and the hour are the location's wall clock, so a clock change moves neither out of the hours.
    """
    opens, closes = open_hours(hours)
    here = ZoneInfo(zone)
    local = at.astimezone(here)
    if opens <= local.time() < closes:
        return at.astimezone(dt.UTC)
    day = local.date() if local.time() < opens else local.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, opens, tzinfo=here).astimezone(dt.UTC)


def due_times(end: dt.datetime, *, steps: list[int], hours: str, zone: str) -> dict[int, dt.datetime]:
    """{step: when it is due}. A step is a number of hours after the end of the session."""
    end = end.astimezone(dt.UTC)  # arithmetic in local time would be wrong across a clock change
    return {step: moved_into(end + dt.timedelta(hours=step), hours=hours, zone=zone) for step in steps}


def still_to_make(times: dict[int, dt.datetime], *, now: dt.datetime) -> dict[int, dt.datetime]:
    """Of the calls whose time has passed only the last: after a late note nobody is called twice in a row."""
    passed = sorted(step for step, due_at in times.items() if due_at <= now)
    return {step: due_at for step, due_at in times.items() if step not in passed[:-1]}


def again_reasons(at: dt.datetime | None, *, now: dt.datetime, hours: str, zone: str) -> list[Reason]:
    """Why nobody can call again at that time."""
    if at is None:
        return []
    if at <= now:
        return [_again("again-in-the-past", _("That time has passed. Write a later one."))]
    if at > now + LONGEST_WAIT:
        return [
            _again(
                "again-too-late",
                _("Write a time within %(longest_wait_days)s days.")
                % {"longest_wait_days": LONGEST_WAIT.days},
            )
        ]
    if moved_into(at, hours=hours, zone=zone) != at:
        opens, closes = (formats.clock(time) for time in open_hours(hours))
        sentence = _("Outside the calling hours, %(opens)s to %(closes)s. Agree on another time.") % {
            "opens": opens,
            "closes": closes,
        }
        return [_again("again-outside-hours", sentence)]
    return []


def _again(code: str, sentence: str) -> Reason:
    return Reason(code, sentence, field="again_at")


def claim_holds(claimed_at: dt.datetime | None, *, now: dt.datetime) -> bool:
    """Whether somebody is still on the phone; a claim that is not released expires."""
    return claimed_at is not None and now - claimed_at < CLAIM_LASTS
