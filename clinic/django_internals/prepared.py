"""Questions that every page asks: Django writes their SQL once, afterwards only the values change.

Writing the SQL of a record with its parts takes longer than answering it. What is kept is the SQL as Django's
own compiler wrote it; rows are read by Django as always. Before it is kept it is compared, words and values,
with what Django writes for the values at hand; whatever does not fit is asked the usual way.
"""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import partial
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

# They stand in the SQL where a value belongs; nothing that is stored or asked looks like them.
# The number fits PostgreSQL's narrow columns too. The word changes wherever a word is escaped, stripped or
# lowered on its way into the SQL, and then it is missed.
NUMBER = 2_147_129_000
WORD = " %_\\'Filiform\x1a{} "
DAY = dt.date(9871, 1, 1)
INSTANT = dt.datetime(9871, 7, 1, 1, 2, 3, tzinfo=dt.UTC)
KEY = 0x1A66_696C_6966_6F72_6D00_0000_0000_0000
WRITTEN_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.+]+)?")
# A larger number would not fit a narrow column: Django then asks something else.
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Written:
    """A question with marks in the place of its values: {place among the params: name of the value}.

    `converters` make Python's values of the database's, as the compiler found them for its columns.
    """

    compiler: SQLCompiler
    sql: str
    params: tuple
    places: dict[int, str]
    converters: dict

    def filled(self, connection, values: dict) -> tuple[str, tuple]:
        params = list(self.params)
        for at, name in self.places.items():
            value = _adapted(connection, values[name])
            # psycopg tells whole numbers apart by width: a value takes its mark's kind
            params[at] = type(params[at])(value) if isinstance(value, int) else value
        return self.sql, tuple(params)


class Prepared:
    """Rows of a question that `ask` builds. Called with the same names, other values each time.

    Numbers, words, keys, days and instants change from call to call. None, a truth or a frozenset shapes the
    question: each has SQL of its own. `ask` takes every changing value, the present included, as an argument;
    it fetches whole rows, locks nothing and prefetches nothing.
    """

    def __init__(self, ask: Callable[..., QuerySet]):
        self.ask = ask
        # of each connection its own: they are one thread's, and end with it
        self.written: WeakKeyDictionary[BaseDatabaseWrapper, dict[tuple, Written]] = WeakKeyDictionary()

    def __call__(self, **values) -> list:
        rows = self._rows(values)
        return list(self.ask(**values) if rows is None else rows)

    def one(self, **values) -> Model | None:
        return next(iter(self(**values)), None)

    def _rows(self, values: dict) -> QuerySet | None:
        """The rows by the kept SQL, or None where the values have to be asked for the usual way."""
        if not all(_changes(value) or _shapes(value) for value in values.values()):
            return None
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._written(connection, values)
        if written is None:
            return None
        compiler = copy(written.compiler)
        compiler.as_sql = partial(_as_sql, written, connection, values)
        compiler.get_converters = partial(_converters, written)
        query = copy(written.compiler.query)
        query.get_compiler = partial(_compiler, compiler)
        return QuerySet(query.model, query=query, using=DEFAULT_DB_ALIAS)

    def _written(self, connection, values: dict) -> Written | None:
        shape = {
            name: type(value) if _changes(value) else (type(value), value) for name, value in values.items()
        }
        # days of the clock are cut in the zone of whoever asks: it stands in the SQL
        zone = timezone.get_current_timezone_name()
        key = (zone, *sorted(shape.items(), key=_name))
        written = self.written.setdefault(connection, {})
        if key not in written:
            try:
                written[key] = self._write(connection, values)
            except EmptyResultSet:
                # Django sees that nothing can answer, for these values or for the marks: it looks each time
                return None
        return written[key]

    def _write(self, connection, values: dict) -> Written:
        marks = {name: _mark(at, value) for at, (name, value) in enumerate(values.items()) if _changes(value)}
        compiler, sql, params = _compiled(connection, self.ask(**{**values, **marks}))
        adapted = {name: _adapted(connection, mark) for name, mark in marks.items()}
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        written = Written(compiler, sql, tuple(params), dict(_places(params, adapted)), converters)
        lost = adapted.keys() - set(written.places.values())
        if lost:
            raise ValueError(f"The question does not ask for {', '.join(sorted(lost))} as it is.")
        if any(_is_time(param) for at, param in enumerate(params) if at not in written.places):
            raise ValueError("The question would keep a time of its own. Pass it in.")
        _, *usual = _compiled(connection, self.ask(**values))
        if _kinds(*written.filled(connection, values)) != _kinds(*usual):
            raise ValueError("The question is another one for these values.")
        return written


def _compiled(connection, asked: QuerySet) -> tuple:
    """(compiler, sql, params) of a question that may be kept."""
    query = asked.query
    if (
        query.select_for_update
        or asked._prefetch_related_lookups
        or asked._iterable_class is not ModelIterable
    ):
        raise ValueError("Only whole rows are kept, without a lock and without what is prefetched.")
    compiler = query.get_compiler(connection=connection)
    return (compiler, *compiler.as_sql())


def _changes(value) -> bool:
    """Exactly these types: a kind of them may be written in a way of its own."""
    if type(value) is int:
        return -LARGEST <= value <= LARGEST
    return type(value) in (str, uuid.UUID, dt.date) or (
        type(value) is dt.datetime and value.tzinfo is not None
    )


def _shapes(value) -> bool:
    return value is None or type(value) in (bool, frozenset)


def _mark(at: int, value):
    if isinstance(value, int):
        return NUMBER + at
    if isinstance(value, str):
        return WORD.format(at)
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=KEY + at)
    return (INSTANT if isinstance(value, dt.datetime) else DAY) + dt.timedelta(days=at)


def _adapted(connection, value):
    """As the engine takes it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _places(params, adapted: dict) -> Iterator[tuple[int, str]]:
    for at, param in enumerate(params):
        for name, mark in adapted.items():
            if isinstance(param, type(mark)) and param == mark:
                yield at, name


def _is_time(param) -> bool:
    """SQLite takes times as text."""
    is_text = isinstance(param, str) and WRITTEN_TIME.fullmatch(param)
    return bool(is_text) or isinstance(param, dt.date)


def _kinds(sql: str, params) -> tuple:
    return sql, [(type(param), param) for param in params]


def _name(item: tuple) -> str:
    return item[0]


def _as_sql(written: Written, connection, values: dict, *_, **__) -> tuple[str, tuple]:
    return written.filled(connection, values)


def _converters(written: Written, *_) -> dict:
    return written.converters


def _compiler(compiler: SQLCompiler, *_, **__) -> SQLCompiler:
    return compiler
