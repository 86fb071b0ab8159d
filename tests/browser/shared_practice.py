"""The practice of the page tests, created once and then restored from a copy."""

import time

from django.db import DEFAULT_DB_ALIAS, connection

from tests import database_copies
from tests.browser import practice

# Handovers expire and visits become due, so an old copy is created anew.
FRESH_SECONDS = 120


class SharedPractice:
    """One per worker. On PostgreSQL, where the suite drives no browser, every test creates its own."""

    def __init__(self):
        self._made: practice.Practice | None = None
        self._copy: database_copies.SqliteCopy | None = None
        self._until = 0.0

    def ready(self) -> practice.Practice:
        if self._copy is None or time.monotonic() > self._until:
            return self._make()
        self._copy.restore()
        return self._made

    def _make(self) -> practice.Practice:
        self.close()
        self._made, self._until = practice.create_practice(), time.monotonic() + FRESH_SECONDS
        if connection.vendor == "sqlite":
            self._copy = database_copies.SqliteCopy(DEFAULT_DB_ALIAS)
        return self._made

    def close(self) -> None:
        if self._copy is not None:
            self._copy.copy.close()
        self._copy = None
