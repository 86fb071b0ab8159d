"""Simulates a full disk for the audit table only: every other statement succeeds."""

from django.db import OperationalError


def fail_audit_insert(execute, sql, params, many, context):
    """A database execute wrapper that refuses inserts into the audit."""
    if sql.startswith('INSERT INTO "clinic_auditevent"'):
        raise OperationalError("the disk is full")
    return execute(sql, params, many, context)
