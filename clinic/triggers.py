"""The lock's last depth: database triggers on both engines, from what the models say of themselves.

A model locks in up to three ways: it is WrittenOnce; it is LockedOnce by its `lock_fields`; it is
`locked_with` a parent. A trigger refuses with an integrity error, whoever writes and through whatever.
One source, two dialects.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from clinic.models.base import LockedOnce, WrittenOnce

PREFIX = "filiform_lock_"
SAYS = "filiform: this record is locked"


@dataclass(frozen=True)
class Unique:
    """Columns that are unique together, among the rows where `among` are all null."""

    columns: tuple[str, ...]
    among: tuple[str, ...] = ()

    @property
    def shared(self) -> str:
        """SQL: the row called `r` and the new row would collide."""
        same = [f'r."{name}" = NEW."{name}"' for name in self.columns]
        null = [f'{row}."{name}" IS NULL' for name in self.among for row in ("r", "NEW")]
        return "(" + " AND ".join([*same, *null]) + ")"


@dataclass(frozen=True)
class Lock:
    """What one table's triggers enforce. Conditions are over columns; `free` may change even when locked."""

    table: str
    key: str
    columns: tuple[str, ...]
    unique: tuple["Unique", ...]
    always: bool = False
    fields: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    parent: str = ""
    parent_key: str = ""
    parent_column: str = ""
    parent_fields: tuple[str, ...] = ()

    def is_set(self, row: str, fields: tuple[str, ...] = ()) -> str:
        """SQL: the row called `row` is locked by its own columns."""
        if self.always:
            return "TRUE"
        names = fields or self.fields
        return " OR ".join(f'{row}."{name}" IS NOT NULL' for name in names) or "FALSE"

    @property
    def parent_is_set(self) -> str:
        return " OR ".join(f'p."{name}" IS NOT NULL' for name in self.parent_fields)


def locks() -> Iterator[Lock]:
    """One lock for each table that locks, in a stable order."""
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        lock = lock_of(model)
        if lock is not None:
            yield lock


def lock_of(model: type[models.Model]) -> Lock | None:
    always = issubclass(model, WrittenOnce)
    fields = _columns(model, model.lock_fields) if issubclass(model, LockedOnce) else ()
    with_parent = getattr(model, "locked_with", "")
    if not (always or fields or with_parent):
        return None
    return Lock(
        table=model._meta.db_table,
        key=model._meta.pk.column,
        columns=tuple(field.column for field in model._meta.local_concrete_fields),
        unique=_unique_sets(model),
        always=always,
        fields=fields,
        free=_columns(model, getattr(model, "never_locked", ())),
        **(_parent(model, with_parent) if with_parent else {}),
    )


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
        for lock in locks():
            if lock.table in tables and (not lock.parent or lock.parent in tables):
                for statement in statements(lock, connection.vendor):
                    cursor.execute(statement)


def missing(connection) -> list[str]:
    """Names of triggers that should stand and do not."""
    with connection.cursor() as cursor:
        standing = {name for name, _ in _standing(cursor, connection.vendor)}
    return [name for lock in locks() for name in names(lock, connection.vendor) if name not in standing]


def names(lock: Lock, vendor: str) -> list[str]:
    verbs = (
        ("insert", "update", "delete", "truncate")
        if vendor == "postgresql"
        else ("insert", "update", "delete")
    )
    return [f"{PREFIX}{lock.table}_{verb}" for verb in verbs]


def statements(lock: Lock, vendor: str) -> list[str]:
    return _postgresql(lock) if vendor == "postgresql" else _sqlite(lock)


def _sqlite(lock: Lock) -> list[str]:
    """BEFORE triggers. REPLACE fires no delete trigger, so an insert looks for the row it would push out."""
    bodies = {
        "insert": [_pushed_out(lock, but_self=False), *_parent_of(lock, "NEW")],
        "update": [
            _changed(lock),
            _pushed_out(lock, but_self=True),
            *_parent_of(lock, "OLD"),
            *_parent_of(lock, "NEW"),
        ],
        "delete": [lock.is_set("OLD"), *_parent_of(lock, "OLD")],
    }
    return [
        f'CREATE TRIGGER "{PREFIX}{lock.table}_{verb}" BEFORE {verb.upper()} ON "{lock.table}" FOR EACH ROW '
        f"WHEN {_any(conditions)} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        for verb, conditions in bodies.items()
    ]


def _any(conditions: list[str]) -> str:
    return " OR ".join(f"({condition})" for condition in conditions)


def _changed(lock: Lock) -> str:
    """A locked row was changed in a column that is not free."""
    held = [name for name in lock.columns if name not in lock.free]
    changed = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in held) if lock.free else "TRUE"
    return f"({lock.is_set('OLD')}) AND ({changed})"


def _pushed_out(lock: Lock, *, but_self: bool) -> str:
    """REPLACE would delete a locked row that shares a unique value with the new one."""
    shares = " OR ".join(unique.shared for unique in lock.unique)
    other = f' AND r."{lock.key}" IS NOT OLD."{lock.key}"' if but_self else ""
    theirs = f" OR {_parent_exists(lock, 'r')}" if lock.parent else ""
    held = f"({lock.is_set('r')}){theirs}"
    return f'EXISTS (SELECT 1 FROM "{lock.table}" r WHERE ({shares}){other} AND ({held}))'


def _parent_exists(lock: Lock, row: str) -> str:
    return (
        f'EXISTS (SELECT 1 FROM "{lock.parent}" p WHERE p."{lock.parent_key}" = {row}."{lock.parent_column}" '
        f"AND ({lock.parent_is_set}))"
    )


def _parent_of(lock: Lock, row: str) -> list[str]:
    return [_parent_exists(lock, row)] if lock.parent else []


def _postgresql(lock: Lock) -> list[str]:
    """One function per table. The parent is read FOR SHARE: a plain read would miss a signature under way."""
    function = f"{PREFIX}{lock.table}"
    checks = {
        "INSERT": _share(lock, "NEW"),
        "UPDATE": " ".join([_held_if(_pg_changed(lock)), _share(lock, "OLD"), _share(lock, "NEW")]),
        "DELETE": " ".join([_held_if(lock.is_set("OLD")), _share(lock, "OLD")]),
    }
    branches = " ".join(f"IF TG_OP = '{verb}' THEN {body} END IF;" for verb, body in checks.items())
    refuse = f"RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'"
    body = (
        "DECLARE held boolean := FALSE; found_held boolean; BEGIN "
        f"IF TG_OP = 'TRUNCATE' THEN {refuse}; END IF; "
        f"{branches} IF held THEN {refuse}; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END"
    )
    create = (
        f'CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql AS $lock$ {body} $lock$'
    )
    rows = [
        f'CREATE TRIGGER "{function}_{verb}" BEFORE {verb.upper()} ON "{lock.table}" '
        f'FOR EACH ROW EXECUTE FUNCTION "{function}"()'
        for verb in ("insert", "update", "delete")
    ]
    whole = (
        f'CREATE TRIGGER "{function}_truncate" BEFORE TRUNCATE ON "{lock.table}" '
        f'FOR EACH STATEMENT EXECUTE FUNCTION "{function}"()'
    )
    return [create, *rows, whole]


def _held_if(condition: str) -> str:
    return f"IF {condition} THEN held := TRUE; END IF;"


def _pg_changed(lock: Lock) -> str:
    free = "".join(f" - '{name}'" for name in lock.free)
    changed = f"(to_jsonb(OLD){free}) IS DISTINCT FROM (to_jsonb(NEW){free})" if lock.free else "TRUE"
    return f"({lock.is_set('OLD')}) AND ({changed})"


def _share(lock: Lock, row: str) -> str:
    if not lock.parent:
        return ""
    return (
        f'SELECT ({lock.parent_is_set}) INTO found_held FROM "{lock.parent}" p '
        f'WHERE p."{lock.parent_key}" = {row}."{lock.parent_column}" FOR SHARE; '
        "IF found_held THEN held := TRUE; END IF;"
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


def _columns(model: type[models.Model], fields) -> tuple[str, ...]:
    return tuple(model._meta.get_field(name).column for name in fields)


def _unique_sets(model: type[models.Model]) -> tuple[Unique, ...]:
    """Every set of columns that is unique in this table."""
    single = [Unique((field.column,)) for field in model._meta.local_concrete_fields if field.unique]
    several = [
        Unique(_columns(model, constraint.fields), _columns(model, _null_fields(constraint.condition)))
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields
    ]
    return tuple(dict.fromkeys([*single, *several]))


def _null_fields(condition: models.Q | None) -> tuple[str, ...]:
    """The fields of a condition of the form Q(a=None, b=None); nothing else can be compared here."""
    pairs = dict(condition.children) if condition is not None else {}
    if any(value is not None for value in pairs.values()):
        raise TypeError(f"A trigger cannot tell rows apart by {condition}.")
    return tuple(pairs)


def _parent(model: type[models.Model], name: str) -> dict:
    field = model._meta.get_field(name)
    parent = field.remote_field.model
    return {
        "parent": parent._meta.db_table,
        "parent_key": parent._meta.pk.column,
        "parent_column": field.column,
        "parent_fields": _columns(parent, parent.lock_fields),
    }
