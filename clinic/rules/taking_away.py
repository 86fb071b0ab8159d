"""Why somebody may not take away what the practice stands on, each with what hangs on it."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from clinic.values.errors import Reason


def place_reasons(
    hanging: Iterable[str], *, is_only: bool, retired_at: dt.datetime, now: dt.datetime
) -> list[Reason]:
    """A location that is retired. `hanging` are sentences about what is there or booked there."""
    found = [Reason("place-in-use", sentence, field="retired_at") for sentence in hanging]
    if is_only:
        message = _("It is the only location in use, and every visit has one. Add another one first.")
        found.append(Reason("only-location", message, field="retired_at"))
    return [*found, *_moment_reasons(retired_at, now)]


def room_reasons(hanging: Iterable[str], *, retired_at: dt.datetime, now: dt.datetime) -> list[Reason]:
    found = [Reason("room-in-use", sentence, field="retired_at") for sentence in hanging]
    return [*found, *_moment_reasons(retired_at, now)]


def account_reasons(hanging: Iterable[str]) -> list[Reason]:
    """An account that is closed, or whose last role ends, while work is waiting for its person."""
    return [Reason("work-waits", sentence, field="is_active") for sentence in hanging]


def _moment_reasons(retired_at: dt.datetime, now: dt.datetime) -> list[Reason]:
    if retired_at <= now:
        return []
    message = _("This time has not come yet. Enter the time since which it is out of use.")
    return [Reason("retired-ahead", message, field="retired_at")]
