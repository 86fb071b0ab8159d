"""A session by its reference, for those who may see or write it, without its parts."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from treatments.models import NeedlingSession
from treatments.models.session.session import SessionQuerySet
from treatments.selectors.session import coediting


def seen_by(user: User, ref: str) -> NeedlingSession | None:
    """With the patient, the therapist and the state rules."""
    return SEEN.one(user=user.pk, at=timezone.now(), ref=ref)


def written_by(user: User, ref: str) -> NeedlingSession | None:
    """Of those whom this user writes, or wrote."""
    return WRITTEN.one(user=user.pk, at=timezone.now(), ref=ref)


def open_on_page(user: User, ref: str, *, client_id: UUID) -> NeedlingSession | None:
    """The same with what an open page of it asks for every few seconds."""
    return OPEN_ON_PAGE.one(user=user.pk, at=timezone.now(), ref=ref, client_id=client_id)


def _visible(user: int, at: dt.datetime, ref: str) -> SessionQuerySet:
    return NeedlingSession.objects.visible_to(User(pk=user), at=at).filter(ref=ref)


def _seen(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return _visible(user, at, ref).select_related("patient", "jurisdiction", "therapist")


def _written(user: int, at: dt.datetime, ref: str) -> QuerySet:
    return _visible(user, at, ref).written_by(User(pk=user))


def _open_on_page(user: int, at: dt.datetime, ref: str, client_id: UUID) -> QuerySet:
    return coediting.with_page_state(_written(user, at, ref), client_id)


SEEN = PreparedQuery(_seen)
WRITTEN = PreparedQuery(_written)
OPEN_ON_PAGE = PreparedQuery(_open_on_page)
