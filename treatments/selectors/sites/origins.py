"""Drafts and notes with every change of their sites, from which the origins are read."""

from typing import Protocol

from django.db.models import QuerySet

from treatments.rules.session.parts import SiteChange
from treatments.selectors.session import statement, values


class NoteWithSiteChanges(Protocol):
    """A session out of `with_site_changes`."""

    note_site_changes: list[dict]


def changes_of(note: NoteWithSiteChanges) -> tuple[SiteChange, ...]:
    return values.site_changes_of(note.note_site_changes)


def with_site_changes(sessions: QuerySet) -> QuerySet:
    """Notes with every change of their sites, in the same statement; read them with `changes_of`."""
    return sessions.annotate(note_site_changes=statement.site_changes())
