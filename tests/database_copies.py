"""Restores a SQLite database from a copy after each test that commits.

Django would flush the tables, and every app would load its catalogs and install its triggers again: a second
of work where a copy takes milliseconds. All browser tests commit. PostgreSQL is flushed by Django.
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterator

from django.db import connections
from django.test import TransactionTestCase

PATIENCE_SECONDS = 60


@contextlib.contextmanager
def restored_after_commits() -> Iterator[None]:
    """Copies the databases that were just created and restores them after each committing test."""
    copies = {alias: copy_of(alias) for alias in connections if connections[alias].vendor == "sqlite"}
    flush = TransactionTestCase._fixture_teardown

    def put_back(self):
        wanted = self._databases_names(include_mirrors=False)
        if not copies.keys() >= set(wanted):
            flush(self)
            return
        for alias in wanted:
            restore(alias, copies[alias])

    TransactionTestCase._fixture_teardown = put_back
    yield
    TransactionTestCase._fixture_teardown = flush
    for copy in copies.values():
        copy.close()


def copy_of(alias: str) -> sqlite3.Connection:
    connection = connections[alias]
    connection.ensure_connection()
    copy = sqlite3.connect(":memory:")
    connection.connection.backup(copy)
    return copy


def restore(alias: str, copy: sqlite3.Connection) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS

    def wait(*_):
        if time.monotonic() > deadline:
            raise RuntimeError(f"The database {alias} stays locked: a thread of the test has not ended.")

    connection = connections[alias]
    connection.ensure_connection()
    copy.backup(connection.connection, progress=wait, sleep=0.02)
