"""Makes the rows of one table, given as model instances or as columns only, ready for many at once."""

import json
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from functools import cache, lru_cache, partial
from io import BytesIO
from operator import itemgetter

from django.db import connection, models

from clinic.audit.packing import RowEntry
from clinic.audit.rows import covered_columns, row_mac
from clinic.django_internals import instances

CACHED_VALUES = 4096
# Bytes that PostgreSQL's driver sends at once.
SENT_AT_ONCE = 1 << 17
# Characters that no text has. COPY reads NULL as no value; BYTES stands before hexadecimal digits.
NULL, BYTES = "\x01", "\x02"
EMPTY_JSON = {dict: "{}", list: "[]"}
# Values of these fields reach a database driver as they are; all others are prepared by their field.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)
# Rows as the driver of this engine takes them: COPY's text on PostgreSQL, tuples on SQLite.
ReadyRows = bytes | list[list]


class BulkTable:
    """How the rows of one model become what its engine takes many of at once."""

    def __init__(self, model: type[models.Model]):
        self.model = model
        self.table = model._meta.db_table
        self.quoted = connection.ops.quote_name(self.table)
        self.fields = model._meta.concrete_fields
        self.values_of = itemgetter(*(field.attname for field in self.fields))
        self.preparers = [
            (place, _preparer(field))
            for place, field in enumerate(self.fields)
            if not isinstance(field, PLAIN) or field.get_internal_type() == "BinaryField"
        ]
        # name of a relation: its own column, and the column of the other table that it refers to
        self.relations = {
            field.name: (field.attname, field.target_field.attname)
            for field in self.fields
            if field.is_relation
        }
        blank = vars(model())
        self.defaults = {field.attname: blank[field.attname] for field in self.fields}

    def instance(self, **fields) -> models.Model:
        """A model instance without `Model.__init__`, which would take a fifth of the build's time."""
        columns, related = self.defaults.copy(), {}
        for name, value in fields.items():
            if name in self.relations:
                related[name] = value
                name, target = self.relations[name]
                value = None if value is None else vars(value)[target]
            columns[name] = value
        if len(columns) > len(self.defaults):
            raise TypeError(f"{self.model.__name__} has no such fields: {set(fields)}")
        return instances.unsaved_instance(self.model, columns, related)

    def columns_of(self, row: models.Model | dict) -> dict:
        columns = {**self.defaults, **row} if isinstance(row, dict) else vars(row)
        if isinstance(row, dict) and len(columns) > len(self.defaults):
            raise TypeError(f"{self.model.__name__} has no such columns: {set(row)}")
        return columns

    def tuple_of(self, row: models.Model | dict) -> list:
        values = list(self.values_of(self.columns_of(row)))
        for place, prepare in self.preparers:
            if values[place] is not None:
                values[place] = prepare(values[place])
        return values

    def ready(self, rows: Iterable[models.Model | dict]) -> ReadyRows:
        """Needs no connection: any process may do it."""
        if connection.vendor == "postgresql":
            return "".join([_copy_line(self.tuple_of(row)) for row in rows]).encode()
        return [[_bare(value) for value in self.tuple_of(row)] for row in rows]

    def entries(self, rows: Iterable[models.Model | dict], key: str) -> Iterator[RowEntry]:
        """What the audit keeps of each row: its key and the MAC of its state, under `key`."""
        names = (self.model._meta.pk.attname, *covered_columns(self.table))
        values_of = itemgetter(*names)
        for row in rows:
            values = values_of(self.columns_of(row))
            yield RowEntry(self.table, str(values[0]), row_mac(self.table, values, key))

    def insert(self, ready: ReadyRows) -> None:
        """Triggers, constraints and foreign keys check each row as usual; the caller answers for them."""
        names = ", ".join(connection.ops.quote_name(field.column) for field in self.fields)
        with connection.cursor() as cursor:
            if isinstance(ready, bytes):
                copy = f"COPY {self.quoted} ({names}) FROM STDIN WITH (NULL '{NULL}')"
                cursor.cursor.copy_expert(copy, BytesIO(ready), SENT_AT_ONCE)
            else:
                places = ", ".join(["%s"] * len(self.fields))
                cursor.executemany(f"INSERT INTO {self.quoted} ({names}) VALUES ({places})", ready)

    def stamp(self, pair: str, stamps: list[tuple]) -> None:
        """Set `pair`_at and `pair`_by of rows that stand; `stamps` are (at, by, key)."""
        at, by, key = (
            connection.ops.quote_name(self.model._meta.get_field(name).column)
            for name in (f"{pair}_at", f"{pair}_by", "id")
        )
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"UPDATE {self.quoted} t SET {at} = s.at, {by} = s.by FROM "
                    "unnest(%s::timestamptz[], %s::bigint[], %s::bigint[]) s (at, by, key) "
                    f"WHERE t.{key} = s.key",
                    [list(column) for column in zip(*stamps, strict=True)] or [[], [], []],
                )
            else:
                cursor.executemany(
                    f"UPDATE {self.quoted} SET {at} = %s, {by} = %s WHERE {key} = %s",
                    [(connection.ops.adapt_datetimefield_value(when), *rest) for when, *rest in stamps],
                )


def _copy_line(row: list) -> str:
    values = [NULL if value is None else value if value.__class__ is str else str(value) for value in row]
    line = "\t".join(values)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(values):
        line = "\t".join([_escaped(value) for value in values])
    return line.replace(BYTES, r"\\x") + "\n"


def _escaped(value: str) -> str:
    """One after the other: many times as fast as `translate` where there is little to escape."""
    return value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def _bare(value):
    """A choice as its value: another process would have to look up its class."""
    return value.value if isinstance(value, Enum) else value


def _preparer(field: models.Field) -> Callable:
    """What a field does to a value for the driver. Cached: rows of one patient share dates and times."""
    prepare = partial(field.get_db_prep_save, connection=connection)
    if isinstance(field, models.DateTimeField):
        return lru_cache(CACHED_VALUES)(lambda at: str(connection.ops.adapt_datetimefield_value(at)))
    if isinstance(field, models.DateField | models.DecimalField):
        return lru_cache(CACHED_VALUES)(prepare)
    if field.get_internal_type() == "BinaryField":
        # COPY reads bytes as hexadecimal
        write = _hexadecimal if connection.vendor == "postgresql" else bytes
        return lambda value: write(field.get_prep_value(value))
    if isinstance(field, models.JSONField):
        return _json_preparer((field.encoder or json.JSONEncoder)().encode)
    return prepare


def _hexadecimal(value: bytes) -> str:
    return BYTES + bytes(value).hex()


def _json_preparer(encode: Callable) -> Callable:
    """Remembers the last value: most rows hold nothing, or the very list that the row before holds."""
    last, encoded = None, ""

    def prepare(value):
        nonlocal last, encoded
        if not value:
            return EMPTY_JSON[type(value)]
        if value is not last:
            last, encoded = value, encode(value)
        return encoded

    return prepare


@cache
def bulk_table(model: type[models.Model]) -> BulkTable:
    return BulkTable(model)
