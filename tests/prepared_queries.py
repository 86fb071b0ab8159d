"""A prepared query beside the same query asked the plain way."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.django_internals.prepared import PreparedQuery


def same_rows_as_plain_query(query: PreparedQuery, **values) -> list:
    """The rows, once they are those of the very statement that Django composes for these values."""
    query(**values)  # the first call compares by itself
    with CaptureQueriesContext(connection) as asked:
        found, plain = query(**values), list(query.build(**values))
    statements = [one["sql"] for one in asked]
    assert statements[: len(statements) // 2] == statements[len(statements) // 2 :]
    assert list(map(_all_values, found)) == list(map(_all_values, plain))
    return found


def statements_of(query: PreparedQuery) -> list:
    """What it keeps, for all connections; None for a shape of values that is asked the plain way."""
    return [statement for kept in query.statements.values() for statement in kept.values()]


def is_prepared(query: PreparedQuery) -> bool:
    """It was called, and never had to be asked the plain way."""
    return bool(statements_of(query)) and None not in statements_of(query)


def _all_values(row) -> tuple[dict, dict]:
    """Every column and annotation of a row, and the same of the rows that came with it."""
    held = {name: value for name, value in vars(row).items() if name != "_state"}
    beside = row._state.fields_cache
    return held, {name: other and _all_values(other) for name, other in beside.items()}
