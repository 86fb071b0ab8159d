"""Many rows into one table at once: model instances or only their columns, with keys known beforehand."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from operator import attrgetter

from django.db import connection, models
from psycopg2.extras import execute_values

# Keys are fetched from PostgreSQL's sequences in blocks; on SQLite the transaction holds the only pen.
BLOCK = 1000
ROWS_AT_ONCE = 1000
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
        self.name = model._meta.db_table
        self.fields = model._meta.concrete_fields
        self.places = {field.attname: place for place, field in enumerate(self.fields)}
        self.values_of = attrgetter(*self.places)
        self.prepared = {
            place: _preparation(field)
            for place, field in enumerate(self.fields)
            if not isinstance(field, PLAIN)
        }
        self.defaults = self.tuple_of(model())

    def tuple_of(self, row: models.Model | dict) -> list:
        return self._from_columns(row) if isinstance(row, dict) else self._from_instance(row)

    def insert(self, rows: Iterable[models.Model | dict]) -> None:
        quoted = ", ".join(connection.ops.quote_name(field.column) for field in self.fields)
        into = f"INSERT INTO {connection.ops.quote_name(self.name)} ({quoted}) VALUES"
        tuples = [self.tuple_of(row) for row in rows]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                execute_values(cursor.cursor, f"{into} %s", tuples, page_size=ROWS_AT_ONCE)
            else:
                cursor.executemany(f"{into} ({', '.join(['%s'] * len(self.fields))})", tuples)

    def _from_instance(self, row: models.Model) -> list:
        values = list(self.values_of(row))
        for place, prepare in self.prepared.items():
            if values[place] is not None:
                values[place] = prepare(values[place])
        return values

    def _from_columns(self, columns: dict) -> list:
        values = self.defaults.copy()
        for name, value in columns.items():
            place = self.places[name]
            prepare = self.prepared.get(place)
            values[place] = prepare(value) if prepare and value is not None else value
        return values


def _preparation(field: models.Field) -> Callable:
    """What a field does to a value on its way to the driver."""
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    return partial(field.get_db_prep_save, connection=connection)


@cache
def table(model: type[models.Model]) -> Table:
    return Table(model)


def _after_last(model: type[models.Model]) -> Iterator[int]:
    last = model.objects.aggregate(last=models.Max("pk"))["last"] or 0
    return itertools.count(last + 1)


def _from_sequence(model: type[models.Model]) -> Iterator[int]:
    names = [model._meta.db_table, model._meta.pk.column, BLOCK]
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", names
            )
            keys = [row[0] for row in cursor.fetchall()]
        yield from keys
