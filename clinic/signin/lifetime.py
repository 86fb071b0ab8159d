"""How long a sign-in lasts: locked when nobody touched it for a while, over after twelve hours."""

import time

# The whole of a long day; whoever works longer signs in once more. source: NIST SP 800-63B-4, 2.2.3
LIFETIME_SECONDS = 12 * 60 * 60
# A session row is not written for every request; the lock comes this much early at worst, never late.
TOUCH_INTERVAL_SECONDS = 30
SIGNED_IN_AT, TOUCHED_AT = "signed_in_at", "touched_at"
# What a script asks on its own, without a hand on the keyboard, says so.
BACKGROUND_HEADER = "X-Background"


def begin(session) -> None:
    session[SIGNED_IN_AT] = session[TOUCHED_AT] = int(time.time())


def touch(session) -> None:
    now = int(time.time())
    if now - session.get(TOUCHED_AT, 0) >= TOUCH_INTERVAL_SECONDS:
        session[TOUCHED_AT] = now


def unlock(session) -> None:
    session[TOUCHED_AT] = int(time.time())


def seconds_left(session, *, minutes: int) -> int:
    """Until the lock; nothing or less means that it is locked."""
    return session.get(TOUCHED_AT, 0) + minutes * 60 - int(time.time())


def is_over(session) -> bool:
    return int(time.time()) - session.get(SIGNED_IN_AT, 0) >= LIFETIME_SECONDS
