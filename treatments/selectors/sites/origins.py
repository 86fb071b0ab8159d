"""Drafts and notes with every change of their sites, from which the origins are read."""

from django.db.models import QuerySet

from treatments.selectors.session import statement


def with_changes(sessions: QuerySet) -> QuerySet:
    """Notes with every change of their sites, in the same statement; read them with `changes_of`."""
    return sessions.annotate(note_site_changes=statement.site_changes())
