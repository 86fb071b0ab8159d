"""Data migrations that change locked records: they need a reason and leave an audit event."""

from collections.abc import Callable

from django.db import transaction
from django.db.migrations import RunPython

from clinic import audit


def change_locked_rows(reason: str, change: Callable[..., dict[str, int]]) -> RunPython:
    """A migration's step. `change(apps, schema_editor)` returns {table: rows changed}; none leave no event.

    Migrating takes the triggers off and puts them back; the step's rows and its event stand or fall together.
    """
    if not reason.strip():
        raise ValueError("Say why records that are locked are changed.")

    def forwards(apps, schema_editor):
        alias = schema_editor.connection.alias
        with transaction.atomic(using=alias):
            changed = {table: rows for table, rows in change(apps, schema_editor).items() if rows}
            if changed:
                rows_by_table = {table: [None, rows] for table, rows in changed.items()}
                audit.record("record.migrated", None, by=None, changes=rows_by_table, reason=reason)

    return RunPython(forwards, RunPython.noop)
