"""Unsaved input: what a writer has typed on the pages of a draft that is not part of the record yet."""

import datetime as dt
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs
from uuid import UUID

from treatments.rules.sites import shorthand

# Prefixes of the fields of the line, of a measurement, of reasons, and of the page that corrects one
# site. All other names are fields of the row.
LINE = "line-"
MEASUREMENT = "measurement-"
REASON = "reason-"
EDIT = "edit-"
# Rows that had left the form: on their way to the server, or set aside. Each is the text of a whole form.
WAITING, PARKED = "waiting-", "parked-"
ROWS = (WAITING, PARKED)
PREFIXES = (LINE, MEASUREMENT, REASON, EDIT, *ROWS)
ROW = "row"
# the key of a site, then the name of its field
EDITED = re.compile(rf"{EDIT}([0-9a-f-]{{36}})-(.+)")
# Proposals, and what a tap on the figure sets: without another answer no site was begun.
NOT_BEGINNING = frozenset(
    ("key", "region", "origins", "adopted_from", "side", "needle", "gauge_mm", "length_mm", "technique")
    + ("tissue", "dwell", "needles")
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class UnsavedInput:
    """{field: text} of each form of the page; `at` is when the entry was last written.

    `edits` are {key of a site: {field: text}} of the page that corrects it.
    """

    at: dt.datetime | None = None
    row: Mapping[str, str] = field(default_factory=dict)
    line: Mapping[str, str] = field(default_factory=dict)
    measurement: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    edits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows: tuple[tuple[str, str], ...] = ()

    @property
    def has_begun_row(self) -> bool:
        return not self.row.keys() <= NOT_BEGINNING

    @property
    def may_stop_signature(self) -> bool:
        """Whether any of it may have to be kept or put away first; what does is judged by the whole draft."""
        parts = (self.line, self.measurement, self.reasons, self.edits, self.rows)
        return self.has_begun_row or any(parts)


NOTHING = UnsavedInput()


def read(texts: Mapping[str, str], *, at: dt.datetime | None) -> UnsavedInput:
    """{name of the page's field: text}, taken apart by where it was typed."""
    return UnsavedInput(
        at,
        {name: text for name, text in texts.items() if not name.startswith(PREFIXES)},
        _under(LINE, texts),
        _under(MEASUREMENT, texts),
        {name: text for name, text in texts.items() if name.startswith(REASON)},
        _edits(texts),
        tuple(sorted(((name, text) for name, text in texts.items() if name.startswith(ROWS)), key=_place)),
    )


def edit_name(key, name: str = "") -> str:
    """The name under which a field of the page that corrects a site is stored; its prefix without a field."""
    return f"{EDIT}{key}-{name}"


def is_of(part: str, name: str) -> bool:
    """Whether a field belongs to a part: “row”, the name of a reason or a waiting row, or a prefix."""
    if part == ROW:
        return not name.startswith(PREFIXES)
    return name == part if part.startswith((REASON, *ROWS)) else name.startswith(part)


def without_saved(unsaved: UnsavedInput, *, saved: Container[str]) -> UnsavedInput:
    """Without what was saved since, on this page or another. `saved` are the keys of the draft's sites."""
    row, line = unsaved.row, unsaved.line
    if row.get("key") in saved:
        row = {}
    if line and str(shorthand.key_of_site(UUID(line["key"]), 0)) in saved:
        line = {}
    rows = tuple(pair for pair in unsaved.rows if key_of_row(pair[1]) not in saved)
    return replace(unsaved, row=row, line=line, rows=rows)


def key_of_row(text: str) -> str:
    """The key of the first site of a row's text; empty where it has none."""
    values = parse_qs(text)
    try:
        if f"{LINE}key" in values:
            return str(shorthand.key_of_site(UUID(values[f"{LINE}key"][0]), 0))
        return str(UUID(values["key"][0]))
    except (KeyError, ValueError):
        return ""


def _place(pair: tuple[str, str]) -> int:
    return int(pair[0].rpartition("-")[2])


def _under(prefix: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in texts.items() if name.startswith(prefix)}


def _edits(texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, text in texts.items():
        if edited := EDITED.fullmatch(name):
            found.setdefault(edited[1], {})[edited[2]] = text
    return found
