"""Prepared queries: Django composes the SQL once, afterwards only the values change.

Composing the SQL of a record with its parts takes longer than running it. What is stored is the SQL as
Django's own compiler composed it; rows are built by Django as always. Before it is stored it is compared with
what Django composes for the values at hand; a query that does not fit is run the plain way.
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
# What building a query with placeholders in place of its values may raise.
UNSUITABLE = (
    ArithmeticError, AttributeError, FieldError, LookupError, NotPreparable, ObjectDoesNotExist, TypeError,
    ValidationError, ValueError,
)  # fmt: skip


class PreparedQuery:
    """Rows of the query that `build` returns. Called with the same names, other values each time.

    Numbers, texts, keys, days and instants may change from call to call. None, a boolean or a frozenset
    shapes the query: each has SQL of its own. `build` takes every changing value, the current time included,
    as an argument, and does not choose between queries by one. With any other value, and if it cannot be
    prepared, the query runs the plain way: `list(build(...))`.
    """

    def __init__(self, build: Callable[..., QuerySet]):
        self.build = build
        # Per connection, which belongs to one thread and ends with it. None: the query runs the plain way.
        self.statements: WeakKeyDictionary[BaseDatabaseWrapper, dict[tuple, Statement | None]] = (
            WeakKeyDictionary()
        )

    def __call__(self, **values) -> list:
        rows = None if SHORTCUT.is_off else self._rows(values)
        return list(self.build(**values) if rows is None else rows)

    def one(self, **values) -> Model | None:
        return next(iter(self(**values)), None)

    def _rows(self, values: dict) -> QuerySet | None:
        """The rows by the stored SQL, or None when the query has to run the plain way."""
        if not all(is_changing(value) or is_shaping(value) for value in values.values()):
            return None
        connection = connections[DEFAULT_DB_ALIAS]
        statement = self._statement(connection, values)
        return None if statement is None else _queryset(statement, connection, values)

    def _statement(self, connection, values: dict) -> Statement | None:
        by_shape, shape = self.statements.setdefault(connection, {}), _shape(values)
        if shape not in by_shape:
            try:
                by_shape[shape] = _compose(connection, self.build, values)
            except EmptyResultSet:
                # No row can have these values, but others of the same types may find some.
                return None
            except UNSUITABLE as unsuitable:
                _log_reason(self.build, unsuitable)
                by_shape[shape] = None
        return by_shape[shape]


def _shape(values: dict) -> tuple:
    """Calls of the same shape share a statement."""
    types = {
        name: type(value) if is_changing(value) else (type(value), value) for name, value in values.items()
    }
    # The SQL of date lookups contains the current time zone.
    return timezone.get_current_timezone_name(), *sorted(types.items(), key=_name)


def _name(item: tuple) -> str:
    return item[0]


def _compose(connection, build: Callable[..., QuerySet], values: dict) -> Statement:
    """The statement for all values of this shape; verified with those at hand and with contrary ones."""
    placeholders = statements.placeholders(values)
    try:
        compiler, sql, params = _compile(connection, build(**{**values, **placeholders}))
    except EmptyResultSet as empty:
        raise NotPreparable("no row can have its placeholders") from empty
    converters = compiler.get_converters([column for column, *_ in compiler.select])
    statement = statements.build_statement(
        connection, sql, params, placeholders, runner=(compiler, converters)
    )
    for checked_values in (values, {**values, **statements.contraries(values)}):
        _, *plain = _compile(connection, build(**checked_values))
        if not statement.is_what_django_composes(connection, checked_values, *plain):
            raise NotPreparable("it is another query for other values")
    return statement


def _compile(connection, queryset: QuerySet) -> tuple:
    """(compiler, sql, params) of a query that may be stored."""
    query = queryset.query
    if query.select_for_update or queryset._prefetch_related_lookups or queryset._known_related_objects:
        raise NotPreparable("it locks, prefetches or starts from a row at hand")
    if queryset._iterable_class is not ModelIterable or queryset.db != DEFAULT_DB_ALIAS:
        raise NotPreparable("it does not give whole rows of the default database")
    compiler = query.get_compiler(connection=connection)
    return (compiler, *compiler.as_sql())


def _queryset(statement: Statement, connection, values: dict) -> QuerySet:
    """A queryset that runs the stored SQL: its compiler returns it instead of composing it."""
    template, converters = statement.runner
    compiler = copy(template)
    compiler.as_sql = partial(_as_sql, statement, connection, values)
    compiler.get_converters = partial(_returning, converters)
    query = copy(template.query)
    query.get_compiler = partial(_returning, compiler)
    return QuerySet(query.model, query=query, using=DEFAULT_DB_ALIAS)


def _as_sql(statement: Statement, connection, values: dict, *_, **__) -> tuple[str, tuple]:
    return statement.with_values(connection, values)


def _returning(value, *_, **__):
    return value


def _log_reason(build: Callable, unsuitable: Exception) -> None:
    """Logs no message of Django's errors: it may repeat a value."""
    reason = str(unsuitable) if isinstance(unsuitable, NotPreparable) else type(unsuitable).__name__
    log.warning("%s.%s is asked the plain way: %s.", build.__module__, build.__qualname__, reason)
