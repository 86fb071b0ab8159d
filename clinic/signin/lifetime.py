"""Session lifetime: a sign-in is locked when idle and ends after twelve hours."""

import time

# A long working day. source: NIST SP 800-63B-4, 2.2.3
LIFETIME_SECONDS = 12 * 60 * 60
# The session row is not written at every request; the idle lock may come this much early, never late.
TOUCH_INTERVAL_SECONDS = 30
SIGNED_IN_AT, TOUCHED_AT = "signed_in_at", "touched_at"
LOCKED = 0
# Requests that a script makes without user activity carry this header.
BACKGROUND_HEADER = "X-Background"


def begin(session) -> None:
    session[SIGNED_IN_AT] = session[TOUCHED_AT] = int(time.time())


def touch(session) -> None:
    now = int(time.time())
    if now - session.get(TOUCHED_AT, 0) >= TOUCH_INTERVAL_SECONDS:
        session[TOUCHED_AT] = now


def lock(session) -> None:
    """As if nobody had touched a page for long."""
    session[TOUCHED_AT] = LOCKED


def is_locked_by_hand(session) -> bool:
    return session.get(TOUCHED_AT) == LOCKED


def keep_lock(session) -> None:
    """Keep a lock that another request set while this one was answered: storing the session would undo it."""
    if session.modified and session.session_key:
        if is_locked_by_hand(type(session)(session.session_key)):
            lock(session)


def unlock(session) -> None:
    session[TOUCHED_AT] = int(time.time())


def seconds_left(session, *, minutes: int) -> int:
    """Seconds until the idle lock; zero or less means locked."""
    return session.get(TOUCHED_AT, 0) + minutes * 60 - int(time.time())


def is_over(session) -> bool:
    return int(time.time()) - session.get(SIGNED_IN_AT, 0) >= LIFETIME_SECONDS
