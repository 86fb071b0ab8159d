"""The times of a signature: how long a password is proof, and when the session ended."""

import datetime as dt

# A session does not last longer; a signature later than this is not its end.
# own choice: twice a long visit
LONGEST_SESSION = dt.timedelta(hours=2)


def is_fresh(proved_at: dt.datetime | None, *, now: dt.datetime, minutes: int) -> bool:
    """`minutes` is the practice's choice; with 0 a proof holds for the signature it was typed for."""
    if proved_at is None or proved_at > now:
        return False
    return now - proved_at < dt.timedelta(minutes=minutes)


def likely_end(started_at: dt.datetime | None, *, now: dt.datetime) -> dt.datetime | None:
    """Now, when signing follows the treatment; after hours nobody knows, and the end is asked for."""
    if started_at is None or not dt.timedelta(0) <= now - started_at <= LONGEST_SESSION:
        return None
    return now
