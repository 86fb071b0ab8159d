"""A clean end of long commands when SIGTERM stops them."""

import contextlib
import signal
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def clean_exit() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that unfinished files are removed."""
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(number, _frame):
    sys.exit(128 + number)
