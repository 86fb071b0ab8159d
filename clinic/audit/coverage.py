"""Covers what stands in the tables when the record's own code did not write it: after a migration.

A table whose columns are not those that were covered before is covered anew, row by row: a new table, a
column that came, a table that was gone for a while, everything in a database from before rows were covered.
Verify the record before migrating.

An update that was broken off leaves rows that a migration changed and that nobody knows of any more: the next
one covers every table anew. Two events say that an update began and that it was finished.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from clinic.audit import recording, rows
from clinic.django_internals import writes
from clinic.models import AuditEvent

CODE = "record.covered"
BEGAN, FINISHED = "record.updating", "record.updated"
# Rows that one event covers at most.
ROWS_PER_EVENT = 20_000


def begin() -> None:
    """Migrations are about to run: note that, and whether the update before this one was broken off."""
    _update.was_broken_off = _is_under_way()
    with transaction.atomic():
        recording.record(BEGAN, None, by=None)


def cover(existing: set[str]) -> None:
    """Record events over the rows of each table, of those that exist, whose columns are new or others."""
    changed = _changes(existing)
    for table in sorted(existing if _update.was_broken_off else changed.keys() & existing):
        for keys in _keys(table):
            with transaction.atomic():
                writes.note(connection, table, keys)
                recording.record(CODE, None, by=None)
    if changed:
        with transaction.atomic():
            recording.record(CODE, None, by=None, changes=changed)
    if _is_under_way():
        with transaction.atomic():
            recording.record(FINISHED, None, by=None)
    _update.was_broken_off = False


@dataclass
class _Update:
    """What `begin` found, until `cover` has done something about it."""

    was_broken_off: bool = False


_update = _Update()


def _is_under_way() -> bool:
    newest = AuditEvent.objects.filter(code__in=(BEGAN, FINISHED)).order_by("-seq").first()
    return newest is not None and newest.code == BEGAN


def _changes(existing: set[str]) -> dict[str, list[str]]:
    """{table: [its columns as covered so far, as they are]} of those that differ; blank: there is none."""
    known: dict[str, str] = {}
    for changes in AuditEvent.objects.filter(code=CODE).order_by("seq").values_list("changes", flat=True):
        known |= {table: after for table, (_, after) in changes.items()}
    now = dict.fromkeys(known, "") | {table: _digest(rows.covered_columns(table)) for table in existing}
    return {
        table: [known.get(table, ""), digest]
        for table, digest in sorted(now.items())
        if known.get(table, "") != digest
    }


def _digest(columns: tuple[str, ...]) -> str:
    return hashlib.sha256(" ".join(columns).encode()).hexdigest()[:16]


def _keys(table: str) -> Iterator[list]:
    model = rows.covered_models()[table]
    keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
    some = list(keys[:ROWS_PER_EVENT])
    while some:
        yield some
        some = list(keys.filter(pk__gt=some[-1])[:ROWS_PER_EVENT])
