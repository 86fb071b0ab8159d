"""Verifies that the signed locks in the database have the SQL that was installed, not only the names."""

import re
from collections.abc import Callable, Iterator

from django.db import connection

from clinic.audit.verification import Fault, RecordCheck
from clinic.locks import specification, triggers

_TRIGGER = re.compile(r'CREATE TRIGGER "([^"]+)"')
_FUNCTION = re.compile(r'CREATE OR REPLACE FUNCTION "([^"]+)".*?\$lock\$(.*)\$lock\$', re.S)


def count() -> int:
    return sum(len(triggers.names(lock, connection.vendor)) for lock in specification.lock_specifications())


def faults(progress: Callable[[int], None]) -> Iterator[Fault]:
    for name in triggers.missing(connection):
        yield Fault(f"lock {name}", "missing", "is missing: somebody took it off")
    for name in _weakened():
        yield Fault(f"lock {name}", "altered", "was altered: it does not hold what it held")
    progress(count())


def _weakened() -> list[str]:
    vendor = connection.vendor
    expected = [
        statement
        for lock in specification.lock_specifications()
        for statement in triggers.statements(lock, vendor)
    ]
    weakened_in = _on_postgresql if vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        return weakened_in(cursor, expected)


def _on_sqlite(cursor, expected: list[str]) -> list[str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    installed = dict(cursor.fetchall())
    names = {_TRIGGER.match(statement)[1]: statement for statement in expected}
    return sorted(name for name, statement in names.items() if installed.get(name, statement) != statement)


def _on_postgresql(cursor, expected: list[str]) -> list[str]:
    """A function with another body; a trigger that is disabled, has a condition or calls another function."""
    cursor.execute(
        "SELECT proname, prosrc FROM pg_proc WHERE proname LIKE %s AND pg_function_is_visible(oid)",
        [f"{triggers.PREFIX}%"],
    )
    installed = dict(cursor.fetchall())
    functions = dict(match.groups() for statement in expected if (match := _FUNCTION.match(statement)))
    cursor.execute(
        "SELECT t.tgname FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE t.tgname LIKE %s AND pg_table_is_visible(c.oid) "
        "AND (t.tgenabled NOT IN ('O', 'A') OR t.tgqual IS NOT NULL OR p.proname <> %s || c.relname)",
        [f"{triggers.PREFIX}%", triggers.PREFIX],
    )
    weakened_triggers = {name for (name,) in cursor.fetchall()}
    return sorted(
        weakened_triggers | {name for name, body in functions.items() if installed.get(name, body) != body}
    )


CHECK = RecordCheck("Locks", "triggers", count, faults)
