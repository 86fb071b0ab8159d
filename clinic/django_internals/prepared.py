"""Prepared queries: Django composes the SQL once, afterwards only the values change.

Composing the SQL of a record with its parts takes longer than running it. What is stored is the SQL as
Django's own compiler composed it; rows are built by Django as always. Before it is stored it is compared with
what Django composes for the values at hand; a query that does not fit is run the plain way.
"""

import logging
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldError, ObjectDoesNotExist, ValidationError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    ValuesIterable,
    ValuesListIterable,
)
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.query import Query
from django.utils import timezone

from clinic.django_internals import statements
from clinic.django_internals.shortcuts import Shortcut, changed_signatures
from clinic.django_internals.statements import NotPreparable, Statement, is_changing, is_shaping, type_of

log = logging.getLogger(__name__)

# How rows come: whole rows, or what `values()` and `values_list()` give.
ITERABLES = (
    ModelIterable, ValuesIterable, ValuesListIterable, NamedValuesListIterable, FlatValuesListIterable,
)  # fmt: skip
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
# own choice: of one query so many shapes are kept, the newest; a search has one for each way of typing
MOST_SHAPES = 48
SHORTCUT = Shortcut("prepared queries", partial(changed_signatures, SIGNATURES))
# What building a query with placeholders in place of its values may raise.
UNSUITABLE = (
    ArithmeticError, AttributeError, FieldError, LookupError, NotPreparable, ObjectDoesNotExist, TypeError,
    ValidationError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Runner:
    """What runs a statement beside its SQL: the queryset and the compiler that it was composed with.

    They belong to no connection: one that they held would stay open after its thread has ended.
    """

    queryset: QuerySet
    compiler: SQLCompiler

    @property
    def locks(self) -> bool:
        return self.queryset.query.select_for_update

    def compiler_for(self, connection) -> SQLCompiler:
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.get_converters = partial(_returning, self._converters(compiler))
        return compiler

    def _converters(self, compiler: SQLCompiler) -> dict:
        """Those of its columns. On SQLite they hold the connection, which therefore keeps them itself."""
        kept = vars(compiler.connection).setdefault("prepared_converters", {})
        if self not in kept:
            kept[self] = compiler.get_converters([column for column, *_ in compiler.select])
        return kept[self]


class PreparedQuery:
    """Rows of the query that `build` returns. Called with the same names, other values each time.

    Numbers, texts, keys, days, instants, and tuples of all but instants may change from call to call. None,
    a boolean or a frozenset shapes the query: each has SQL of its own. `build` takes every changing value,
    the current time included, as an argument, and does not choose between queries by one. With any other
    value, and if it cannot be prepared, the query runs the plain way: `list(build(...))`.

    `one_plan` tells PostgreSQL that one plan serves all values: an index leads to few rows, whatever is
    asked. It is for what was measured so; of other queries plans of the values may be far better.
    """

    def __init__(self, build: Callable[..., QuerySet], *, one_plan: bool = False):
        self.build, self.one_plan = build, one_plan
        # By engine and shape, for every thread of the process. None: the query runs the plain way.
        self.statements: dict[tuple, Statement | None] = {}

    def __call__(self, **values) -> list:
        rows = None if SHORTCUT.is_off else self._rows(values)
        return list(self.build(**values) if rows is None else rows)

    def one(self, **values) -> Any:
        """The first row, or None."""
        return next(iter(self(**values)), None)

    def sql(self, connection, **values) -> tuple[str, tuple] | None:
        """The stored SQL with its parameters, or None where the query runs the plain way."""
        statement = None if SHORTCUT.is_off else self._statement(connection, values)
        return statement and statement.with_values(connection, values)

    def _rows(self, values: dict) -> QuerySet | None:
        """The rows by the stored SQL, or None when the query has to run the plain way."""
        if not all(is_changing(value) or is_shaping(value) for value in values.values()):
            return None
        connection = connections[DEFAULT_DB_ALIAS]
        statement = self._statement(connection, values)
        if statement is None or statement.runner.locks and not connection.in_atomic_block:
            # Django refuses a row lock without a transaction while it composes
            return None
        return _queryset(statement, connection, values)

    def _statement(self, connection, values: dict) -> Statement | None:
        shape = connection.vendor, *_shape(values)
        if shape not in self.statements:
            try:
                self.statements[shape] = _compose(connection, self.build, values, self.one_plan)
            except EmptyResultSet:
                # No row can have these values, but others of the same types may find some.
                return None
            except UNSUITABLE as unsuitable:
                _log_reason(self.build, unsuitable)
                self.statements[shape] = None
            self._forget_the_oldest()
        return self.statements.get(shape)

    def _forget_the_oldest(self) -> None:
        """Another thread may do the same at once."""
        for shape in list(self.statements)[:-MOST_SHAPES]:
            self.statements.pop(shape, None)


def _shape(values: dict) -> tuple:
    """Calls of the same shape share a statement."""
    types = {
        name: type_of(value) if is_changing(value) else (type(value), value) for name, value in values.items()
    }
    # The SQL of date lookups contains the current time zone.
    return timezone.get_current_timezone_name(), *sorted(types.items(), key=_name)


def _name(item: tuple) -> str:
    return item[0]


def _compose(connection, build: Callable[..., QuerySet], values: dict, one_plan: bool) -> Statement:
    """The statement for all values of this shape; verified with those at hand and with contrary ones."""
    placeholders = statements.placeholders(values)
    queryset = build(**{**values, **placeholders})
    try:
        compiler, sql, params = _compile(connection, queryset)
    except EmptyResultSet as empty:
        raise NotPreparable("no row can have its placeholders") from empty
    compiler.connection = None
    runner = Runner(queryset, compiler)
    statement = statements.build_statement(
        connection, sql, params, placeholders, runner=runner, one_plan=one_plan
    )
    for checked_values in (values, {**values, **statements.contraries(values)}):
        _, *plain = _compile(connection, build(**checked_values))
        if not statement.is_what_django_composes(connection, checked_values, *plain):
            raise NotPreparable("it is another query for other values")
    return statement


def _compile(connection, queryset: QuerySet) -> tuple:
    """(compiler, sql, params) of a query that may be stored."""
    query = queryset.query
    if queryset._prefetch_related_lookups or queryset._known_related_objects:
        raise NotPreparable("it prefetches or starts from a row at hand")
    if queryset._iterable_class not in ITERABLES or queryset.db != DEFAULT_DB_ALIAS:
        raise NotPreparable("it does not give rows of the default database")
    compiler = query.get_compiler(connection=connection)
    return (compiler, *compiler.as_sql())


def _queryset(statement: Statement, connection, values: dict) -> QuerySet:
    """A queryset that runs the stored SQL: its compiler returns it instead of composing it."""
    template = statement.runner.queryset
    compiler = statement.runner.compiler_for(connection)
    compiler.as_sql = partial(_as_sql, statement, connection, values)
    query = copy(template.query)
    query.get_compiler = partial(_returning, compiler)
    queryset = QuerySet(query.model, query=query, using=DEFAULT_DB_ALIAS)
    queryset._iterable_class, queryset._fields = template._iterable_class, template._fields
    return queryset


def _as_sql(statement: Statement, connection, values: dict, *_, **__) -> tuple[str, tuple]:
    return statement.with_values(connection, values)


def _returning(value, *_, **__):
    return value


def _log_reason(build: Callable, unsuitable: Exception) -> None:
    """Logs no message of Django's errors: it may repeat a value."""
    reason = str(unsuitable) if isinstance(unsuitable, NotPreparable) else type(unsuitable).__name__
    log.warning("%s.%s is asked the plain way: %s.", build.__module__, build.__qualname__, reason)
