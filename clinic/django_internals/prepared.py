"""Prepared queries: Django composes the SQL once, afterwards only the values change.

Composing the SQL of a record with its parts takes longer than running it. What is kept is the SQL as
Django's own compiler composed it; rows are built by Django as always. Before it is kept it is compared with
what Django composes for the values at hand; whatever does not fit is asked the plain way.
"""

import logging
from collections.abc import Callable
from copy import copy
from functools import partial
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet, FieldError, ObjectDoesNotExist, ValidationError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.query import Query
from django.utils import timezone

from clinic.django_internals import statements
from clinic.django_internals.shortcuts import Shortcut, changed_signatures
from clinic.django_internals.statements import NotPreparable, Statement, is_changing, is_shaping

log = logging.getLogger(__name__)

SIGNATURES = {
    "as_sql(self, with_limits=True, with_col_aliases=False)": (SQLCompiler, "as_sql"),
    "get_converters(self, expressions)": (SQLCompiler, "get_converters"),
    "execute_sql(self, result_type='multi', chunked_fetch=False, chunk_size=100)": (
        SQLCompiler,
        "execute_sql",
    ),
    "get_compiler(self, using=None, connection=None, elide_empty=True)": (Query, "get_compiler"),
    "__init__(self, model=None, query=None, using=None, hints=None)": (QuerySet, "__init__"),
    "__iter__(self)": (ModelIterable, "__iter__"),
}
SHORTCUT = Shortcut("prepared queries", partial(changed_signatures, SIGNATURES))
# What a query may raise that cannot be built with placeholders in the place of its values.
UNSUITABLE = (
    ArithmeticError, AttributeError, FieldError, LookupError, NotPreparable, ObjectDoesNotExist, TypeError,
    ValidationError, ValueError,
)  # fmt: skip


class PreparedQuery:
    """Rows of the query that `ask` builds. Called with the same names, other values each time.

    Numbers, words, keys, days and instants change from call to call. None, a truth or a frozenset shapes the
    query: each has SQL of its own. `ask` takes every changing value, the present included, as an argument,
    and does not choose between queries by one. Any other value, and a query that cannot be prepared, is asked
    the plain way: `list(ask(...))`.
    """

    def __init__(self, ask: Callable[..., QuerySet]):
        self.ask = ask
        # Of each connection its own: they are one thread's, and end with it. None is asked the plain way.
        self.kept: WeakKeyDictionary[BaseDatabaseWrapper, dict[tuple, Statement | None]] = WeakKeyDictionary()

    def __call__(self, **values) -> list:
        rows = None if SHORTCUT.is_off else self._rows(values)
        return list(self.ask(**values) if rows is None else rows)

    def one(self, **values) -> Model | None:
        return next(iter(self(**values)), None)

    def _rows(self, values: dict) -> QuerySet | None:
        """The rows by the kept SQL, or None where they have to be asked for the plain way."""
        if not all(is_changing(value) or is_shaping(value) for value in values.values()):
            return None
        connection = connections[DEFAULT_DB_ALIAS]
        statement = self._statement(connection, values)
        return None if statement is None else _queryset(statement, connection, values)

    def _statement(self, connection, values: dict) -> Statement | None:
        kept, shape = self.kept.setdefault(connection, {}), _shape(values)
        if shape not in kept:
            try:
                kept[shape] = _composed(connection, self.ask, values)
            except EmptyResultSet:
                # No row can have these values, and others of the same types may find some.
                return None
            except UNSUITABLE as unsuitable:
                _explain(self.ask, unsuitable)
                kept[shape] = None
        return kept[shape]


def _shape(values: dict) -> tuple:
    """What calls have in common that may share a statement."""
    types = {
        name: type(value) if is_changing(value) else (type(value), value) for name, value in values.items()
    }
    # Days of the clock are cut in the zone of whoever asks: it stands in the SQL.
    return timezone.get_current_timezone_name(), *sorted(types.items(), key=_name)


def _name(item: tuple) -> str:
    return item[0]


def _composed(connection, ask: Callable[..., QuerySet], values: dict) -> Statement:
    """The statement for all values of this shape; tried with those at hand and with their contraries."""
    placeholders = statements.placeholders(values)
    try:
        compiler, sql, params = _compiled(connection, ask(**{**values, **placeholders}))
    except EmptyResultSet as empty:
        raise NotPreparable("no row can have its placeholders") from empty
    converters = compiler.get_converters([column for column, *_ in compiler.select])
    statement = statements.build_statement(connection, sql, params, placeholders, kept=(compiler, converters))
    for tried in (values, {**values, **statements.contraries(values)}):
        _, *plain = _compiled(connection, ask(**tried))
        if not statement.is_what_django_composes(connection, tried, *plain):
            raise NotPreparable("it is another query for other values")
    return statement


def _compiled(connection, asked: QuerySet) -> tuple:
    """(compiler, sql, params) of a query that may be kept."""
    query = asked.query
    if query.select_for_update or asked._prefetch_related_lookups or asked._known_related_objects:
        raise NotPreparable("it locks, prefetches or starts from a row at hand")
    if asked._iterable_class is not ModelIterable or asked.db != DEFAULT_DB_ALIAS:
        raise NotPreparable("it does not give whole rows of the default database")
    compiler = query.get_compiler(connection=connection)
    return (compiler, *compiler.as_sql())


def _queryset(statement: Statement, connection, values: dict) -> QuerySet:
    """A queryset that runs the kept SQL: its compiler is handed the SQL instead of composing it."""
    kept, converters = statement.kept
    compiler = copy(kept)
    compiler.as_sql = partial(_as_sql, statement, connection, values)
    compiler.get_converters = partial(_given, converters)
    query = copy(kept.query)
    query.get_compiler = partial(_given, compiler)
    return QuerySet(query.model, query=query, using=DEFAULT_DB_ALIAS)


def _as_sql(statement: Statement, connection, values: dict, *_, **__) -> tuple[str, tuple]:
    return statement.filled(connection, values)


def _given(answer, *_, **__):
    return answer


def _explain(ask: Callable, unsuitable: Exception) -> None:
    """Without the words of an error of Django's: they may repeat a value."""
    reason = str(unsuitable) if isinstance(unsuitable, NotPreparable) else type(unsuitable).__name__
    log.warning("%s.%s is asked the plain way: %s.", ask.__module__, ask.__qualname__, reason)
