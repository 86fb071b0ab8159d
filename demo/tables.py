"""Many rows into one table at once: model instances or only their columns, with keys known beforehand."""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache, partial
from operator import itemgetter

from django.db import connection, models

from clinic.django_internals import instances

# Keys are fetched from PostgreSQL's sequences in blocks; on SQLite the transaction holds the only pen.
BLOCK = 1000
# So many rows are worded for PostgreSQL, then it is handed them and writes while the next are worded.
ROWS_AT_ONCE = 200
REMEMBERED = 4096
# What COPY reads for no value, and what it would take for a sign of its own.
NULL = "\x01"
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
BLANK = {dict: "{}", list: "[]"}
# Values of these reach a database driver as they are; all others are prepared by their field.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


class Keys:
    """The next primary keys of each table: children know their parents before either is written."""

    def __init__(self):
        self._next: dict[type[models.Model], Iterator[int]] = {}

    def next(self, model: type[models.Model]) -> int:
        if model not in self._next:
            self._next[model] = (
                _from_sequence(model) if connection.vendor == "postgresql" else _after_last(model)
            )
        return next(self._next[model])


class Table:
    """How the rows of one model become tuples for its columns."""

    def __init__(self, model: type[models.Model]):
        self.model = model
        self.quoted = connection.ops.quote_name(model._meta.db_table)
        self.fields = model._meta.concrete_fields
        self.values_of = itemgetter(*(field.attname for field in self.fields))
        self.prepared = [
            (place, _preparation(field))
            for place, field in enumerate(self.fields)
            if not isinstance(field, PLAIN)
        ]
        # name of a relation: its own column, and the column of the other table that it leads to
        self.relations = {
            field.name: (field.attname, field.target_field.attname)
            for field in self.fields
            if field.is_relation
        }
        blank = vars(model())
        self.defaults = {field.attname: blank[field.attname] for field in self.fields}

    def instance(self, **fields) -> models.Model:
        """A model instance by the shortest way: `Model.__init__` would take a fifth of a demo's time."""
        columns, related = self.defaults.copy(), {}
        for name, value in fields.items():
            if name in self.relations:
                related[name] = value
                name, leads_to = self.relations[name]
                value = None if value is None else vars(value)[leads_to]
            columns[name] = value
        if len(columns) > len(self.defaults):
            raise TypeError(f"{self.model.__name__} has no such fields: {set(fields)}")
        return instances.unsaved(self.model, columns, related)

    def tuple_of(self, row: models.Model | dict | list) -> list:
        if isinstance(row, list):
            return row  # from a stamp
        columns = {**self.defaults, **row} if isinstance(row, dict) else vars(row)
        if isinstance(row, dict) and len(columns) > len(self.defaults):
            raise TypeError(f"{self.model.__name__} has no such columns: {set(row)}")
        values = list(self.values_of(columns))
        for place, prepare in self.prepared:
            if values[place] is not None:
                values[place] = prepare(values[place])
        return values

    def insert(self, rows: Iterable[models.Model | dict | list]) -> None:
        write = self._copy if connection.vendor == "postgresql" else self._insert
        with connection.cursor() as cursor:
            write(cursor, map(self.tuple_of, rows))

    def _insert(self, cursor, tuples: Iterator[list]) -> None:
        places = ", ".join(["%s"] * len(self.fields))
        cursor.executemany(f"INSERT INTO {self.quoted} ({self._names()}) VALUES ({places})", tuples)

    def _copy(self, cursor, tuples: Iterator[list]) -> None:
        """PostgreSQL's own way for many rows; triggers, constraints and foreign keys ask each as ever."""
        into = f"COPY {self.quoted} ({self._names()}) FROM STDIN WITH (NULL '{NULL}')"
        cursor.cursor.copy_expert(into, Sheet(tuples))

    def _names(self) -> str:
        return ", ".join(connection.ops.quote_name(field.column) for field in self.fields)


class Stamp:
    """Rows of one model that differ in a few plain columns only: what they share is prepared once."""

    def __init__(self, model: type[models.Model], *differing: str, **columns):
        known = table(model)
        names = [field.attname for field in known.fields]
        self.model, self.shared = model, known.tuple_of(columns)
        self.places = [names.index(name) for name in ("id", *differing)]

    def row(self, *values) -> list:
        row = self.shared.copy()
        for place, value in zip(self.places, values, strict=True):
            row[place] = value
        return row


class Sheet:
    """Rows as COPY's text format has them, read piece by piece."""

    def __init__(self, tuples: Iterator[list]):
        self.tuples = tuples

    def read(self, size: int) -> str:
        """Whole rows, whatever the size asked for; a blank at the end."""
        return "".join([_line(row) for row in itertools.islice(self.tuples, ROWS_AT_ONCE)])


def _line(row: list) -> str:
    said = [NULL if value is None else value if value.__class__ is str else str(value) for value in row]
    line = "\t".join(said)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(said):
        line = "\t".join([value.translate(ESCAPED) for value in said])
    return f"{line}\n"


def _preparation(field: models.Field) -> Callable:
    """What a field does to a value on its way to the driver. Rows of one patient share hours and days."""
    prepare = partial(field.get_db_prep_save, connection=connection)
    if isinstance(field, models.DateTimeField):
        return lru_cache(REMEMBERED)(lambda at: str(connection.ops.adapt_datetimefield_value(at)))
    if isinstance(field, models.DateField | models.DecimalField):
        return lru_cache(REMEMBERED)(prepare)
    if isinstance(field, models.JSONField):
        return _wording((field.encoder or json.JSONEncoder)().encode)
    return prepare


def _wording(encode: Callable) -> Callable:
    """JSON; most rows hold nothing, or the very list that the row before holds."""
    last, words = None, ""

    def word(value):
        nonlocal last, words
        if not value:
            return BLANK[type(value)]
        if value is not last:
            last, words = value, encode(value)
        return words

    return word


@cache
def table(model: type[models.Model]) -> Table:
    return Table(model)


def _after_last(model: type[models.Model]) -> Iterator[int]:
    last = model.objects.aggregate(last=models.Max("pk"))["last"] or 0
    return itertools.count(last + 1)


def _from_sequence(model: type[models.Model]) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
        (sequence,) = cursor.fetchone()
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, BLOCK])
            keys = [row[0] for row in cursor.fetchall()]
        yield from keys
