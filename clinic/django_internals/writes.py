"""Which rows the ORM writes, by table, on each connection: saves, bulk writes, updates and deletes.

`watch` begins it. An update or a delete gives its keys back by RETURNING, so no statement is added. What a
cursor writes on its own is told by `note`. What was taken and then rolled back to a savepoint waits again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db.models import Model
from django.db.models.constants import OnConflict
from django.db.models.sql.compiler import SQLCompiler, SQLDeleteCompiler, SQLInsertCompiler, SQLUpdateCompiler
from django.db.models.sql.constants import CURSOR


class Written:
    """The rows of one connection in their order: (table, key or instance, which gets its key later).

    Up to `base` they were written outside a transaction and stay, up to `taken` they were given out. A
    savepoint undone takes back both what was written and what was given out since.
    """

    def __init__(self):
        self.log: list[tuple[str, object]] = []
        self.base = self.taken = 0
        self.marks: dict[str, tuple[int, int]] = {}

    def note(self, table: str, rows: Iterable, *, stays: bool) -> None:
        self.log += [(table, row) for row in rows]
        if stays:
            self.base = len(self.log)

    def take(self) -> dict[str, set]:
        found: dict[str, set] = defaultdict(set)
        for table, row in self.log[self.taken :]:
            found[table] |= {row.pk if isinstance(row, Model) else row} - {None}
        self.taken = len(self.log)
        return found

    def mark(self, savepoint: str) -> None:
        self.marks[savepoint] = len(self.log), self.taken

    def back_to(self, savepoint: str | None) -> None:
        length, self.taken = self.marks.get(savepoint, (self.base, 0))
        self.log = self.log[:length]

    def ended(self) -> None:
        """The transaction is over: what was not given out waits on."""
        self.log, self.taken, self.marks = self.log[self.taken :], 0, {}
        self.base = len(self.log)


class Watch:
    """Decides by its table whether a row is noted."""

    def __init__(self):
        self.is_noted: Callable[[str], bool] = lambda table: False


_watch = Watch()


def watch(is_noted: Callable[[str], bool]) -> None:
    """From now on note the rows of the tables for which `is_noted(table)` is true."""
    _watch.is_noted = is_noted
    for compiler in (SQLUpdateCompiler, SQLDeleteCompiler):
        if "_written_sql" not in vars(compiler):
            compiler._written_sql = compiler.as_sql
            compiler.as_sql = _with_keys
            compiler.execute_sql = _counted
    if "_execute" not in vars(SQLInsertCompiler):
        SQLInsertCompiler._execute = SQLInsertCompiler.execute_sql
        SQLInsertCompiler.execute_sql = _inserted


def attach(connection, before_commit: Callable[[], None]) -> None:
    """Call `before_commit` inside each transaction that ends with rows waiting. Safe to call twice."""
    if hasattr(connection, "filiform_written"):
        return
    connection.filiform_written = written = Written()
    commit, rollback = connection.commit, connection.rollback
    savepoint, to_savepoint = connection.savepoint, connection.savepoint_rollback

    def committing():
        if is_waiting(connection):
            before_commit()
        commit()
        written.ended()

    def undone():
        rollback()
        written.back_to(None)
        written.ended()

    def marked():
        sid = savepoint()
        written.mark(sid)
        return sid

    def undone_in_part(sid):
        to_savepoint(sid)
        written.back_to(sid)

    connection.commit, connection.rollback = committing, undone
    connection.savepoint, connection.savepoint_rollback = marked, undone_in_part


def note(connection, table: str, keys: Iterable) -> None:
    """Rows that were written without the ORM."""
    connection.filiform_written.note(table, keys, stays=not connection.in_atomic_block)


def is_waiting(connection) -> bool:
    """Whether rows were written since `take`."""
    written = getattr(connection, "filiform_written", None)
    return written is not None and len(written.log) > written.taken


def take(connection) -> dict[str, set]:
    """The keys of the rows written since the last call, by table. A row that got no key was not written."""
    return connection.filiform_written.take()


def _table(compiler) -> str:
    return compiler.query.get_meta().db_table


def _returning(compiler) -> str:
    return f" RETURNING {compiler.connection.ops.quote_name(compiler.query.get_meta().pk.column)}"


def _note_returned(compiler, cursor) -> int:
    pk = compiler.query.get_meta().pk
    keys = [pk.to_python(key) for (key,) in cursor.fetchall()]
    note(compiler.connection, _table(compiler), keys)
    return len(keys)


def _with_keys(self) -> tuple[str, tuple]:
    sql, params = self._written_sql()
    return (sql + _returning(self) if sql and _watch.is_noted(_table(self)) else sql), params


def _counted(self, result_type) -> int | None:
    """As Django's, where the keys come back instead of a count. No model here has a parent table."""
    if not _watch.is_noted(_table(self)):
        count = SQLCompiler.execute_sql(self, result_type)
        return (count or 0) if isinstance(self, SQLUpdateCompiler) else count
    cursor = SQLCompiler.execute_sql(self, CURSOR)
    if cursor is None:
        return 0
    with cursor:
        return _note_returned(self, cursor)


def _inserted(self, returning_fields=None) -> list:
    if not _watch.is_noted(_table(self)):
        return self._execute(returning_fields)
    if self.query.on_conflict is OnConflict.IGNORE:
        # Django asks for no keys of rows that may be there already: only those that were new have one
        new = self._execute([self.query.get_meta().pk])
        note(self.connection, _table(self), [row[0] for row in new if row])
        return []
    rows = self._execute(returning_fields)
    note(self.connection, _table(self), self.query.objs)
    return rows
