"""Reads a practice from PostgreSQL as rows of SQLite, and fills a PostgreSQL database by COPY."""

import uuid
from collections.abc import Iterable, Iterator

from clinic.locks.triggers import PG_SCHEMA
from clinic.moving.columns import Table, django_json

# A client that begins to write waits for the lock; whoever writes already is waited for so long.
LOCK_SECONDS = 20
# Left to the tables' own rules while they are filled: what a database that was given up does not need.
FAST = (
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '256MB'",
    "SET statement_timeout = 0",
    "SET lock_timeout = 0",
)


def lock(cursor, tables: Iterable[Table]) -> None:
    """Until the transaction ends nobody else writes these tables, and all may read them."""
    for setting in ("idle_in_transaction_session_timeout", "statement_timeout"):
        cursor.execute(f"SET LOCAL {setting} = 0")
    cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
    names = ", ".join(table.quoted for table in tables)
    cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def read(connection, table: Table) -> Iterator[list[tuple]]:
    """Every row by its key as SQLite stores it, in lists."""
    values = ", ".join(column.for_sqlite() for column in table.columns)
    json_places = [place for place, column in enumerate(table.columns) if column.kind == "json"]
    with connection.connection.cursor(name=f"filiform_{uuid.uuid4().hex}") as cursor:
        cursor.execute(f'SELECT {values} FROM {table.quoted} ORDER BY "{table.key}"')
        while rows := cursor.fetchmany(table.rows_at_once):
            yield [_with_json(row, json_places) for row in rows] if json_places else rows


def _with_json(row: tuple, places: list[int]) -> list:
    values = list(row)
    for place in places:
        values[place] = django_json(values[place])
    return values


def last_key(cursor, table: Table) -> int:
    """The last key that was given out, or the largest where somebody chose keys."""
    cursor.execute(f'SELECT coalesce(max("{table.key}"), 0) FROM {table.quoted}')
    largest = cursor.fetchone()[0]
    cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {_sequence(cursor, table)}")
    return max(largest, cursor.fetchone()[0])


def _sequence(cursor, table: Table) -> str:
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table.quoted, table.key])
    return cursor.fetchone()[0]


class Filling:
    """A PostgreSQL database that is filled: empty, without indexes and references until a table is full."""

    def __init__(self, connection, tables: list[Table]):
        self.connection = connection
        with connection.cursor() as cursor:
            for statement in FAST:
                cursor.execute(statement)
            cursor.execute(f"TRUNCATE {', '.join(table.quoted for table in tables)} RESTART IDENTITY")
            names = [table.name for table in tables]
            cursor.execute(_REFERENCES, [names])
            self.references = cursor.fetchall()
            for table, name, _ in self.references:
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
            cursor.execute(_INDEXES, [names])
            self.indexes = cursor.fetchall()
            for _, name, _ in self.indexes:
                cursor.execute(f'DROP INDEX "{name}"')

    def fill(self, table: Table, pieces: Iterator[list[str]]) -> None:
        with self.connection.cursor() as cursor:
            into = f"COPY {table.quoted} ({table.names}) FROM STDIN"
            cursor.cursor.copy_expert(into, _Lines(pieces))
            for name, _, definition in self.indexes:
                if name == table.name:
                    cursor.execute(definition)

    def set_last_key(self, table: Table, key: int) -> None:
        if key:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT setval(%s, %s)", [_sequence(cursor, table), key])

    def finish(self) -> None:
        """References are put back, which checks them, and the planner learns what the tables hold."""
        with self.connection.cursor() as cursor:
            for table, name, definition in self.references:
                cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
            cursor.execute("ANALYZE")
        # with its usual settings when it is asked next
        self.connection.close()


class _Lines:
    """Lists of lines as a file that the database driver reads."""

    def __init__(self, pieces: Iterator[list[str]]):
        self.pieces = pieces

    def read(self, size: int) -> str:
        """A whole list, whatever the size asked for; an empty string at the end."""
        lines = next(self.pieces, None)
        return "\n".join(lines) + "\n" if lines else ""


_REFERENCES = f"""
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'f' AND c.relnamespace = {PG_SCHEMA}
    AND c.relname = ANY (%s)"""
_INDEXES = f"""
    SELECT c.relname, x.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    WHERE c.relnamespace = {PG_SCHEMA} AND c.relname = ANY (%s)
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)"""
