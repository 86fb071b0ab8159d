"""The files of an export, each in pieces: the description first, the counts last."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator

from django.db import models

from clinic.rules import csv_export
from treatments.selectors.practice_export import schema, tables, values
from treatments.selectors.practice_export.archive import File

# Reads a table: lists of rows by their key, each with the columns that are exported.
Read = Callable[[type[models.Model]], Iterable[list[tuple]]]
LAST = "manifest.json"


def files(read: Read, *, facts: dict, counts: dict[str, int]) -> Iterator[File]:
    """`facts` are what the manifest says besides: whose practice, when, and what was kept back.

    `counts` is filled with the rows of each table as they are written.
    """
    digests: dict[str, str] = {}
    yield "schema.json", _noted(digests, "schema.json", [_dumped(schema.schema())])
    for table, model in tables.exported().items():
        for name, pieces in (
            (f"csv/{table}.csv", _csv(model, read)),
            (f"json/{table}.json", _json(model, read, counts)),
        ):
            yield name, _noted(digests, name, pieces)
    yield LAST, [_dumped({"format": schema.FORMAT, **facts, "rows": counts, "sha256": digests})]


def _dumped(value: dict) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode()


def _noted(digests: dict[str, str], name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        yield piece
    digests[name] = digest.hexdigest()


def _csv(model: type[models.Model], read: Read) -> Iterator[bytes]:
    columns = tables.columns(model)
    kinds = [values.kind_of(field) for field in columns]
    lines = csv_export.csv_lines([field.column for field in columns], [])
    yield next(lines).encode()
    for rows in read(model):
        cells = ([values.as_cell(*pair) for pair in zip(row, kinds, strict=True)] for row in rows)
        yield "".join(csv_export.lines_of(cells)).encode()


def _json(model: type[models.Model], read: Read, counts: dict[str, int]) -> Iterator[bytes]:
    """An array with one row to a line, so that whoever cannot hold it whole reads it line by line."""
    names, counted, before = [field.column for field in tables.columns(model)], 0, "[\n"
    for rows in read(model):
        lines = [_object(names, row) for row in rows]
        yield (before + ",\n".join(lines)).encode()
        before, counted = ",\n", counted + len(rows)
    counts[model._meta.db_table] = counted
    yield b"\n]\n" if counted else b"[\n]\n"


def _object(names: list[str], row: tuple) -> str:
    said = {name: values.as_json(value) for name, value in zip(names, row, strict=True)}
    return json.dumps(said, ensure_ascii=False)
