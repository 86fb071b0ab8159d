"""Which statements count against a page's budget; the only place that says which do not, and why."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

BUDGET = 12
# Beginning and ending a transaction, or a part of one, moves no data.
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
# Who writes into the audit waits for their turn. SQLite's BEGIN IMMEDIATE lets one writer in; PostgreSQL's
# BEGIN lets all in, and an advisory lock of the chain takes its place. It reads no row, writes none and ends
# with the transaction: control, on the engine that has to ask for it. FOR UPDATE reads rows, and counts.
CHAIN_LOCK = "SELECT PG_ADVISORY_XACT_LOCK"
CONTROL = (*TRANSACTION, CHAIN_LOCK)


def is_control(sql: str) -> bool:
    return sql.upper().startswith(CONTROL)


def data_of(captured) -> list[str]:
    return [query["sql"] for query in captured if not is_control(query["sql"])]


@contextmanager
def data_statements() -> Iterator[list[str]]:
    """The list is filled when the block ends."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += data_of(captured.captured_queries)


def as_lines(found: list[str]) -> str:
    """For a test that fails: the statements, each on a line."""
    return "\n".join(sql[:160] for sql in found)
