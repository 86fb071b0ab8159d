"""A row lock and what is read behind it, sent to PostgreSQL in one message.

They stay two statements: PostgreSQL reads a locked row anew after it has waited, and everything else as it
stood when the statement began. The second one begins once the lock is held, and sees what was committed
meanwhile. On SQLite a writing transaction excludes all others from its start.
"""

from django.db import DEFAULT_DB_ALIAS, connections

from clinic.django_internals.kept_plans import KeptStatement
from clinic.django_internals.prepared import PreparedQuery


def read(query: PreparedQuery, *, lock: PreparedQuery, pk: int, **values) -> list:
    """The rows of `query`, read while `lock` holds the row of this key until the transaction ends."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.features.has_select_for_update:
        return query(pk=pk, **values)
    locking = lock.sql(connection, pk=pk) if connection.in_atomic_block else None
    if locking is None:
        # Django refuses a row lock without a transaction
        lock(pk=pk)
        return query(pk=pk, **values)
    with connection.execute_wrapper(_Behind(*locking)):
        return query(pk=pk, **values)


class _Behind:
    """Has a statement sent behind another."""

    def __init__(self, sql: str, params: tuple):
        self.sql, self.params = sql, params

    def __call__(self, execute, sql, params, many, context):
        first = f"{context['cursor'].written(self.sql, self.params)}; "
        if isinstance(sql, KeptStatement):
            return execute(sql.behind(first), params, many, context)
        return execute(first.replace("%", "%%") + sql, params, many, context)
