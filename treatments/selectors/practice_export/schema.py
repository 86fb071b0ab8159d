"""The description of an export: every table and column in words, its type and unit, and what it refers to."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models

from clinic.values.words import in_source_words
from treatments.selectors.practice_export import tables, values

WORDS = Path(__file__).parent / "words.txt"
FORMAT = "filiform-practice-1"
_TABLE = re.compile(r"(\w+): (.+)")
_COLUMN = re.compile(r"(@?[\w.]+)(?: \[(.+?)\])? = (.+)")
_STAMP = re.compile(r"(\w+)_(at|by_id|by_name)")
STAMP_WORDS = {"at": "Time at which {}.", "by_id": "Who did it: {}.", "by_name": "Who did it, by name: {}."}


@cache
def words() -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """({table: words}, {column: (unit, words)})."""
    lines = [line for line in WORDS.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    of_tables = {found[1]: found[2] for line in lines if (found := _TABLE.fullmatch(line))}
    of_columns = {
        found[1]: (found[2] or "", found[3]) for line in lines if (found := _COLUMN.fullmatch(line))
    }
    return of_tables, of_columns


def meaning(table: str, column: str) -> tuple[str, str] | None:
    """(unit, words) of a column; None where nobody described it."""
    known = words()[1]
    found = known.get(f"{table}.{column}") or known.get(column)
    if found is None and (stamp := _STAMP.fullmatch(column)) and (happened := known.get(f"@{stamp[1]}")):
        return "", STAMP_WORDS[stamp[2]].format(happened[1])
    return found


def schema() -> dict:
    with in_source_words():
        return {
            "format": FORMAT,
            "types": values.KIND_WORDS,
            "tables": [_table(model) for model in tables.exported().values()],
            "left_out": tables.LEFT_OUT | tables.COLUMNS_LEFT_OUT,
        }


def _table(model: type[models.Model]) -> dict:
    table = model._meta.db_table
    return {
        "name": table,
        "meaning": words()[0][table],
        "files": [f"csv/{table}.csv", f"json/{table}.json"],
        "key": model._meta.pk.column,
        "columns": [_column(table, field) for field in tables.columns(model)],
    }


def _column(table: str, field: Any) -> dict:
    # a test sees to it that every column is described
    unit, described = meaning(table, field.column) or ("", "")
    return {
        "name": field.column,
        "type": values.kind_of(field),
        "unit": unit,
        "meaning": described,
        "refers_to": _target(field),
        "may_be_empty": field.null,
        "values": {str(value): str(label) for value, label in field.flatchoices},
    }


def _target(field: Any) -> str:
    if not field.is_relation:
        return ""
    return f"{field.related_model._meta.db_table}.{field.target_field.column}"
