"""Lock specifications: which tables lock and how, read from the models. Both engines' triggers use them.

A model locks in up to three ways: it is WrittenOnce; it is LockedOnce by its `lock_fields`; it is
`locked_with` a parent. The links of a many-to-many field lock with the model that has the field.
Rows of every NeverDeleted model stay, whether they lock or may still change.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from clinic.models.base import LockedOnce, NeverDeleted, WrittenOnce


@dataclass(frozen=True)
class UniqueColumns:
    """Columns that are unique together among the rows whose `null_columns` are all null."""

    columns: tuple[str, ...]
    null_columns: tuple[str, ...] = ()

    @property
    def collision(self) -> str:
        """SQL: the row called `r` and the new row would collide."""
        same = [f'r."{name}" = NEW."{name}"' for name in self.columns]
        null = [f'{row}."{name}" IS NULL' for name in self.null_columns for row in ("r", "NEW")]
        return "(" + " AND ".join([*same, *null]) + ")"


@dataclass(frozen=True)
class LockSpecification:
    """What one table's triggers enforce. `unlocked_columns` may change even in a locked row.

    `reopening_columns` may change with the statement that takes the lock off again, and only with it.
    """

    table: str
    key: str
    columns: tuple[str, ...]
    unique: tuple[UniqueColumns, ...]
    never_deleted: bool = False
    written_once: bool = False
    lock_columns: tuple[str, ...] = ()
    unlocked_columns: tuple[str, ...] = ()
    reopening_columns: tuple[str, ...] = ()
    parent: str = ""
    parent_key: str = ""
    parent_column: str = ""
    parent_fields: tuple[str, ...] = ()

    @property
    def locks_rows(self) -> bool:
        """Whether its rows can be locked; otherwise only deleting is refused."""
        return self.written_once or bool(self.lock_columns or self.parent)

    def is_set(self, row: str, columns: tuple[str, ...] = ()) -> str:
        """SQL: the row called `row` is locked by its own columns."""
        if self.written_once:
            return "TRUE"
        names = columns or self.lock_columns
        return " OR ".join(f'{row}."{name}" IS NOT NULL' for name in names) or "FALSE"

    @property
    def parent_is_set(self) -> str:
        return " OR ".join(f'p."{name}" IS NOT NULL' for name in self.parent_fields)


def lock_specifications() -> Iterator[LockSpecification]:
    """One specification for each table that locks or is never deleted from, in a stable order."""
    models_ = apps.get_models(include_auto_created=True)
    for model in sorted(models_, key=lambda model: model._meta.db_table):
        lock = lock_specification_of(model)
        if lock is not None:
            yield lock


def lock_specification_of(model: type[models.Model]) -> LockSpecification | None:
    written_once = issubclass(model, WrittenOnce)
    lock_columns = _columns(model, model.lock_fields) if issubclass(model, LockedOnce) else ()
    with_parent = getattr(model, "locked_with", "") or _linked_from(model)
    never_deleted = issubclass(model, NeverDeleted)
    if not (never_deleted or lock_columns or with_parent):
        return None
    return LockSpecification(
        table=model._meta.db_table,
        key=model._meta.pk.column,
        columns=tuple(field.column for field in model._meta.local_concrete_fields),
        unique=_unique_sets(model),
        never_deleted=never_deleted,
        written_once=written_once,
        lock_columns=lock_columns,
        unlocked_columns=_columns(model, getattr(model, "never_locked", ())),
        reopening_columns=_columns(model, getattr(model, "cleared_when_reopened", ())),
        **(_parent(model, with_parent) if with_parent else {}),
    )


def _columns(model: type[models.Model], names) -> tuple[str, ...]:
    return tuple(model._meta.get_field(name).column for name in names)


def _unique_sets(model: type[models.Model]) -> tuple[UniqueColumns, ...]:
    """Every set of columns that is unique in this table."""
    single = [UniqueColumns((field.column,)) for field in model._meta.local_concrete_fields if field.unique]
    several = [
        UniqueColumns(_columns(model, constraint.fields), _columns(model, _null_fields(constraint.condition)))
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields
    ]
    return tuple(dict.fromkeys([*single, *several]))


def _null_fields(condition: models.Q | None) -> tuple[str, ...]:
    """The fields of a condition of the form Q(a=None, b=None); the triggers can compare nothing else."""
    pairs = dict(condition.children) if condition is not None else {}
    if any(value is not None for value in pairs.values()):
        raise TypeError(f"A trigger cannot tell rows apart by {condition}.")
    return tuple(pairs)


def _linked_from(model: type[models.Model]) -> str:
    """The field of a many-to-many table that points to the model with which its rows lock."""
    owner = model._meta.auto_created
    if not owner or not issubclass(owner, LockedOnce | WrittenOnce):
        return ""
    if issubclass(owner, WrittenOnce):
        raise TypeError(f"{owner.__name__} is written once, and its links could be added to later.")
    return next(
        field.name for field in model._meta.fields if field.remote_field and field.related_model is owner
    )


def _parent(model: type[models.Model], name: str) -> dict:
    field = model._meta.get_field(name)
    parent = field.remote_field.model
    return {
        "parent": parent._meta.db_table,
        "parent_key": parent._meta.pk.column,
        "parent_column": field.column,
        "parent_fields": _columns(parent, parent.lock_fields),
    }
