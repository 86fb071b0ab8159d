"""Primary keys that are known before their rows are written."""

import itertools
from collections.abc import Iterator

from django.db import connection, models

# Keys are fetched from PostgreSQL's sequences in blocks. On SQLite nobody else writes during the transaction.
BLOCK = 1000


class KeyAllocator:
    """The next primary keys of each table: children name their parents before either is written."""

    def __init__(self):
        self._next: dict[type[models.Model], Iterator[int]] = {}

    def next(self, model: type[models.Model]) -> int:
        if model not in self._next:
            allocate = _from_sequence if connection.vendor == "postgresql" else _after_last
            self._next[model] = allocate(model)
        return next(self._next[model])


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
