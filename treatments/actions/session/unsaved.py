"""Unsaved input of a draft's page outlives the page. No row of the record is changed."""

import datetime as dt

from treatments.models import NeedlingSession, UnkeptEntry


def save(session, *, by, texts: dict[str, str], now: dt.datetime) -> None:
    """Store this writer's unsaved input in place of the earlier one; none discards it."""
    if not texts:
        discard(session, by=by)
        return
    UnkeptEntry.objects.bulk_create(
        [UnkeptEntry(session=session, user=by, said=texts, written_at=now)],
        update_conflicts=True,
        unique_fields=["session", "user"],
        update_fields=["said", "written_at"],
    )


def discard(session, *, by) -> None:
    """Delete it, and all unsaved input of notes that take no more changes."""
    UnkeptEntry.objects.filter(session=session, user=by).delete()
    UnkeptEntry.objects.exclude(session__in=NeedlingSession.objects.drafts()).delete()
