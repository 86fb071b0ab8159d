"""Whether the locks in the database are still the ones that were put there, not only of the same name."""

import re
from collections.abc import Callable, Iterator

from django.db import connection

from clinic.audit.verification import Fault, RecordCheck
from clinic.locks import specification, triggers

_TRIGGER = re.compile(r'CREATE TRIGGER "([^"]+)"')
_FUNCTION = re.compile(r'CREATE OR REPLACE FUNCTION "([^"]+)".*?\$lock\$(.*)\$lock\$', re.S)


def count() -> int:
    return sum(len(triggers.names(lock, connection.vendor)) for lock in specification.lock_specifications())


def faults(tell: Callable[[int], None]) -> Iterator[Fault]:
    for name in triggers.missing(connection):
        yield Fault(f"lock {name}", "missing", "is missing: somebody took it off")
    for name in _weakened():
        yield Fault(f"lock {name}", "altered", "was altered: it does not hold what it held")
    tell(count())


def _weakened() -> list[str]:
    vendor = connection.vendor
    wanted = [
        line for lock in specification.lock_specifications() for line in triggers.statements(lock, vendor)
    ]
    look = _on_postgresql if vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        return look(cursor, wanted)


def _on_sqlite(cursor, wanted: list[str]) -> list[str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    standing = dict(cursor.fetchall())
    names = {_TRIGGER.match(line)[1]: line for line in wanted}
    return sorted(name for name, line in names.items() if standing.get(name, line) != line)


def _on_postgresql(cursor, wanted: list[str]) -> list[str]:
    """A function with other words; a trigger that is switched off, has a condition or calls another."""
    cursor.execute(
        "SELECT proname, prosrc FROM pg_proc WHERE proname LIKE %s AND pg_function_is_visible(oid)",
        [f"{triggers.PREFIX}%"],
    )
    standing = dict(cursor.fetchall())
    functions = dict(match.groups() for line in wanted if (match := _FUNCTION.match(line)))
    cursor.execute(
        "SELECT t.tgname FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE t.tgname LIKE %s AND pg_table_is_visible(c.oid) "
        "AND (t.tgenabled NOT IN ('O', 'A') OR t.tgqual IS NOT NULL OR p.proname <> %s || c.relname)",
        [f"{triggers.PREFIX}%", triggers.PREFIX],
    )
    off = {name for (name,) in cursor.fetchall()}
    return sorted(off | {name for name, body in functions.items() if standing.get(name, body) != body})


CHECK = RecordCheck("Locks", "triggers", count, faults)
