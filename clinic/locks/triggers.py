"""The lock's last depth: database triggers on both engines, from what the models say of themselves.

`clinic.locks.specification` says which tables lock and how.
A trigger refuses with an integrity error, whoever writes and
through whatever. One source, two dialects.
"""

from clinic.locks.specification import LockSpecification, lock_specifications

PREFIX = "filiform_lock_"
REFUSAL = "filiform: this record is locked"
# What a statement of PostgreSQL has put in, as its trigger sees it.
NEW_ROWS = "brought"
PG_TIMES = {
    "insert": f'AFTER INSERT ON "{{table}}" REFERENCING NEW TABLE AS {NEW_ROWS} FOR EACH STATEMENT',
    "update": 'BEFORE UPDATE ON "{table}" FOR EACH ROW',
    "delete": 'BEFORE DELETE ON "{table}" FOR EACH ROW',
    "truncate": 'BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT',
}
# source: pg_trigger.tgtype, FOR EACH ROW 1, BEFORE 2, INSERT 4, DELETE 8, UPDATE 16, TRUNCATE 32
PG_TYPES = {"insert": 4, "update": 1 + 2 + 16, "delete": 1 + 2 + 8, "truncate": 2 + 32}


def drop(connection) -> None:
    """Take every trigger of ours off: migrations rebuild tables, and SQLite names them in triggers."""
    with connection.cursor() as cursor:
        for name, table in _standing(cursor, connection.vendor):
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def install(connection) -> None:
    """Put the triggers on every table that stands. Safe to call twice."""
    drop(connection)
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for lock in lock_specifications():
            if lock.table in tables and (not lock.parent or lock.parent in tables):
                for statement in statements(lock, connection.vendor):
                    cursor.execute(statement)


def missing(connection) -> list[str]:
    """Names of triggers that should stand and do not: gone, switched off, or with other words."""
    with connection.cursor() as cursor:
        standing = _words(cursor, connection.vendor)
    return [
        name
        for lock in lock_specifications()
        for name, words in zip(names(lock, connection.vendor), _wanted(lock, connection.vendor), strict=True)
        if standing.get(name) != words
    ]


def names(lock: LockSpecification, vendor: str) -> list[str]:
    return [f"{PREFIX}{lock.table}_{verb}" for verb in _verbs(lock, vendor)]


def _verbs(lock: LockSpecification, vendor: str) -> tuple[str, ...]:
    """What is refused: only removing, where rows may change and stay.

    A new row of PostgreSQL pushes none out, so that only one that enters a locked parent is refused.
    """
    rows = ("insert", "update", "delete") if lock.holds else ("delete",)
    if vendor != "postgresql":
        return rows
    return (*(verb for verb in rows if verb != "insert" or lock.parent), "truncate")


def statements(lock: LockSpecification, vendor: str) -> list[str]:
    return _postgresql(lock) if vendor == "postgresql" else _sqlite(lock)


def _sqlite(lock: LockSpecification) -> list[str]:
    """BEFORE triggers. REPLACE fires no delete trigger, so an insert looks for the row it would push out."""
    bodies = {
        "insert": [_pushed_out(lock, but_self=False), *_parent_of(lock, "NEW")],
        "update": [
            _changed(lock),
            _pushed_out(lock, but_self=True),
            *_parent_of(lock, "OLD"),
            *_parent_of(lock, "NEW"),
        ],
        "delete": ["TRUE"] if lock.kept else [lock.is_set("OLD"), *_parent_of(lock, "OLD")],
    }
    return [
        f'CREATE TRIGGER "{PREFIX}{lock.table}_{verb}" BEFORE {verb.upper()} ON "{lock.table}" FOR EACH ROW '
        f"WHEN {_any(bodies[verb])} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for verb in _verbs(lock, "sqlite")
    ]


def _any(conditions: list[str]) -> str:
    return " OR ".join(f"({condition})" for condition in conditions)


def _changed(lock: LockSpecification) -> str:
    """A locked row was changed in a column that is not free."""
    held = [name for name in lock.columns if name not in lock.free]
    changed = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in held) if lock.free else "TRUE"
    return f"({lock.is_set('OLD')}) AND ({changed})"


def _pushed_out(lock: LockSpecification, *, but_self: bool) -> str:
    """REPLACE would delete a locked row that shares a unique value with the new one."""
    # a row without a number of its own has one from SQLite, which REPLACE heeds as well
    shares = " OR ".join(["r.rowid = NEW.rowid", *(unique.shared for unique in lock.unique)])
    other = f' AND r."{lock.key}" IS NOT OLD."{lock.key}"' if but_self else ""
    theirs = f" OR {_parent_exists(lock, 'r')}" if lock.parent else ""
    held = f"({lock.is_set('r')}){theirs}"
    return f'EXISTS (SELECT 1 FROM "{lock.table}" r WHERE ({shares}){other} AND ({held}))'


def _parent_exists(lock: LockSpecification, row: str) -> str:
    return (
        f'EXISTS (SELECT 1 FROM "{lock.parent}" p WHERE p."{lock.parent_key}" = {row}."{lock.parent_column}" '
        f"AND ({lock.parent_is_set}))"
    )


def _parent_of(lock: LockSpecification, row: str) -> list[str]:
    return [_parent_exists(lock, row)] if lock.parent else []


def _postgresql(lock: LockSpecification) -> list[str]:
    """One function per table, and a trigger of it for each way in."""
    function = f"{PREFIX}{lock.table}"
    create = (
        f'CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql '
        f"AS $lock${_pg_body(lock)}$lock$"
    )
    return [
        create,
        *(
            f'CREATE TRIGGER "{function}_{verb}" {PG_TIMES[verb].format(table=lock.table)} '
            f'EXECUTE FUNCTION "{function}"()'
            for verb in _verbs(lock, "postgresql")
        ),
    ]


def _pg_body(lock: LockSpecification) -> str:
    """The parent is read FOR SHARE: a plain read would miss a signature under way."""
    checks = {
        "INSERT": _share_all(lock),
        "UPDATE": " ".join([_held_if(_pg_changed(lock)), _share(lock, "OLD"), _share(lock, "NEW")]),
        "DELETE": "held := TRUE;"
        if lock.kept
        else " ".join([_held_if(lock.is_set("OLD")), _share(lock, "OLD")]),
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
    free = "".join(f" - '{name}'" for name in lock.free)
    changed = f"(to_jsonb(OLD){free}) IS DISTINCT FROM (to_jsonb(NEW){free})" if lock.free else "TRUE"
    return f"({lock.is_set('OLD')}) AND ({changed})"


def _share(lock: LockSpecification, row: str) -> str:
    if not lock.parent:
        return ""
    return (
        f'SELECT ({lock.parent_is_set}) INTO found_held FROM "{lock.parent}" p '
        f'WHERE p."{lock.parent_key}" = {row}."{lock.parent_column}" FOR SHARE; '
        "IF found_held THEN held := TRUE; END IF;"
    )


def _share_all(lock: LockSpecification) -> str:
    """The parents of all rows that one statement brought, each asked once."""
    if not lock.parent:
        return ""
    return (
        f"SELECT COALESCE(bool_or(p.is_set), FALSE) INTO held FROM (SELECT ({lock.parent_is_set}) AS is_set "
        f'FROM "{lock.parent}" p '
        f'WHERE p."{lock.parent_key}" IN (SELECT "{lock.parent_column}" FROM {NEW_ROWS}) FOR SHARE) p;'
    )


def _standing(cursor, vendor: str) -> list[tuple[str, str]]:
    """(trigger, table) of ours in this database."""
    if vendor == "postgresql":
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname LIKE %s AND pg_table_is_visible(c.oid)",
            [f"{PREFIX}%"],
        )
    else:
        cursor.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"]
        )
    return cursor.fetchall()


def _words(cursor, vendor: str) -> dict[str, str]:
    """{trigger: when it fires and what it says} of those in this database that are switched on."""
    if vendor == "postgresql":
        cursor.execute(
            "SELECT t.tgname, t.tgtype || f.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc f ON f.oid = t.tgfoid "
            "WHERE t.tgname LIKE %s AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)",
            [f"{PREFIX}%"],
        )
    else:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"]
        )
    return dict(cursor.fetchall())


def _wanted(lock: LockSpecification, vendor: str) -> list[str]:
    """What the triggers of one table say, in the order of their names."""
    if vendor == "postgresql":
        return [f"{PG_TYPES[verb]}{_pg_body(lock)}" for verb in _verbs(lock, vendor)]
    return _sqlite(lock)
