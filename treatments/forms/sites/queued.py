"""Rows that waited on the page and arrive in one request: typed rows and lines, each read by itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from treatments.forms.session.parts import StampForm
from treatments.forms.sites.entry import SiteForm
from treatments.forms.sites.shorthand import ShorthandForm
from treatments.models import Muscle
from treatments.rules.session.parts import SiteChoices

# As many as the page sends at once. A row beyond them has no answer, so the page keeps it.
MAX_ROWS = 20
LINE_KEY = "line-key"


@dataclass(frozen=True)
class QueuedRow:
    """One row of the request: its form and the stamp of its client."""

    key: str
    form: SiteForm | ShorthandForm
    stamp: StampForm

    @property
    def is_line(self) -> bool:
        return isinstance(self.form, ShorthandForm)

    @property
    def errors(self) -> dict[str, str]:
        found = self.form.errors.items()
        return {self.form.add_prefix(name): " ".join(sentences) for name, sentences in found}


def posted_rows(posted: QueryDict) -> list[QueryDict]:
    """Each row as its own form would post it; a request without rows is one row itself."""
    return [QueryDict(text) for text in posted.getlist("row")[:MAX_ROWS]] or [posted]


def is_line(row: QueryDict) -> bool:
    return LINE_KEY in row


def read(rows: list[QueryDict], *, choices: SiteChoices, options, muscles: Iterable[Muscle] | None) -> list:
    """`options` are rows of the typeahead for lines, `muscles` all of the catalogue where rows are many."""
    catalogue = None if muscles is None else by_code_and_name(muscles)
    return [
        QueuedRow(row[LINE_KEY], ShorthandForm(row, choices=choices, muscles=options), StampForm(row))
        if is_line(row)
        else QueuedRow(
            row.get("key", ""),
            SiteForm(row, choices=choices, catalogue=catalogue),
            StampForm(row),
        )
        for row in rows
    ]


def by_code_and_name(muscles: Iterable[Muscle]) -> dict[str, Muscle]:
    """Retired ones too, each after those that are offered under its name."""
    found = sorted(muscles, key=lambda row: row.retired_at is None)
    return {row.name.casefold(): row for row in found} | {row.code: row for row in found}
