"""Signed locks in the database: triggers on both engines, made from the lock specifications.

`clinic.locks.specification` says which tables lock and how. A trigger refuses every change of a locked row
with an integrity error, whichever program writes it.
"""

from collections.abc import Callable

from django.db import transaction

from clinic.locks.specification import LockSpecification, lock_specifications

PREFIX = "filiform_lock_"
REFUSAL = "filiform: this record is locked"
# The transition table with the rows that a PostgreSQL statement inserted.
NEW_ROWS = "brought"
PG_TIMES = {
    "insert": f"AFTER INSERT ON {{table}} REFERENCING NEW TABLE AS {NEW_ROWS} FOR EACH STATEMENT",
    "update": "BEFORE UPDATE ON {table} FOR EACH ROW",
    "delete": "BEFORE DELETE ON {table} FOR EACH ROW",
    "truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
}
# Tables are named with their schema, so a function needs to find nothing outside pg_catalog: no operator,
# function or aggregate of somebody else. pg_temp would be searched first if it were not named last.
PG_SEARCH_PATH = "pg_catalog, pg_temp"
# SQL: what a function `f` in the language `l` is besides its name; its owner is compared with the table's.
PG_FUNCTION = (
    "concat_ws(' ', l.lanname, f.prosecdef, f.provolatile, array_to_string(f.proconfig, ';'), f.prosrc)"
)
# SQL: the schema that holds the record, which is the one in which migrations create tables.
PG_SCHEMA = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
# source: pg_trigger.tgtype, FOR EACH ROW 1, BEFORE 2, INSERT 4, DELETE 8, UPDATE 16, TRUNCATE 32
PG_TYPES = {"insert": 4, "update": 1 + 2 + 16, "delete": 1 + 2 + 8, "truncate": 2 + 32}


def drop(connection) -> None:
    """Drop every lock trigger: migrations rebuild tables, which SQLite refuses while a trigger names them."""
    _drop(connection, installed(connection))


def _drop(connection, found: list[tuple[str, str]]) -> None:
    with connection.cursor() as cursor:
        schema = schema_of(cursor, connection.vendor)
        for name, table in found:
            on = f" ON {named(schema, table)}" if schema else ""
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def installed(connection) -> list[tuple[str, str]]:
    """(trigger, table) of the lock triggers in this database, whatever they do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                f"WHERE t.tgname LIKE %s AND c.relnamespace = {PG_SCHEMA}",
                [f"{PREFIX}%"],
            )
        else:
            cursor.execute(
                "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
                [f"{PREFIX}%"],
            )
        return cursor.fetchall()


def install(connection) -> None:
    """Create the triggers that are missing or others, each table's in a transaction. Safe to call twice."""
    lost, expected = set(missing(connection)), set()
    tables = set(connection.introspection.table_names())
    for lock in lock_specifications():
        if lock.table in tables and (not lock.parent or lock.parent in tables):
            expected |= set(names(lock, connection.vendor))
            if not lost.isdisjoint(names(lock, connection.vendor)):
                _install(connection, lock)
    _drop(connection, [found for found in installed(connection) if found[0] not in expected])


def _install(connection, lock: LockSpecification) -> None:
    of_table = [(name, table) for name, table in installed(connection) if table == lock.table]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _drop(connection, of_table)
        for statement in statements(lock, connection.vendor, schema_of(cursor, connection.vendor)):
            cursor.execute(statement)


def schema_of(cursor, vendor: str) -> str:
    """The name of PG_SCHEMA; SQLite has none."""
    if vendor != "postgresql":
        return ""
    cursor.execute("SELECT current_schema()")
    return cursor.fetchone()[0]


def named(schema: str, name: str) -> str:
    return f'"{schema}"."{name}"'


def missing(connection) -> list[str]:
    """Names of expected triggers that are missing, disabled, or have another definition."""
    with connection.cursor() as cursor:
        schema = schema_of(cursor, connection.vendor)
        definitions = _definitions(cursor, connection.vendor)
    return [
        name
        for lock in lock_specifications()
        for name, definition in zip(
            names(lock, connection.vendor), _expected(lock, connection.vendor, schema), strict=True
        )
        if definitions.get(name) != definition
    ]


def names(lock: LockSpecification, vendor: str) -> list[str]:
    return [f"{PREFIX}{lock.table}_{verb}" for verb in _verbs(lock, vendor)]


def _verbs(lock: LockSpecification, vendor: str) -> tuple[str, ...]:
    """The statements to guard: only deletion, where rows may change but never go.

    A new row of PostgreSQL pushes none out, so that only one that enters a locked parent is refused.
    """
    rows = ("insert", "update", "delete") if lock.locks_rows else ("delete",)
    if vendor != "postgresql":
        return rows
    return (*(verb for verb in rows if verb != "insert" or lock.parent), "truncate")


def statements(lock: LockSpecification, vendor: str, schema: str) -> list[str]:
    return _postgresql(lock, schema) if vendor == "postgresql" else _sqlite(lock)


def _sqlite(lock: LockSpecification) -> list[str]:
    """BEFORE triggers. REPLACE fires no delete trigger, so an insert checks for the row it would replace."""
    bodies = {
        "insert": [_replaced(lock, except_self=False), *_parent_conditions(lock, "NEW")],
        "update": [
            _changed(lock),
            _replaced(lock, except_self=True),
            *_parent_conditions(lock, "OLD"),
            *_parent_conditions(lock, "NEW"),
        ],
        "delete": ["TRUE"] if lock.never_deleted else [lock.is_set("OLD"), *_parent_conditions(lock, "OLD")],
    }
    return [
        f'CREATE TRIGGER "{PREFIX}{lock.table}_{verb}" BEFORE {verb.upper()} ON "{lock.table}" FOR EACH ROW '
        f"WHEN {_any(bodies[verb])} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for verb in _verbs(lock, "sqlite")
    ]


def _any(conditions: list[str]) -> str:
    return " OR ".join(f"({condition})" for condition in conditions)


def _changed(lock: LockSpecification) -> str:
    """A locked row was changed in a column that is locked."""
    return f"({lock.is_set('OLD')}) AND ({_any_change(lock, _differs)})"


def _differs(lock: LockSpecification, free: tuple[str, ...]) -> str:
    """SQLite: any column but the `free` ones has another value."""
    return " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in lock.columns if name not in free)


def _any_change(lock: LockSpecification, differs: Callable) -> str:
    """SQL: a locked row changed where it may not. Where no column is free every statement is a change."""
    free, reopening = lock.unlocked_columns, lock.reopening_columns
    if not reopening:
        return differs(lock, free) if free else "TRUE"
    stays_locked = f"({lock.is_set('NEW')}) AND ({differs(lock, free)})"
    return f"({differs(lock, free + reopening)}) OR ({stays_locked})"


def _replaced(lock: LockSpecification, *, except_self: bool) -> str:
    """REPLACE would delete a locked row that shares a unique value with the new one."""
    # SQLite gives a row without a key of its own a rowid, and REPLACE compares that too
    shares = " OR ".join(["r.rowid = NEW.rowid", *(unique.collision for unique in lock.unique)])
    other = f' AND r."{lock.key}" IS NOT OLD."{lock.key}"' if except_self else ""
    or_parent = f" OR {_parent_exists(lock, 'r')}" if lock.parent else ""
    is_locked = f"({lock.is_set('r')}){or_parent}"
    return f'EXISTS (SELECT 1 FROM "{lock.table}" r WHERE ({shares}){other} AND ({is_locked}))'


def _parent_exists(lock: LockSpecification, row: str) -> str:
    return (
        f'EXISTS (SELECT 1 FROM "{lock.parent}" p WHERE p."{lock.parent_key}" = {row}."{lock.parent_column}" '
        f"AND ({lock.parent_is_set}))"
    )


def _parent_conditions(lock: LockSpecification, row: str) -> list[str]:
    return [_parent_exists(lock, row)] if lock.parent else []


def _postgresql(lock: LockSpecification, schema: str) -> list[str]:
    """One function per table, and a trigger that calls it for each kind of statement."""
    name, table = f"{PREFIX}{lock.table}", named(schema, lock.table)
    create = (
        f"CREATE OR REPLACE FUNCTION {named(schema, name)}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = {PG_SEARCH_PATH} AS $lock${_pg_body(lock, schema)}$lock$"
    )
    return [
        create,
        *(
            f'CREATE TRIGGER "{name}_{verb}" {PG_TIMES[verb].format(table=table)} '
            f"EXECUTE FUNCTION {named(schema, name)}()"
            for verb in _verbs(lock, "postgresql")
        ),
    ]


def expected_function(lock: LockSpecification, schema: str) -> str:
    """What PG_FUNCTION reads of an untouched function."""
    return f"plpgsql f v search_path={PG_SEARCH_PATH} {_pg_body(lock, schema)}"


def _pg_body(lock: LockSpecification, schema: str) -> str:
    """The parent is read FOR SHARE: a plain read would miss a signature that is being written."""
    checks = {
        "INSERT": _check_parents(lock, schema),
        "UPDATE": " ".join(
            [
                _held_if(_pg_changed(lock)),
                _check_parent(lock, schema, "OLD"),
                _check_parent(lock, schema, "NEW"),
            ]
        ),
        "DELETE": "held := TRUE;"
        if lock.never_deleted
        else " ".join([_held_if(lock.is_set("OLD")), _check_parent(lock, schema, "OLD")]),
    }
    branches = " ".join(f"IF TG_OP = '{verb}' THEN {body} END IF;" for verb, body in checks.items())
    refuse = f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'"
    return (
        "DECLARE held boolean := FALSE; found_held boolean; BEGIN "
        f"IF TG_OP = 'TRUNCATE' THEN {refuse}; END IF; "
        f"{branches} IF held THEN {refuse}; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END"
    )


def _held_if(condition: str) -> str:
    return f"IF {condition} THEN held := TRUE; END IF;"


def _pg_changed(lock: LockSpecification) -> str:
    return f"({lock.is_set('OLD')}) AND ({_any_change(lock, _pg_differs)})"


def _pg_differs(_lock: LockSpecification, free: tuple[str, ...]) -> str:
    """PostgreSQL: any column but the `free` ones has another value."""
    without = "".join(f" - '{name}'" for name in free)
    return f"(to_jsonb(OLD){without}) IS DISTINCT FROM (to_jsonb(NEW){without})"


def _check_parent(lock: LockSpecification, schema: str, row: str) -> str:
    if not lock.parent:
        return ""
    return (
        f"SELECT ({lock.parent_is_set}) INTO found_held FROM {named(schema, lock.parent)} p "
        f'WHERE p."{lock.parent_key}" = {row}."{lock.parent_column}" FOR SHARE; '
        "IF found_held THEN held := TRUE; END IF;"
    )


def _check_parents(lock: LockSpecification, schema: str) -> str:
    """The parents of all rows that one statement inserted, in one query."""
    if not lock.parent:
        return ""
    return (
        f"SELECT COALESCE(bool_or(p.is_set), FALSE) INTO held FROM (SELECT ({lock.parent_is_set}) AS is_set "
        f"FROM {named(schema, lock.parent)} p "
        f'WHERE p."{lock.parent_key}" IN (SELECT "{lock.parent_column}" FROM {NEW_ROWS}) FOR SHARE) p;'
    )


def _definitions(cursor, vendor: str) -> dict[str, str]:
    """{trigger: its timing and function} of the lock triggers that fire for every row and column."""
    if vendor == "postgresql":
        cursor.execute(
            f"SELECT t.tgname, t.tgtype || ' ' || {PG_FUNCTION} FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc f ON f.oid = t.tgfoid AND f.pronamespace = c.relnamespace "
            "JOIN pg_language l ON l.oid = f.prolang "
            "WHERE t.tgname LIKE %s AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL "
            f"AND t.tgattr::text = '' AND c.relnamespace = {PG_SCHEMA} AND f.proname = %s || c.relname",
            [f"{PREFIX}%", PREFIX],
        )
    else:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"]
        )
    return dict(cursor.fetchall())


def _expected(lock: LockSpecification, vendor: str, schema: str) -> list[str]:
    """The definitions of one table's triggers, in the order of `names`."""
    if vendor == "postgresql":
        return [f"{PG_TYPES[verb]} {expected_function(lock, schema)}" for verb in _verbs(lock, vendor)]
    return _sqlite(lock)
