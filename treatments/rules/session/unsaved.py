"""Unsaved input of the session page: what a writer has begun and not kept."""

import datetime as dt
import json
from collections.abc import Container
from dataclasses import dataclass, field
from uuid import UUID

from clinic.models.rows import instant
from treatments.rules.sites import shorthand

# How the names of the line's fields, and of the reasons for rules, begin. All others are fields of the row.
LINE = "line-"
REASON = "reason-"


@dataclass(frozen=True)
class Begun:
    """{field: text} of the row, of the line and of the reasons; `at` is when the entry was last written."""

    at: dt.datetime | None = None
    row: dict[str, str] = field(default_factory=dict)
    line: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


NOTHING = Begun()


def read(entries: list[dict], *, kept: Container[str]) -> Begun:
    """What was begun. A row or line whose key is among the kept sites was kept, on this page or another."""
    if not entries:
        return NOTHING
    said = entries[0]["said"]
    # SQLite hands it over as text
    said = json.loads(said) if isinstance(said, str) else said
    row = {name: text for name, text in said.items() if not name.startswith((LINE, REASON))}
    line = {name.removeprefix(LINE): text for name, text in said.items() if name.startswith(LINE)}
    return Begun(
        instant(entries[0]["at"]),
        {} if row.get("key") in kept else row,
        {} if line and str(shorthand.key_of_site(UUID(line["key"]), 0)) in kept else line,
        {name: text for name, text in said.items() if name.startswith(REASON)},
    )
