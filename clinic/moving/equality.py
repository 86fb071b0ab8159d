"""Compares both ends of a move: the rows of each table, and what no event covers, value by value.

What events cover is verified in the target by their MACs, and the chain by its end: equal ends and whole rows
are the same rows.
"""

import hashlib
from collections.abc import Iterator

from django.db import models

from clinic.audit import rows
from clinic.locks.surroundings import record_models
from clinic.models import AuditEvent

CHUNK = 2_000


def counts(alias: str) -> dict[str, int]:
    return {
        table: model._base_manager.using(alias).count() for table, model in sorted(record_models().items())
    }


def differences(source: str, target: str, counted: dict[str, int]) -> Iterator[str]:
    """What is not the same, each a sentence. `counted` are the rows of the source."""
    for table, there in counts(target).items():
        if there != counted[table]:
            yield f"{table} has {there:,} rows in the target and {counted[table]:,} here."
    for table, (model, names) in _uncovered().items():
        if _digest(source, model, names) != _digest(target, model, names):
            yield f"{table} does not say in the target what it says here."


def _uncovered() -> dict[str, tuple[type[models.Model], list[str]]]:
    """{table: (model, columns)} that no MAC of a row or an event covers."""
    found = {
        table: (model, [field.attname for field in model._meta.local_concrete_fields])
        for table, model in record_models().items()
        if not rows.is_covered(table) and model is not AuditEvent
    }
    for table, column in rows.UNCOVERED_COLUMNS:
        found[table] = record_models()[table], [column]
    return found


def _digest(alias: str, model: type[models.Model], names: list[str]) -> str:
    digest = hashlib.sha256()
    found = model._base_manager.using(alias).order_by("pk").values_list("pk", *names)
    some = found[:CHUNK]
    while read := list(some):
        for row in read:
            digest.update(rows.canonical(list(row)).encode())
        some = found.filter(pk__gt=read[-1][0])[:CHUNK]
    return digest.hexdigest()
