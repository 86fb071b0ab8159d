"""How a long command ends when a service manager or a shutdown stops it."""

import contextlib
import signal
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def clean_exit() -> Iterator[None]:
    """A stop ends like an error, so that what was begun is cleared away."""
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(number, _frame):
    sys.exit(128 + number)
