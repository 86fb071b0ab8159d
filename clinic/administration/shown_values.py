"""Values that the administration shows to read: lists as chips, codes by their names."""

from collections.abc import Callable, Iterable

from django.contrib import admin
from django.db import models
from django.utils.html import format_html, format_html_join

NOTHING = "–"


def chips(words: Iterable[str]) -> str:
    """A list of short texts, each in a chip."""
    found = [(text,) for text in words]
    items = format_html_join("", "<li>{}</li>", found)
    return format_html('<ul class="chips">{}</ul>', items) if found else NOTHING


def chips_column(name: str, label: str, words_of: Callable) -> Callable:
    """A column of the page for a list, in place of its JSON. `words_of` takes the row."""

    @admin.display(description=label)
    def shown(row: models.Model) -> str:
        return chips(words_of(row))

    shown.__name__ = name
    return shown


def is_list(field: models.Field) -> bool:
    return isinstance(field, models.JSONField | models.ManyToManyField)


def words_in(name: str) -> Callable:
    """What a list holds, each part as it stands there; rows by their names."""

    def words_of(row: models.Model) -> list[str]:
        held = getattr(row, name)
        parts = held.all() if hasattr(held, "all") else held
        return [str(getattr(part, "name", part)) for part in parts]

    return words_of
