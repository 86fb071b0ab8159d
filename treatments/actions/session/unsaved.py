"""What is begun on the page of a draft outlives the page. No row of the record is touched."""

import datetime as dt

from treatments.models import NeedlingSession, UnkeptEntry


def save(session, *, by, said: dict[str, str], now: dt.datetime) -> None:
    """Keep what this writer has begun, in the place of what they had; nothing begun keeps nothing."""
    if not said:
        discard(session, by=by)
        return
    UnkeptEntry.objects.bulk_create(
        [UnkeptEntry(session=session, user=by, said=said, written_at=now)],
        update_conflicts=True,
        unique_fields=["session", "user"],
        update_fields=["said", "written_at"],
    )


def discard(session, *, by) -> None:
    """Drop it, and with it what was begun in notes that take no more changes."""
    UnkeptEntry.objects.filter(session=session, user=by).delete()
    UnkeptEntry.objects.exclude(session__in=NeedlingSession.objects.drafts()).delete()
