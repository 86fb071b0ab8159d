"""When needles were in, beside the times of their session: what contradicts is asked about."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import formats
from treatments.rules.sites.needled_site import (
    NeedledSite,
    Prompt,
    SessionValues,
    duration_text,
    dwell_of,
    timed_dwell,
)

# A session that seems to last longer than this has a wrong time.
# own choice: longer than a working day at one table
LONGEST_SESSION = dt.timedelta(hours=6)
# Minutes are typed and the timer counts seconds.
# technical: minutes are rounded
ROUNDING = dt.timedelta(minutes=1)


def site_prompts(site: NeedledSite) -> list[Prompt]:
    """Minutes that were entered in place of those that the timer counted."""
    timed, entered = timed_dwell(site), site.dwell_seconds
    if timed is None or entered is None or abs(timed - entered) < ROUNDING.total_seconds():
        return []
    message = _("%(timer)s, and %(duration)s are entered. Correct the minutes, or say why.") % {
        "timer": timer_text(site),
        "duration": duration_text(entered),
    }
    return [Prompt("dwell-corrected", message, site.key)]


def session_prompts(sites: Sequence[NeedledSite], about: SessionValues) -> list[Prompt]:
    """Times of the session that contradict its needles, or that no session has."""
    return [*_before_start(sites, about), *_after_end(sites, about), *_length(about)]


def timer_text(site: NeedledSite) -> str:
    """“In at 3:24 PM on Nov 27, out at 2:10 AM on Nov 28 (646 minutes)”, where needles were timed."""
    into, out = site.needle_in_at, site.needle_out_at
    if into is None or out is None:
        return ""
    length = duration_text(round((out - into).total_seconds()))
    return _("In at %(into)s, out at %(out)s (%(length)s)") % {
        "into": moment(into, beside=out),
        "out": moment(out, beside=into),
        "length": length,
    }


def moment(at: dt.datetime, *, beside: dt.datetime) -> str:
    """“3:24 PM”; with its day where the other time of the sentence is on another day."""
    on = timezone.localdate(at)
    if on == timezone.localdate(beside):
        return formats.clock(at)
    return _("%(time)s on %(day)s") % {"time": formats.clock(at), "day": formats.short_day(on)}


def _before_start(sites: Sequence[NeedledSite], about: SessionValues) -> list[Prompt]:
    first = min(((site.needle_in_at, site.number) for site in sites if site.needle_in_at), default=None)
    if first is None or about.started_at is None or first[0] >= about.started_at:
        return []
    into, number = first
    message = _(
        "Needles went in at %(into)s (site %(number)s), before the session started at "
        "%(start)s. Correct the start, or say why."
    ) % {
        "into": moment(into, beside=about.started_at),
        "number": number,
        "start": moment(about.started_at, beside=into),
    }
    return [Prompt("needles-in-before-start", message)]


def _after_end(sites: Sequence[NeedledSite], about: SessionValues) -> list[Prompt]:
    """The end is entered in minutes: needles that come out within that minute come out before it."""
    if about.ended_at is None:
        return []
    outs = [(out, site.number) for site in sites if (out := _out_of(site))]
    last = max(outs, default=None)
    if last is None or last[0] < about.ended_at + ROUNDING:
        return _longer_than_session(sites, about)
    out, number = last
    message = _(
        "Needles came out at %(out)s (site %(number)s), after the session ended at "
        "%(end)s. Correct the end or the minutes left in, or say why."
    ) % {
        "out": moment(out, beside=about.ended_at),
        "number": number,
        "end": moment(about.ended_at, beside=out),
    }
    return [Prompt("needles-out-after-end", message)]


def _out_of(site: NeedledSite) -> dt.datetime | None:
    """When the needles came out: by the minutes entered, else as noted."""
    if site.needle_in_at is None or site.dwell_seconds is None:
        return site.needle_out_at
    return site.needle_in_at + dt.timedelta(seconds=site.dwell_seconds)


def _longer_than_session(sites: Sequence[NeedledSite], about: SessionValues) -> list[Prompt]:
    if about.started_at is None or about.ended_at is None:
        return []
    length = about.ended_at - about.started_at
    longest = max(((dwell_of(site) or 0, site.number) for site in sites), default=(0, 0))
    if dt.timedelta(seconds=longest[0]) < length + ROUNDING:
        return []
    message = _(
        "Needles stayed in for %(dwell)s (site %(number)s) in a session of %(length)s. Correct the minutes "
        "or the times, or say why."
    ) % {
        "dwell": duration_text(longest[0]),
        "number": longest[1],
        "length": duration_text(round(length.total_seconds())),
    }
    return [Prompt("dwell-over-session", message)]


def _length(about: SessionValues) -> list[Prompt]:
    start, end = about.started_at, about.ended_at
    if start is None or end is None:
        return []
    times = _("%(start)s to %(end)s") % {
        "start": moment(start, beside=end),
        "end": moment(end, beside=start),
    }
    if timezone.localdate(start) != timezone.localdate(end):
        message = _("The session runs over midnight, %(times)s. Correct the times, or say why.") % {
            "times": times
        }
        return [Prompt("session-over-midnight", message)]
    if end - start <= LONGEST_SESSION:
        return []
    hours = round((end - start) / dt.timedelta(hours=1))
    message = _("The session lasts %(hours)s hours, %(times)s. Correct the times, or say why.") % {
        "hours": hours,
        "times": times,
    }
    return [Prompt("session-long", message)]
