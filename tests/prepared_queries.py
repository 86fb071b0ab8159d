"""Compares a prepared query with the same query executed by Django without preparation."""

from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from clinic.django_internals.prepared import PreparedQuery


def same_rows_as_plain_query(query: PreparedQuery, **values) -> list:
    """The rows, after checking that SQL and rows equal those of the unprepared query."""
    query(**values)  # the first call compares by itself
    with CaptureQueriesContext(connection) as captured:
        found, plain = query(**values), list(query.build(**values))
    statements = [one["sql"] for one in captured]
    assert statements[: len(statements) // 2] == statements[len(statements) // 2 :]
    assert list(map(_all_values, found)) == list(map(_all_values, plain))
    return found


def statements_of(query: PreparedQuery) -> list:
    """The cached statements; None for argument shapes that are not prepared."""
    return list(query.statements.values())


def is_prepared(query: PreparedQuery) -> bool:
    """Whether it was called and never fell back to the unprepared query."""
    return bool(statements_of(query)) and None not in statements_of(query)


def _all_values(row) -> tuple[dict, dict] | tuple[type, object]:
    """Every column and annotation of a row and of its cached related rows."""
    if not isinstance(row, Model):
        return type(row), row
    values = {name: value for name, value in vars(row).items() if name != "_state"}
    related_rows = row._state.fields_cache
    return values, {name: other and _all_values(other) for name, other in related_rows.items()}
