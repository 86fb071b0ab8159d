"""How a column's value is written by one engine for the other: in SQL, so that no row passes through a model.

SQLite writes lines of PostgreSQL's COPY. PostgreSQL writes what Django stores in SQLite: instants as text in
UTC, keys of 32 digits, truths as 0 and 1.
"""

import json
from dataclasses import dataclass

from django.db import models

from clinic.models.columns import FileBytes

# Rows read at once, and rows that each hold a piece of a file.
ROWS, PIECES = 5_000, 20  # technical:

KINDS = {
    "AutoField": "number", "BigAutoField": "number", "BigIntegerField": "number",
    "PositiveIntegerField": "number", "PositiveSmallIntegerField": "number", "BooleanField": "truth",
    "CharField": "text", "SlugField": "text", "TextField": "text", "BinaryField": "bytes",
    "DateField": "date", "DateTimeField": "instant", "DecimalField": "decimal",
    "GenericIPAddressField": "address", "JSONField": "json", "UUIDField": "uuid",
}  # fmt: skip
# The characters that mean something to COPY: each with a backslash before it.
_ESCAPED = (
    r"replace(replace(replace(replace({0}, '\', '\\'), char(9), '\t'), char(10), '\n'), char(13), '\r')"
)
# A column without a type hands its value on as it is stored; Django's reader would convert it.
_FOR_COPY = {
    "text": _ESCAPED,
    "json": _ESCAPED,
    "bytes": r"CASE WHEN {0} IS NOT NULL THEN '\\x' || hex({0}) END",
}
_FOR_SQLITE = {
    "truth": "{0}::int",
    "date": "to_char({0}, 'YYYY-MM-DD')",
    # Django writes no fraction where there is none
    "instant": "replace(to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '.000000', '')",
    "decimal": "{0}::text",
    "address": "host({0})",
    "json": "{0}::text",
    "uuid": "replace({0}::text, '-', '')",
}


@dataclass(frozen=True)
class Column:
    name: str
    kind: str

    @property
    def quoted(self) -> str:
        return f'"{self.name}"'

    def for_copy(self) -> str:
        """SQL of SQLite: the value as COPY reads it."""
        return rf"coalesce({_FOR_COPY.get(self.kind, '{0}').format(self.quoted)}, '\N')"

    def for_sqlite(self) -> str:
        """SQL of PostgreSQL: the value as it is stored in SQLite."""
        return _FOR_SQLITE.get(self.kind, "{0}").format(self.quoted)


@dataclass(frozen=True)
class Table:
    name: str
    key: str
    columns: tuple[Column, ...]
    # whether the engine counts its keys
    counts_keys: bool
    # rows read at once: fewer where each holds a piece of a file
    rows_at_once: int

    @property
    def quoted(self) -> str:
        return f'"{self.name}"'

    @property
    def names(self) -> str:
        return ", ".join(column.quoted for column in self.columns)


def table_of(model: type[models.Model]) -> Table:
    meta = model._meta
    columns = tuple(
        Column(field.column, kind_of(field)) for field in meta.local_concrete_fields if not field.generated
    )
    has_files = any(isinstance(field, FileBytes) for field in meta.local_concrete_fields)
    counts_keys = isinstance(meta.pk, models.AutoField)
    return Table(meta.db_table, meta.pk.column, columns, counts_keys, PIECES if has_files else ROWS)


def kind_of(field: models.Field) -> str:
    while field.is_relation:
        field = field.target_field
    return KINDS[field.get_internal_type()]


def django_json(stored: str | None) -> str | None:
    """JSON as Django writes it: PostgreSQL keeps its own order, spaces and characters."""
    return None if stored is None else json.dumps(json.loads(stored))
