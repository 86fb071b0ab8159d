"""Primary keys that are known before their rows are written.

A batch counts its rows of each table from 1. Once it is complete it is moved behind the keys of the batch
before it: whichever process makes it, and however often the build was stopped, the keys are the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from django.db import connection, models

# The last key that is taken, by table.
LastKeys = Mapping[str, int]


class KeyAllocator:
    """The next keys of each table within a batch: children name their parents before either is written."""

    def __init__(self):
        self.taken: Counter[str] = Counter()

    def next(self, model: type[models.Model]) -> int:
        table = model._meta.db_table
        self.taken[table] += 1
        return self.taken[table]


def last_keys(tables: Iterable[type[models.Model]]) -> LastKeys:
    """As they stand in the database."""
    names = [model._meta.db_table for model in tables]
    quoted = [connection.ops.quote_name(name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'(SELECT max(id) FROM {name})' for name in quoted)}")
        return {name: last or 0 for name, last in zip(names, cursor.fetchone(), strict=True)}


def after(last: LastKeys, taken: LastKeys) -> LastKeys:
    return {table: key + taken.get(table, 0) for table, key in last.items()}


def move(model: type[models.Model], rows: Iterable[models.Model | dict], last: LastKeys) -> None:
    """Put these rows, and what they name of the same batch, behind the last keys."""
    steps = [(attname, last[table]) for attname, table in _keys_of(model) if last.get(table)]
    for row in rows if steps else ():
        columns = row if isinstance(row, dict) else vars(row)
        for attname, step in steps:
            if columns.get(attname) is not None:
                columns[attname] += step


@cache
def _keys_of(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    """(column, table that its key is of), the own key first."""
    relations = [field for field in model._meta.concrete_fields if field.is_relation]
    own = (model._meta.pk.attname, model._meta.db_table)
    return (own, *((field.attname, field.related_model._meta.db_table) for field in relations))


def advance_sequences(last: LastKeys) -> None:
    """Let PostgreSQL go on behind these keys; SQLite does by itself."""
    used = [part for table, key in last.items() if key for part in (table, key)]
    if connection.vendor == "postgresql" and used:
        places = ", ".join(["setval(pg_get_serial_sequence(%s, 'id'), %s)"] * (len(used) // 2))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {places}", used)
