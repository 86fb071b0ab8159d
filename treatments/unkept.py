"""What a writer has begun on the session page and not kept: read with the draft, shown where it was typed."""

import datetime as dt
import json
from collections.abc import Container
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import OuterRef

from clinic.models.rows import Rows, instant
from treatments import shorthand
from treatments.models import UnkeptEntry

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


def entry_of(user: int) -> Rows:
    """The one entry of a writer, as a part of the session."""
    entries = UnkeptEntry.objects.filter(session=OuterRef("pk"), user=user)
    return Rows(entries, said="said", at="written_at")


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
