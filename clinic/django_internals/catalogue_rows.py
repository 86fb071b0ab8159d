"""Rows of a catalogue that are built once, and again when they read otherwise.

A catalogue is read with each page, since another process may have changed it, but hardly ever has. What the
database gives is compared with what it gave before: where it is the same, so are the instances.
"""

from collections.abc import Callable
from itertools import chain
from typing import Any, TypeVar

from django.db.models import QuerySet

from clinic.django_internals.prepared import SHORTCUT, PreparedQuery

Made = TypeVar("Made")
# A query has few different values, such as the kinds of questions.
VERSIONS_KEPT = 8  # technical:


class CatalogueRows(list):
    """Rows that several pages have at once: they are read and never changed."""

    def __init__(self, rows):
        super().__init__(rows)
        self._made: dict[Callable, Any] = {}

    def once(self, make: "Callable[[CatalogueRows], Made]") -> Made:
        """What `make` makes of these rows and of nothing else, as long as they read the same."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]


def _as_they_are(rows: list) -> None:
    """Nothing is put on them."""


class CatalogueQuery(PreparedQuery):
    """A prepared query whose rows are shared as long as they read the same.

    `complete` is called once with rows that were just built, to put on them what was read in one place.
    """

    def __init__(self, build: Callable[..., QuerySet], complete: Callable[[list], None] = _as_they_are):
        super().__init__(build)
        self.complete = complete
        self.versions: dict[tuple, tuple[list[tuple], CatalogueRows]] = {}

    def __call__(self, **values) -> CatalogueRows:
        found = None if SHORTCUT.is_off else self._rows(values)
        if found is None:
            return self._completed(self.build(**values))
        compiler = found.query.get_compiler(using=found.db)
        read = list(chain.from_iterable(compiler.execute_sql()))
        asked = tuple(sorted(values.items()))
        before, rows = self.versions.get(asked, (None, None))
        if rows is None or read != before:
            # Django builds them of what was read just now
            compiler.execute_sql = lambda *_, **__: [read]
            rows = self._completed(found)
            self._keep(asked, read, rows)
        return rows

    def _completed(self, found: QuerySet) -> CatalogueRows:
        rows = CatalogueRows(found)
        self.complete(rows)
        return rows

    def _keep(self, asked: tuple, read: list[tuple], rows: CatalogueRows) -> None:
        if asked not in self.versions and len(self.versions) >= VERSIONS_KEPT:
            del self.versions[next(iter(self.versions))]
        self.versions[asked] = read, rows
