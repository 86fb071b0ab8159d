"""A database that takes no event into the audit, as when its disk is full: everything else goes on."""

from django.db import OperationalError


def fail_audit_insert(execute, sql, params, many, context):
    """An execute wrapper."""
    if sql.startswith('INSERT INTO "clinic_auditevent"'):
        raise OperationalError("the disk is full")
    return execute(sql, params, many, context)
