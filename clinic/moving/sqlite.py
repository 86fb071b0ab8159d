"""Reads a practice from SQLite as lines of COPY, and fills a SQLite file with rows."""

from collections.abc import Iterable, Iterator

from clinic.moving import MoveError
from clinic.moving.columns import Table

# Rows written in one transaction.
ROWS_PER_TRANSACTION = 100_000
# A file that is filled is begun anew after a crash; only when it is finished it is flushed to the disk.
FAST = ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-200000")


def lock(cursor, tables: Iterable[Table]) -> None:
    """The transaction is IMMEDIATE: from its beginning nobody else writes, and all may read."""


def read(connection, table: Table) -> Iterator[list[str]]:
    """Every row by its key, each a line of COPY, in lists."""
    line = " || char(9) || ".join(column.for_copy() for column in table.columns)
    cursor = connection.connection.cursor()
    cursor.execute(f'SELECT {line} FROM {table.quoted} ORDER BY "{table.key}"')
    while rows := cursor.fetchmany(table.rows_at_once):
        yield [line for (line,) in rows]


def last_key(cursor, table: Table) -> int:
    """The last key that was given out."""
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
    return (cursor.fetchone() or [0])[0]


class Filling:
    """A SQLite database that is filled: empty, without indexes until a table is full."""

    def __init__(self, connection, tables: list[Table]):
        self.connection, self.raw = connection, connection.connection
        for statement in FAST:
            self.raw.execute(statement)
        self.indexes = self.raw.execute(
            "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
            f"AND tbl_name IN ({', '.join('?' * len(tables))})",
            [table.name for table in tables],
        ).fetchall()
        for table in tables:
            self.raw.execute(f"DELETE FROM {table.quoted}")
        for _, name, _ in self.indexes:
            self.raw.execute(f'DROP INDEX "{name}"')

    def fill(self, table: Table, pieces: Iterator[list[tuple]]) -> None:
        places = ", ".join("?" * len(table.columns))
        insert = f"INSERT INTO {table.quoted} ({table.names}) VALUES ({places})"
        waiting = 0
        self.raw.execute("BEGIN")
        for rows in pieces:
            self.raw.executemany(insert, rows)
            waiting += len(rows)
            if waiting >= ROWS_PER_TRANSACTION:
                self.raw.execute("COMMIT")
                self.raw.execute("BEGIN")
                waiting = 0
        for name, _, statement in self.indexes:
            if name == table.name:
                self.raw.execute(statement)
        self.raw.execute("COMMIT")

    def set_last_key(self, table: Table, key: int) -> None:
        self.raw.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        if key:
            self.raw.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, key))

    def finish(self) -> None:
        """References are checked, and what was written reaches the disk."""
        if lost := self.raw.execute("PRAGMA foreign_key_check").fetchone():
            raise MoveError(f"A row of {lost[0]} names one of {lost[2]} that is not there.")
        self.raw.execute("PRAGMA synchronous=FULL")
        self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        # with its usual settings when it is asked next
        self.connection.close()
