"""Which rows the ORM writes on each connection, and what they hold then: by saves, bulk writes and deletes.

`watch` begins it. A statement that writes gives its rows back by RETURNING, so none is added. What a cursor
writes on its own is told by `note`. What a savepoint takes back was not written.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache

from django.apps import apps
from django.db.models import Model
from django.db.models.constants import OnConflict
from django.db.models.sql.compiler import SQLCompiler, SQLDeleteCompiler, SQLInsertCompiler, SQLUpdateCompiler
from django.db.models.sql.constants import CURSOR

# What is known of a row that was written: nothing but its key, or that it is gone; otherwise (key, *columns).
UNREAD, GONE = (), None
State = tuple | None


class Written:
    """The rows of one connection in their order: (table, key, state).

    Up to `base` they were written outside a transaction and stay, up to `taken` they were given out. A
    savepoint undone takes back both what was written and what was given out since.
    """

    def __init__(self):
        self.log: list[tuple[str, object, State]] = []
        self.base = self.taken = 0
        self.marks: dict[str, tuple[int, int]] = {}

    def note(self, table: str, rows: Iterable[tuple[object, State]], *, stays: bool) -> None:
        """Of what stays only the key is kept: until it is given out somebody else may write the row."""
        self.log += [(table, key, UNREAD if stays else state) for key, state in rows]
        if stays:
            self.base = len(self.log)

    def take(self) -> dict[str, dict]:
        found: dict[str, dict] = defaultdict(dict)
        for table, key, state in self.log[self.taken :]:
            found[table][key] = state
        self.taken = len(self.log)
        return found

    def mark(self, savepoint: str) -> None:
        self.marks[savepoint] = len(self.log), self.taken

    def back_to(self, savepoint: str | None) -> None:
        length, self.taken = self.marks.get(savepoint, (self.base, 0))
        self.log = self.log[:length]

    def undone(self) -> None:
        self.back_to(None)
        self.ended()

    def ended(self) -> None:
        """The transaction is over: what was not given out waits on, to be read again."""
        self.log = [(table, key, UNREAD) for table, key, _ in self.log[self.taken :]]
        self.base, self.taken, self.marks = len(self.log), 0, {}


class Watch:
    """The columns that are noted of a table's rows, or None; and whether what was noted is held back."""

    def __init__(self):
        self.columns: Callable[[str], tuple[str, ...] | None] = lambda table: None
        self.is_holding = False


_watch = Watch()


def watch(columns: Callable[[str], tuple[str, ...] | None]) -> None:
    """From now on note the rows of the tables for which `columns(table)` names columns, as attributes."""
    _watch.columns = columns
    fields_of.cache_clear()
    for compiler, execute in (
        (SQLUpdateCompiler, _updated),
        (SQLDeleteCompiler, _deleted),
        (SQLInsertCompiler, _inserted),
    ):
        if "_execute" not in vars(compiler):
            compiler._execute, compiler._plain_sql = compiler.execute_sql, compiler.as_sql
            compiler.execute_sql = execute
    SQLUpdateCompiler.as_sql = SQLDeleteCompiler.as_sql = _returning


def hold(is_holding: bool) -> None:
    """While tables are being changed nothing is given out: columns by which to read it may be missing."""
    _watch.is_holding = is_holding


def attach(connection, before_commit: Callable[[], None]) -> None:
    """Call `before_commit` inside each transaction that ends with rows waiting.

    Called at each connecting: a transaction that a lost connection left open has come to nothing.
    """
    if hasattr(connection, "filiform_written"):
        connection.filiform_written.undone()
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
        written.undone()

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
    note_rows(connection, table, [(key, UNREAD) for key in keys])


def note_rows(connection, table: str, rows: Iterable[tuple[object, State]]) -> None:
    """Rows that were written without the ORM and came back as `row_state` gives them."""
    connection.filiform_written.note(table, rows, stays=not connection.in_atomic_block)


def forget(connection, stands: Callable[[str], bool]) -> None:
    """No longer give out rows of tables of which `stands` says that they cannot be read as they are."""
    written = connection.filiform_written
    lost = {table for table in {table for table, _, _ in written.log} if not stands(table)}
    written.log = [row for row in written.log if row[0] not in lost]
    written.base = min(written.base, len(written.log))


def is_waiting(connection) -> bool:
    """Whether rows were written since `take`."""
    written = getattr(connection, "filiform_written", None)
    return not _watch.is_holding and written is not None and len(written.log) > written.taken


def take(connection) -> dict[str, dict]:
    """{table: {key: state}} of the rows written since the last call."""
    return connection.filiform_written.take()


def _fields(compiler) -> list | None:
    return fields_of(compiler.query.model)


@cache
def fields_of(model: type[Model]) -> list | None:
    """The key and the noted columns of its table; of a migration's model of then only the key."""
    columns = _watch.columns(model._meta.db_table)
    if columns is None:
        return None
    names = columns if model._meta.apps is apps else ()
    return [model._meta.pk, *(model._meta.get_field(name) for name in names)]


def row_state(fields: list, row: tuple) -> tuple[object, State]:
    return row[0], tuple(row[: len(fields)]) if len(fields) > 1 else UNREAD


def _returning(self) -> tuple[str, tuple]:
    sql, params = self._plain_sql()
    fields = _fields(self) if sql else None
    if fields is None:
        return sql, params
    wanted = fields[:1] if isinstance(self, SQLDeleteCompiler) else fields
    names = ", ".join(self.connection.ops.quote_name(field.column) for field in wanted)
    return f"{sql} RETURNING {names}", params


def _returned(compiler, fields: list) -> list:
    """The rows that an update or a delete gives back, as a query would give them."""
    cursor = SQLCompiler.execute_sql(compiler, CURSOR)
    if cursor is None:
        return []
    with cursor:
        rows = cursor.fetchall()
    columns = [field.get_col(compiler.query.get_meta().db_table) for field in fields]
    converters = compiler.get_converters(columns)
    return list(compiler.apply_converters(rows, converters)) if converters else rows


def _updated(self, result_type) -> int:
    """As Django's, where the rows come back instead of a count. No model here has a parent table."""
    fields = _fields(self)
    if fields is None:
        return self._execute(result_type)
    rows = _returned(self, fields)
    note_rows(self.connection, self.query.get_meta().db_table, [row_state(fields, row) for row in rows])
    return len(rows)


def _deleted(self, result_type) -> int | None:
    fields = _fields(self)
    if fields is None:
        return self._execute(result_type)
    rows = _returned(self, fields[:1])
    note_rows(self.connection, self.query.get_meta().db_table, [(row[0], GONE) for row in rows])
    return len(rows)


def _inserted(self, returning_fields=None) -> list:
    fields = _fields(self)
    if fields is None:
        return self._execute(returning_fields)
    wanted = [*fields, *(field for field in returning_fields or () if field not in fields)]
    # a row that was there already and is left alone comes back as nothing
    rows = [row for row in self._execute(wanted) if row]
    note_rows(self.connection, self.query.get_meta().db_table, [row_state(fields, row) for row in rows])
    is_asked = returning_fields and self.query.on_conflict is not OnConflict.IGNORE
    return _columns_of(rows, [wanted.index(field) for field in returning_fields]) if is_asked else []


def _columns_of(rows: list, places: list[int]) -> list[tuple]:
    return [tuple(row[place] for place in places) for row in rows]
