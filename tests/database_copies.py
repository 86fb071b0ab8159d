"""Restores the test databases from a copy after each test that commits.

Django would flush the tables, and every app would load its catalogs and install its triggers again: seconds
of work where a copy takes milliseconds. All browser tests commit.
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
    with contextlib.ExitStack() as stack:
        copies = {alias: stack.enter_context(copy_of(alias)) for alias in connections}
        flush = TransactionTestCase._fixture_teardown

        def put_back(self):
            for alias in self._databases_names(include_mirrors=False):
                copies[alias].restore()

        TransactionTestCase._fixture_teardown = put_back
        yield
        TransactionTestCase._fixture_teardown = flush


class SqliteCopy(contextlib.AbstractContextManager):
    """In the memory of this process."""

    def __init__(self, alias: str):
        self.connection, self.copy = connections[alias], sqlite3.connect(":memory:")
        self.connection.ensure_connection()
        self.connection.connection.backup(self.copy)

    def restore(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS

        def wait(*_):
            if time.monotonic() > deadline:
                raise RuntimeError("The database stays locked: a thread of the test has not ended.")

        self.connection.ensure_connection()
        self.copy.backup(self.connection.connection, progress=wait, sleep=0.02)

    def __exit__(self, *_) -> None:
        self.copy.close()


class PostgresCopy(contextlib.AbstractContextManager):
    """A database beside the one it was copied from. Whatever is still connected to that one is cut off."""

    def __init__(self, alias: str):
        self.connection = connections[alias]
        self.name = self.connection.settings_dict["NAME"]
        self.copy = f"{self.name}_copy"
        self._make(self.copy, of=self.name)

    def restore(self) -> None:
        self._make(self.name, of=self.copy)

    def _make(self, name: str, *, of: str) -> None:
        self.connection.close()
        with self.connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')

    def __exit__(self, *_) -> None:
        with self.connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.copy}"')


def copy_of(alias: str) -> SqliteCopy | PostgresCopy:
    return {"sqlite": SqliteCopy, "postgresql": PostgresCopy}[connections[alias].vendor](alias)
