"""Verifies that the signed locks in the database have the SQL that was installed, not only the names."""

import re
from collections.abc import Callable, Iterator

from django.db import connection

from clinic.audit.verification import Fault, RecordCheck
from clinic.locks import specification, triggers

_TRIGGER = re.compile(r'CREATE TRIGGER "([^"]+)"')


def count() -> int:
    return sum(len(triggers.names(lock, connection.vendor)) for lock in specification.lock_specifications())


def faults(progress: Callable[[int], None]) -> Iterator[Fault]:
    for name in triggers.missing(connection):
        yield Fault(f"lock {name}", "missing", "is missing: somebody took it off")
    for name in _weakened():
        yield Fault(f"lock {name}", "altered", "was altered: it does not hold what it held")
    progress(count())


def _weakened() -> list[str]:
    weakened_in = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        return sorted(weakened_in(cursor, list(specification.lock_specifications())))


def _on_sqlite(cursor, locks: list[specification.LockSpecification]) -> set[str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    installed = dict(cursor.fetchall())
    expected = {
        _TRIGGER.match(statement)[1]: statement
        for lock in locks
        for statement in triggers.statements(lock, "sqlite", "")
    }
    return {name for name, statement in expected.items() if installed.get(name, statement) != statement}


def _on_postgresql(cursor, locks: list[specification.LockSpecification]) -> set[str]:
    """Functions that do or run as something else; triggers that fire for less, or call another function."""
    cursor.execute(
        f"SELECT f.proname, {triggers.PG_FUNCTION} FROM pg_proc f JOIN pg_language l ON l.oid = f.prolang "
        f"WHERE f.proname LIKE %s AND f.pronamespace = {triggers.PG_SCHEMA}",
        [f"{triggers.PREFIX}%"],
    )
    installed, schema = dict(cursor.fetchall()), triggers.schema_of(cursor, "postgresql")
    expected = {f"{triggers.PREFIX}{lock.table}": triggers.expected_function(lock, schema) for lock in locks}
    cursor.execute(
        "SELECT t.tgname FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
        f"WHERE t.tgname LIKE %s AND c.relnamespace = {triggers.PG_SCHEMA} "
        "AND (t.tgenabled NOT IN ('O', 'A') OR t.tgqual IS NOT NULL OR t.tgattr::text <> '' "
        "OR p.proname <> %s || c.relname OR p.pronamespace <> c.relnamespace)",
        [f"{triggers.PREFIX}%", triggers.PREFIX],
    )
    weakened_triggers = {name for (name,) in cursor.fetchall()}
    return weakened_triggers | {name for name, said in expected.items() if installed.get(name, said) != said}


CHECK = RecordCheck("Locks", "triggers", count, faults)
