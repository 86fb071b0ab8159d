"""What keeps a database from being served: a move into it that is not finished, or a move away from it.

The mark is a table of its own, so that it is there before anything else and outlives whatever broke off.
Where the practice moved away no event can be written any more: each act records one, so that nobody, not even
a server that still runs, goes on in a database that was left.
"""

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from clinic.locks.triggers import PG_FUNCTION, PG_SCHEMA, PG_SEARCH_PATH
from clinic.models import AuditEvent

UNFINISHED, MOVED = "filiform_move_unfinished", "filiform_moved"
REASONS = {
    UNFINISHED: (
        "A move into this database was not finished. Begin it again where the practice is, with `python "
        "manage.py move_record`."
    ),
    MOVED: (
        "The practice moved from here to another database. Name that one in DATABASE_URL. If it is to stay "
        "here after all, and nobody has worked there: `python manage.py move_record --stay`."
    ),
}
REFUSAL = "filiform: the practice moved to another database"
CHAIN = AuditEvent._meta.db_table


def mark_of(connection) -> str:
    """UNFINISHED, MOVED or blank."""
    if connection.vendor == "postgresql":
        tables = f"SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = {PG_SCHEMA}"
        condition = f"{tables} AND relname IN (%s, %s)"
    else:
        condition = "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN (%s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(condition, [UNFINISHED, MOVED])
        found = cursor.fetchone()
    return found[0] if found else ""


def reason(connection) -> str:
    """Why this database is not served, as a sentence; blank when it may be."""
    mark = mark_of(connection)
    return REASONS[mark] if mark else ""


def refuse_to_serve() -> None:
    """For servers other than `manage.py serve`, which says it in words of its own."""
    try:
        said = reason(connection)
    except DatabaseError:
        # none answers yet: each page says so, and health with them
        return
    if said:
        raise ImproperlyConfigured(said)


def set_mark(connection, mark: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE "{mark}" (mark INTEGER)')
        if mark == MOVED:
            for statement in _chain_ends(connection.vendor):
                cursor.execute(statement)


def take_mark(connection) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {MOVED}() CASCADE")
        else:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{MOVED}"')
        for mark in (UNFINISHED, MOVED):
            cursor.execute(f'DROP TABLE IF EXISTS "{mark}"')


def is_trigger_whole(cursor, vendor: str) -> bool:
    """Whether the trigger of MOVED does what it is there for, and nothing else under its name."""
    if vendor != "postgresql":
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [MOVED])
        return cursor.fetchone() == (_SQLITE_TRIGGER,)
    cursor.execute(
        f"SELECT t.tgtype || ' ' || {PG_FUNCTION} FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc f ON f.oid = t.tgfoid AND f.pronamespace = c.relnamespace "
        "JOIN pg_language l ON l.oid = f.prolang "
        f"WHERE t.tgname = %s AND c.relname = %s AND c.relnamespace = {PG_SCHEMA} "
        "AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL",
        [MOVED, CHAIN],
    )
    return cursor.fetchone() == (f"{_PG_TYPE} plpgsql f v search_path={PG_SEARCH_PATH} {_PG_BODY}",)


def _chain_ends(vendor: str) -> list[str]:
    """A trigger that takes no further event."""
    return _PG_TRIGGER if vendor == "postgresql" else [_SQLITE_TRIGGER]


_SQLITE_TRIGGER = (
    f'CREATE TRIGGER "{MOVED}" BEFORE INSERT ON "{CHAIN}" BEGIN SELECT RAISE(ABORT, \'{REFUSAL}\'); END'
)
# source: pg_trigger.tgtype, BEFORE 2, INSERT 4
_PG_TYPE = 2 + 4
_PG_BODY = f"BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END"
_PG_TRIGGER = [
    f"CREATE FUNCTION {MOVED}() RETURNS trigger LANGUAGE plpgsql "
    f"SET search_path = {PG_SEARCH_PATH} AS $moved${_PG_BODY}$moved$",
    f'CREATE TRIGGER "{MOVED}" BEFORE INSERT ON "{CHAIN}" FOR EACH STATEMENT EXECUTE FUNCTION {MOVED}()',
]
