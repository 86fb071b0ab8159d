"""The furnished practice, made once and then copied in, for the many tests that only look at its pages."""

import sqlite3
import time

from django.db import DEFAULT_DB_ALIAS, connection

from tests import database_copies
from tests.browser import practice

# A handed-over tablet closes after a while, and visits are due by the hour: an old copy is made anew.
FRESH_SECONDS = 120


class SharedPractice:
    """One per worker. On PostgreSQL, which is not copied, every test makes its own."""

    def __init__(self):
        self._made: practice.Practice | None = None
        self._copy: sqlite3.Connection | None = None
        self._until = 0.0

    def ready(self) -> practice.Practice:
        if self._copy is None or time.monotonic() > self._until:
            return self._make()
        database_copies.restore(DEFAULT_DB_ALIAS, self._copy)
        return self._made

    def _make(self) -> practice.Practice:
        self.close()
        self._made, self._until = practice.create_practice(), time.monotonic() + FRESH_SECONDS
        if connection.vendor == "sqlite":
            self._copy = database_copies.copy_of(DEFAULT_DB_ALIAS)
        return self._made

    def close(self) -> None:
        if self._copy is not None:
            self._copy.close()
        self._copy = None
