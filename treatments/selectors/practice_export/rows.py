"""Reads every exported table by pages of its key, without the rows that are closed to the reader."""

import json
import re
from collections.abc import Iterator
from functools import partial, reduce
from operator import or_

from django.db import models
from django.db.models import Q

from clinic.models.columns import FileBytes
from patients.models import Patient
from treatments.selectors.practice_export import tables
from treatments.selectors.practice_export.files import Read

# Rows that are held in memory at once, and pieces of files, which are large.
CHUNK, CHUNK_OF_FILES = 1_000, 4
_WORD = re.compile(r"[0-9A-Z]{4,10}")


def closed_to(reader) -> models.QuerySet:
    """Patients whose rows are kept back. Without a reader, at the machine, none are."""
    return Patient.objects.none() if reader is None else Patient.objects.closed_to(reader)


def reading(reader) -> Read:
    """How a table is read for `reader`; None reads everything."""
    closed = closed_to(reader)
    return partial(_pages, closed=closed, refs=frozenset(closed.values_list("ref", flat=True)))


def _pages(
    model: type[models.Model], *, closed: models.QuerySet, refs: frozenset[str]
) -> Iterator[list[tuple]]:
    names, most = [field.attname for field in tables.columns(model)], held_at_once(model)
    found = _open_rows(model, closed, refs).order_by("pk").values_list("pk", *names)
    page = list(found[:most])
    while page:
        if rows := [row[1:] for row in page if not _names_one(model, row, refs)]:
            yield rows
        page = list(found.filter(pk__gt=page[-1][0])[:most]) if len(page) == most else []


def held_at_once(model: type[models.Model]) -> int:
    """How many rows of the table are in memory at once."""
    has_files = any(isinstance(field, FileBytes) for field in tables.columns(model))
    return CHUNK_OF_FILES if has_files else CHUNK


def _open_rows(model: type[models.Model], closed: models.QuerySet, refs: frozenset[str]) -> models.QuerySet:
    """Without the rows about somebody whose record is closed to the reader."""
    found, paths = model._base_manager.all(), tables.paths_to_patient(model)
    if not refs or not paths:
        return found
    of_closed = [Q(**{f"{path}__in": closed.values("pk")}) for path in paths]
    return found.exclude(reduce(or_, of_closed))


def _names_one(model: type[models.Model], row: tuple, refs: frozenset[str]) -> bool:
    """Whether an event says the reference of a closed record, in whichever of its texts."""
    if not refs or model._meta.db_table != tables.EVENTS:
        return False
    said = json.dumps(row, default=str, ensure_ascii=False)
    return not refs.isdisjoint(_WORD.findall(said))
