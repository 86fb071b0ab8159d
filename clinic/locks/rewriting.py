"""Data migrations that change locked records: they need a reason and leave an audit event."""

from collections.abc import Callable

from django.db import transaction
from django.db.migrations import RunPython

from clinic import audit

Change = Callable[..., dict[str, int]]


def change_locked_rows(reason: str, change: Change, back: Change | None = None) -> RunPython:
    """A migration's step. `change(apps, schema_editor)` returns {table: rows changed}; none leave no event.

    `back` undoes it where rows have to change again for that, and leaves an event likewise.
    Migrating takes the triggers off and puts them back; the step's rows and its event stand or fall together.
    """
    if not reason.strip():
        raise ValueError("Say why records that are locked are changed.")

    return RunPython(_recorded(reason, change), _recorded(reason, back) if back else RunPython.noop)


def _recorded(reason: str, change: Change) -> Callable[..., None]:
    def run(apps, schema_editor):
        alias = schema_editor.connection.alias
        with transaction.atomic(using=alias):
            changed = {table: rows for table, rows in change(apps, schema_editor).items() if rows}
            if changed:
                rows_by_table = {table: [None, rows] for table, rows in changed.items()}
                audit.record("record.migrated", None, by=None, changes=rows_by_table, reason=reason)

    return run
