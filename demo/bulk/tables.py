"""Inserts many rows into one table at once, given as model instances or as columns only."""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache, partial
from operator import itemgetter

from django.db import connection, models

from clinic.audit.rows import is_covered
from clinic.django_internals import instances, writes

# Rows per piece of a COPY: PostgreSQL writes one piece while the next is formatted.
ROWS_PER_READ = 200
CACHED_VALUES = 4096
# COPY reads NULL as no value; the characters of ESCAPED mean something to it and are escaped.
NULL = "\x01"
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
EMPTY_JSON = {dict: "{}", list: "[]"}
# Values of these fields reach a database driver as they are; all others are prepared by their field.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


class BulkTable:
    """How the rows of one model become tuples for its columns."""

    def __init__(self, model: type[models.Model]):
        self.model = model
        self.quoted = connection.ops.quote_name(model._meta.db_table)
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

    def tuple_of(self, row: models.Model | dict) -> list:
        columns = {**self.defaults, **row} if isinstance(row, dict) else vars(row)
        if isinstance(row, dict) and len(columns) > len(self.defaults):
            raise TypeError(f"{self.model.__name__} has no such columns: {set(row)}")
        values = list(self.values_of(columns))
        for place, prepare in self.preparers:
            if values[place] is not None:
                values[place] = prepare(values[place])
        return values

    def insert(self, rows: Iterable[models.Model | dict]) -> None:
        write = self._copy if connection.vendor == "postgresql" else self._insert
        keys: list = []
        with connection.cursor() as cursor:
            write(cursor, self._noted(rows, keys))
        if is_covered(self.model._meta.db_table):
            writes.note(connection, self.model._meta.db_table, keys)

    def _noted(self, rows: Iterable[models.Model | dict], keys: list) -> Iterator[list]:
        """The rows as tuples, whose keys are added to `keys`."""
        place = self.fields.index(self.model._meta.pk)
        for row in map(self.tuple_of, rows):
            keys.append(row[place])
            yield row

    def _insert(self, cursor, tuples: Iterator[list]) -> None:
        places = ", ".join(["%s"] * len(self.fields))
        cursor.executemany(f"INSERT INTO {self.quoted} ({self._names()}) VALUES ({places})", tuples)

    def _copy(self, cursor, tuples: Iterator[list]) -> None:
        """PostgreSQL's own way for many rows; triggers, constraints and foreign keys check each as usual."""
        into = f"COPY {self.quoted} ({self._names()}) FROM STDIN WITH (NULL '{NULL}')"
        cursor.cursor.copy_expert(into, CopyReader(tuples))

    def _names(self) -> str:
        return ", ".join(connection.ops.quote_name(field.column) for field in self.fields)


class CopyReader:
    """Rows in COPY's text format, as a file that the database driver reads."""

    def __init__(self, tuples: Iterator[list]):
        self.tuples = tuples

    def read(self, size: int) -> str:
        """Whole rows, whatever the size asked for; an empty string at the end."""
        return "".join([_copy_line(row) for row in itertools.islice(self.tuples, ROWS_PER_READ)])


def _copy_line(row: list) -> str:
    values = [NULL if value is None else value if value.__class__ is str else str(value) for value in row]
    line = "\t".join(values)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(values):
        line = "\t".join([value.translate(ESCAPED) for value in values])
    return f"{line}\n"


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
    return f"\\x{bytes(value).hex()}"


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
