"""Rows with a short reference: one that another row has already is replaced before anybody sees it."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import IntegrityError, models, transaction

# A second collision in a row is one in millions: after so many the source of chance is broken.
TRIES = 5

T = TypeVar("T")


class ReferencedQuerySet(models.QuerySet):
    """Base of the querysets of rows with a reference."""

    def bulk_create(self, objs, *args, **kwargs):
        rows = list(objs)
        insert = super().bulk_create
        return insert_with_new_refs(rows, lambda: insert(rows, *args, **kwargs))


class Referenced(models.Model):
    """A row with a column `ref`. First among the bases: `save` has to come before theirs."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        insert = super().save
        if self._state.adding:
            insert_with_new_refs([self], lambda: insert(*args, **kwargs))
        else:
            insert(*args, **kwargs)


def insert_with_new_refs(rows: Sequence[models.Model], insert: Callable[[], T]) -> T:
    """Call `insert`; where a reference of `rows` is taken, with new ones again. Other faults are raised.

    The savepoint keeps the transaction around it usable, which PostgreSQL would have ended.
    """
    for _ in range(TRIES - 1):
        try:
            with transaction.atomic():
                return insert()
        except IntegrityError:
            # by looking: a lock trigger of SQLite names no column where it refuses before the constraint
            colliding = _colliding(rows)
            if not colliding:
                raise
            for row in colliding:
                row.ref = row._meta.get_field("ref").get_default()
    return insert()


def _colliding(rows: Sequence[models.Model]) -> list[models.Model]:
    """Rows whose reference another row has, stored or among `rows`."""
    if not rows:
        return []
    stored = type(rows[0])._base_manager.filter(ref__in=[row.ref for row in rows])
    taken = set(stored.values_list("ref", flat=True))
    twice = {ref for ref, count in Counter(row.ref for row in rows).items() if count > 1}
    return [row for row in rows if row.ref in taken | twice]
