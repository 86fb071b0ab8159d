"""A question whose SQL is kept beside the same question asked anew."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.django_internals.prepared import Prepared


def same(kept: Prepared, **values) -> list:
    """The rows, once they are those of the very statement that Django writes for these values."""
    kept(**values)  # the first asking compares by itself
    with CaptureQueriesContext(connection) as asked:
        found, usual = kept(**values), list(kept.ask(**values))
    statements = [query["sql"] for query in asked]
    assert statements[: len(statements) // 2] == statements[len(statements) // 2 :]
    assert list(map(_whole, found)) == list(map(_whole, usual))
    return found


def _whole(row) -> tuple[dict, dict]:
    """Every column and annotation of a row, and the same of the rows that came with it."""
    held = {name: value for name, value in vars(row).items() if name != "_state"}
    beside = row._state.fields_cache
    return held, {name: other and _whole(other) for name, other in beside.items()}
