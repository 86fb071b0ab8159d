"""Which statements count against the query budget of a page, and why others do not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

BUDGET = 12
# Starting and ending transactions and savepoints moves no data.
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
# Writers of the audit take turns. SQLite's BEGIN IMMEDIATE admits one writer; PostgreSQL's BEGIN
# admits all, so the chain takes an advisory lock. It reads and writes no row and ends with the
# transaction, so it is transaction control. FOR UPDATE reads rows, and counts; so does a statement
# that is sent together with the lock.
CHAIN_LOCK = re.compile(r"SELECT pg_advisory_xact_lock\(\d+\)(; )?")


def is_control(sql: str) -> bool:
    beside_lock = CHAIN_LOCK.sub("", sql, count=1)
    return not beside_lock or beside_lock.upper().startswith(TRANSACTION)


def data_of(captured) -> list[str]:
    return [query["sql"] for query in captured if not is_control(query["sql"])]


@contextmanager
def data_statements() -> Iterator[list[str]]:
    """The list is filled when the block ends."""
    found: list[str] = []
    # the log holds 9,000 statements, and a walk over all pages makes more
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += data_of(captured.captured_queries)


def as_lines(found: list[str]) -> str:
    """For a test that fails: the statements, each on a line."""
    return "\n".join(sql[:160] for sql in found)
