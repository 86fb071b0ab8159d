"""Simulates a full disk: for the audit table alone, or for every write."""

from django.db import OperationalError


def fail_audit_insert(execute, sql, params, many, context):
    """A database execute wrapper that refuses inserts into the audit."""
    if sql.startswith('INSERT INTO "clinic_auditevent"'):
        raise OperationalError("the disk is full")
    return execute(sql, params, many, context)


def fail_every_write(execute, sql, params, many, context):
    """What a full disk does to a database: it reads, and takes nothing."""
    if sql.split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}:
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)
