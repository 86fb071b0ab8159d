"""Unsaved input of a draft's pages outlives the page. No row of the record is changed."""

import datetime as dt
import uuid

from django.db import transaction

from treatments.models import NeedlingSession, UnkeptEntry
from treatments.rules.session import unsaved


def save(session, *, by, texts: dict[str, str], now: dt.datetime) -> None:
    """Store what this writer has typed on the session page in place of the earlier input."""
    _replace(session, by=by, texts=texts, now=now, is_replaced=_is_of_session_page)


def save_edit(session, *, by, key: uuid.UUID, texts: dict[str, str], now: dt.datetime) -> None:
    """The same for the page that corrects one site."""
    _replace(session, by=by, texts=texts, now=now, is_replaced=_is_of(unsaved.edit_name(key)))


def save_measurement(session, *, by, texts: dict[str, str], now: dt.datetime) -> None:
    """The same for the page that adds a measurement."""
    _replace(session, by=by, texts=texts, now=now, is_replaced=_is_of(unsaved.MEASUREMENT))


def put_away(session, *, by, part: str, now: dt.datetime) -> None:
    """Discard one part of it: the row, the line, a measurement, a reason, or the correction of a site."""
    _replace(session, by=by, texts={}, now=now, is_replaced=_is_of(part))


@transaction.atomic
def _replace(session, *, by, texts: dict[str, str], now: dt.datetime, is_replaced) -> None:
    """Two pages of one writer may send at once: each replaces its own names only."""
    earlier = UnkeptEntry.objects.select_for_update().filter(session=session.pk, user=by).first()
    before = earlier.said if earlier else {}
    held = {name: text for name, text in before.items() if not is_replaced(name)} | texts
    if not held:
        discard(session, by=by)
        return
    UnkeptEntry.objects.bulk_create(
        [UnkeptEntry(session_id=session.pk, user=by, said=held, written_at=now)],
        update_conflicts=True,
        unique_fields=["session", "user"],
        update_fields=["said", "written_at"],
    )


def discard(session, *, by) -> None:
    """Delete it, and all unsaved input of notes that take no more changes."""
    UnkeptEntry.objects.filter(session=session.pk, user=by).delete()
    UnkeptEntry.objects.exclude(session__in=NeedlingSession.objects.drafts()).delete()


def _is_of_session_page(name: str) -> bool:
    return not name.startswith((unsaved.EDIT, unsaved.MEASUREMENT))


def _is_of(part: str):
    return lambda name: unsaved.is_of(part, name)
