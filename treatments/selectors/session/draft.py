"""Reads a draft: the one place where a session and its parts become a `Draft`."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from clinic.django_internals import behind_lock
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from clinic.models.rows import RelatedRows
from treatments.models import (
    AftercareAdvice,
    DraftEvent,
    Measurement,
    NeedleSite,
    NeedlingSession,
    SessionCondition,
)
from treatments.models.session.session import SessionQuerySet
from treatments.rules import qualification
from treatments.rules.session import draft_parts, fields
from treatments.rules.session.draft import Draft, SiteEntry
from treatments.rules.session.parts import NewestEvent
from treatments.selectors import qualification as qualification_selectors
from treatments.selectors.session import statement, values


def row_seen_by(user, ref: str) -> NeedlingSession | None:
    """The session's row with its patient, if this user may see it: enough to tell a draft from a note."""
    return _first(ROW(user=user.pk, at=timezone.now(), ref=ref))


def seen_by(user, ref: str) -> Draft | None:
    """The draft, or what became of it, if this user may see it; with their unsaved input."""
    return _first_draft(SEEN(user=user.pk, at=timezone.now(), ref=ref))


def written_by(user, ref: str) -> Draft | None:
    """The draft, if this user writes it, or wrote it."""
    return _first_draft(OWN(user=user.pk, at=timezone.now(), ref=ref))


def edited_by(user, ref: str) -> Draft | None:
    """The same with their unsaved input."""
    return _first_draft(EDITED(user=user.pk, at=timezone.now(), ref=ref))


def own_fields(user, ref: str) -> Draft | None:
    """The draft without any of its parts, if this user writes it, or wrote it: for one of its own fields."""
    row = _first(OWN_FIELDS(user=user.pk, at=timezone.now(), ref=ref))
    return None if row is None else values.own_fields_of(row, values.taken_off(row))


def changed_parts(user, ref: str) -> Draft | None:
    """The draft, if this user may see it, with the parts that the list of its changes names."""
    row = _first(CHANGED_PARTS(user=user.pk, at=timezone.now(), ref=ref))
    return None if row is None else values.changed_parts_of(row, values.taken_off(row))


def site_entry(user, ref: str) -> SiteEntry | None:
    """The draft as the form of a new site needs it, if this user writes it, or wrote it."""
    row = _first(ENTRY(user=user.pk, at=timezone.now(), ref=ref))
    return None if row is None else values.site_entry_of(row, values.taken_off(row))


def signature_of(user, ref: str) -> Draft | None:
    """The author's own draft with its standing and their unsaved input, and none of its parts: to judge what
    was posted. The signature judges the whole of it under its lock."""
    row = _first(SIGNATURE(user=user.pk, at=timezone.now(), ref=ref))
    if row is None:
        return None
    draft = values.signature_of(row, values.taken_off(row))
    return replace(draft, signer=signer_of(row)) if draft.session.is_draft else draft


def signed_by(user, ref: str) -> Draft | None:
    """The author's own draft, with the changes of its sites, their standing and their unsaved input."""
    row = _first(TO_SIGN(user=user.pk, at=timezone.now(), ref=ref))
    if row is None:
        return None
    draft = _draft(row)
    return replace(draft, signer=signer_of(row)) if draft.session.is_draft else draft


def whole(pk: int) -> Draft:
    """A session that is there, as it stands now."""
    (row,) = WHOLE(pk=pk)
    return _draft(row)


def whole_with_unsaved(pk: int, *, user: int) -> Draft:
    """The same with what this user has begun."""
    (row,) = WHOLE_WITH_UNSAVED(pk=pk, user=user)
    return _draft(row)


def locked(
    pk: int, *, lock: PreparedQuery, client_id, seq: int | None, last: int | None = None
) -> tuple[NeedlingSession, Draft, bool]:
    """Behind the row lock of an action: the row that it changes, the draft that it judges, and whether this
    very request, or one with a number up to `last`, was answered before."""
    request = {"client_id": UUID(str(client_id)), "seq": seq, "last": last}
    (row,) = behind_lock.read(LOCKED, lock=lock, pk=pk, **request)
    lists = values.taken_off(row)
    return row, values.draft_of(row, lists), bool(lists["came_before"])


def locked_to_sign(pk: int, *, lock: PreparedQuery) -> tuple[NeedlingSession, Draft]:
    """The same for a signature, with what the therapist has begun."""
    (row,) = behind_lock.read(LOCKED_TO_SIGN, lock=lock, pk=pk)
    return row, _draft(row)


def site_key(value) -> str:
    """A key in the spelling of a draft's sites."""
    return values.site_key(value)


def changed(draft: Draft, row: NeedlingSession, events: Iterable[DraftEvent]) -> Draft:
    """The draft as an action leaves it, which has written `row` and these changes."""
    newest = tuple(
        NewestEvent(event.field, event.part, values.site_key(event.site_key), event.pk) for event in events
    )
    return replace(draft, session=values.session_of(row), events=draft.events + newest)


def with_sites(draft: Draft, rows: Iterable[NeedleSite]) -> Draft:
    """The draft with its sites as these rows were just read."""
    return replace(draft, sites=tuple(values.site_of(row) for row in rows))


def signer_of(
    session: NeedlingSession, *, supervisor: User | None = None
) -> qualification.QualificationFacts:
    """Who needled, on the day of the session and under its own jurisdiction. One statement."""
    return qualification_selectors.facts_for(
        session.therapist,
        profile=session.jurisdiction,
        on=draft_parts.day_of(session),
        supervisor=supervisor or session.supervisor,
    )


def has_line(pk: int, name: str) -> bool:
    """Whether the draft has, or had before it was removed, the line that a field is a part of."""
    field, part = fields.split(name)
    if fields.PLACES[field] == fields.AFTERCARE:
        return AftercareAdvice.objects.filter(code=part).exists()
    lines = SessionCondition if fields.PLACES[field] == fields.CONDITION else Measurement
    # 18 digits fit the column; a longer number was never on a page
    is_number = re.fullmatch(r"[0-9]{1,18}", part) is not None
    return is_number and lines.objects.filter(session=pk, pk=part).exists()


def _draft(row: NeedlingSession) -> Draft:
    return values.draft_of(row, values.taken_off(row))


def _first(rows: Iterable[NeedlingSession]) -> NeedlingSession | None:
    return next(iter(rows), None)


def _first_draft(rows: Iterable[NeedlingSession]) -> Draft | None:
    row = _first(rows)
    return None if row is None else _draft(row)


def _visible(user: int, at: dt.datetime, ref: str) -> SessionQuerySet:
    return NeedlingSession.objects.visible_to(User(pk=user), at=at).filter(ref=ref)


def _row(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return _visible(user, at, ref).select_related("patient")


def _seen(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return statement.with_unsaved(statement.with_parts(_visible(user, at, ref)), user=user)


def _own(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return statement.with_parts(_visible(user, at, ref).written_by(User(pk=user)))


def _edited(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return statement.with_unsaved(_own(user, at, ref), user=user)


def _own_fields(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return statement.with_own_fields(_visible(user, at, ref).written_by(User(pk=user)))


def _changed_parts(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return statement.with_changed_parts(_visible(user, at, ref))


def _entry(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return statement.with_site_choices(_visible(user, at, ref).written_by(User(pk=user)))


def _authored(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return _visible(user, at, ref).filter(therapist=user)


def _signature(user: int, at: dt.datetime, ref: str) -> QuerySet:
    """With the keys of its sites, which tell what of the unsaved input was saved or removed."""
    sites = NeedleSite.objects.filter(session=OuterRef("pk")).order_by()
    keys = RelatedRows(sites, key="key", struck_at="struck_at")
    drafts = statement.with_own_fields(_authored(user, at, ref)).annotate(draft_site_keys=keys)
    return statement.with_unsaved(drafts, user=user)


def _to_sign(user: int, at: dt.datetime, ref: str) -> QuerySet:
    whole = statement.with_site_changes(statement.with_parts(_authored(user, at, ref)))
    return statement.with_unsaved(whole, user=user)


def _whole(pk: int) -> QuerySet:
    return statement.with_parts(NeedlingSession.objects.filter(pk=pk))


def _whole_with_unsaved(pk: int, user: int) -> QuerySet:
    return statement.with_unsaved(_whole(pk), user=user)


def _locked_to_sign(pk: int) -> QuerySet:
    return statement.with_unsaved(_whole(pk), user=OuterRef("therapist"))


def _locked(pk: int, client_id: UUID, seq: int | None, last: int | None) -> QuerySet:
    return statement.with_repetition(_whole(pk), client_id=client_id, seq=seq, last=last)


ROW = PreparedQuery(_row)
SEEN = PreparedQuery(_seen)
OWN = PreparedQuery(_own)
EDITED = PreparedQuery(_edited)
OWN_FIELDS = PreparedQuery(_own_fields)
CHANGED_PARTS = PreparedQuery(_changed_parts)
ENTRY = PreparedQuery(_entry)
SIGNATURE = PreparedQuery(_signature)
TO_SIGN = PreparedQuery(_to_sign)
WHOLE = PreparedQuery(_whole)
WHOLE_WITH_UNSAVED = PreparedQuery(_whole_with_unsaved)
LOCKED = PreparedQuery(_locked)
LOCKED_TO_SIGN = PreparedQuery(_locked_to_sign)


def open_drafts() -> int:
    """How many wait for a signature, of everybody."""
    return NeedlingSession.objects.drafts().count()
