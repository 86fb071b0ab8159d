"""Verifies what surrounds the signed locks: nothing foreign on the tables, nothing missing, nothing in front.

A lock with its own words holds nothing where a rule rewrites the statement before it, another trigger changes
the row after it, a setting switches it off, or its table is no table any more.
"""

from collections.abc import Callable, Iterable, Iterator

from django.apps import apps
from django.db import connection, models

from clinic.audit.verification import Fault, RecordCheck
from clinic.locks import moves, postgresql_catalogue, specification, triggers, uniqueness


def record_models() -> dict[str, type[models.Model]]:
    """Every model with a table of its own, by that table: the record, accounts and libraries."""
    every = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in every if model._meta.managed and not model._meta.proxy}


def count() -> int:
    return len(record_models())


def faults(progress: Callable[[int], None]) -> Iterator[Fault]:
    models_ = record_models()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            yield from postgresql_catalogue.faults(cursor)
        yield from _foreign_triggers(cursor)
        there, replaced = _tables(cursor)
        yield from _lost_tables(models_, there, replaced)
        standing = there - replaced.keys()
        yield from uniqueness.faults(cursor, [model for name, model in models_.items() if name in standing])
    progress(len(models_))


def _lost_tables(wanted: Iterable[str], there: set[str], replaced: dict[str, str]) -> Iterator[Fault]:
    for name in wanted:
        if name in replaced:
            yield Fault(f"table {name}", "replaced", f"is {replaced[name]}")
        elif name not in there:
            yield Fault(f"table {name}", "missing", "is gone: somebody dropped it, or gave it another name")


def _tables(cursor) -> tuple[set[str], dict[str, str]]:
    """The names that can be read as tables; those of them that are no plain tables, with what they are."""
    if connection.vendor == "postgresql":
        return postgresql_catalogue.tables(cursor)
    cursor.execute("SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')")
    rows = cursor.fetchall()
    replaced = {
        name: f"no table any more: a {'view' if kind == 'view' else 'module'} stands in its place"
        for name, kind, sql in rows
        if kind == "view" or sql.upper().startswith("CREATE VIRTUAL")
    }
    return {name for name, _, _ in rows}, replaced


def _foreign_triggers(cursor) -> Iterator[Fault]:
    vendor = connection.vendor
    ours = {
        (name, lock.table)
        for lock in specification.lock_specifications()
        for name in triggers.names(lock, vendor)
    }
    if moves.is_trigger_whole(cursor, vendor):
        ours.add((moves.MOVED, moves.CHAIN))
    for name, table in _every_trigger(cursor, vendor):
        if (name, table) not in ours:
            yield Fault(f"trigger {name} on {table}", "foreign", "is not Filiform's: somebody put it there")


def _every_trigger(cursor, vendor: str) -> list[tuple[str, str]]:
    if vendor == "postgresql":
        return postgresql_catalogue.every_trigger(cursor)
    cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    return cursor.fetchall()


CHECK = RecordCheck("What surrounds the locks", "tables", count, faults)
