"""Unsaved input: what a writer has typed on the session page that is not part of the record yet."""

import datetime as dt
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from treatments.rules.sites import shorthand

# Prefixes of the line's fields and of the reasons for rules. All other names are fields of the row.
LINE = "line-"
REASON = "reason-"


@dataclass(frozen=True, slots=True, repr=False)
class UnsavedInput:
    """{field: text} of the row, of the line and of the reasons; `at` is when the entry was last written."""

    at: dt.datetime | None = None
    row: Mapping[str, str] = field(default_factory=dict)
    line: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


NOTHING = UnsavedInput()


def read(texts: Mapping[str, str], *, at: dt.datetime | None) -> UnsavedInput:
    """{name of the page's field: text}, taken apart by where it was typed."""
    return UnsavedInput(
        at,
        {name: text for name, text in texts.items() if not name.startswith((LINE, REASON))},
        {name.removeprefix(LINE): text for name, text in texts.items() if name.startswith(LINE)},
        {name: text for name, text in texts.items() if name.startswith(REASON)},
    )


def without_saved(unsaved: UnsavedInput, *, saved: Container[str]) -> UnsavedInput:
    """A row or line whose key is among the draft's sites was saved since, on this page or another."""
    row, line = unsaved.row, unsaved.line
    if row.get("key") in saved:
        row = {}
    if line and str(shorthand.key_of_site(UUID(line["key"]), 0)) in saved:
        line = {}
    return replace(unsaved, row=row, line=line)
