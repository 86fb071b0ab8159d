"""How long a password typed at signing proves who types. The sign-in itself proves nothing here."""

import datetime as dt


def is_fresh(proved_at: dt.datetime | None, *, now: dt.datetime, minutes: int) -> bool:
    """`minutes` is the practice's choice; with 0 a proof holds for the signature it was typed for."""
    if proved_at is None or proved_at > now:
        return False
    return now - proved_at < dt.timedelta(minutes=minutes)


def is_late(ended_at: dt.datetime | None, *, now: dt.datetime, hours: int) -> bool:
    """Whether a signature comes so long after the session that the note says why."""
    return ended_at is not None and now - ended_at > dt.timedelta(hours=hours)
