"""Signed locks while tables change: on PostgreSQL nobody else ever sees a locked table without its locks.

There people go on working while a practice is updated. A migration that may write rows takes the triggers off
and puts them back within its own transaction; every other one leaves them where they are. It waits for nobody
longer than a moment: it gives way, and begins again. SQLite, which rebuilds no table that a trigger names,
is updated while nobody works, and there they are off meanwhile.
"""

import contextlib
import time
from collections.abc import Callable, Iterator

from django.db import OperationalError, transaction
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor

from clinic.locks import triggers

# Operations that fire no trigger of a row. A change of a column may fill it.
ROWLESS = (
    operations.CreateModel, operations.DeleteModel, operations.RenameModel, operations.AlterModelTable,
    operations.AddField, operations.RemoveField, operations.RenameField, operations.AddIndex,
    operations.RemoveIndex, operations.RenameIndex, operations.AddConstraint, operations.RemoveConstraint,
    operations.AlterModelOptions, operations.AlterModelManagers, operations.AlterUniqueTogether,
)  # fmt: skip
# technical: less than PostgreSQL waits (deadlock_timeout) before it ends one of two that wait for each other
WAIT_MILLISECONDS = 500
TRIES, PAUSE_SECONDS = 120, 0.25  # own choice: gives up after about a minute and a half
# source: PostgreSQL, appendix A: lock_not_available, deadlock_detected
BUSY = ("55P03", "40P01")


class LockedMigrations(MigrationExecutor):
    """Django's, for a database in which people work."""

    def apply_migration(self, state, migration, fake=False, fake_initial=False):
        plain = super().apply_migration
        return self._run(lambda own: plain(own, migration, fake, fake_initial), state, migration)

    def unapply_migration(self, state, migration, fake=False):
        plain = super().unapply_migration
        return self._run(lambda own: plain(own, migration, fake), state, migration)

    def _run(self, run: Callable, state, migration: Migration):
        if self.connection.vendor != "postgresql" or not migration.atomic:
            return run(state)
        installed = triggers.installed(self.connection)
        # the first migrations of a new database: nothing is locked, and nobody is there
        if not installed:
            return run(state)
        for left in reversed(range(TRIES)):
            try:
                with transaction.atomic(using=self.connection.alias), self._locks_for(migration, installed):
                    return run(state.clone())
            except OperationalError as busy:
                if not left or getattr(busy.__cause__, "pgcode", None) not in BUSY:
                    raise
            time.sleep(PAUSE_SECONDS)
        return None

    @contextlib.contextmanager
    def _locks_for(self, migration: Migration, installed: list[tuple[str, str]]) -> Iterator[None]:
        with self.connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_MILLISECONDS}ms'")
        if all(type(operation) in ROWLESS for operation in migration.operations):
            yield
            return
        with lifted(self.connection, installed):
            yield


@contextlib.contextmanager
def lifted(connection, found: list[tuple[str, str]]) -> Iterator[None]:
    """Within the caller's transaction these triggers are off, and nobody else writes their tables."""
    with connection.cursor() as cursor:
        schema = triggers.schema_of(cursor, connection.vendor)
        tables = ", ".join(triggers.named(schema, table) for table in sorted({table for _, table in found}))
        cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
        _switch(cursor, "DISABLE", schema, found)
        yield
        # what waits to be checked at the commit would keep the tables from being altered
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        _switch(cursor, "ENABLE", schema, triggers.installed(connection))


def _switch(cursor, verb: str, schema: str, found: list[tuple[str, str]]) -> None:
    for name, table in found:
        cursor.execute(f'ALTER TABLE {triggers.named(schema, table)} {verb} TRIGGER "{name}"')
