"""Other pages that have a draft open, and what they changed."""

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clinic.django_internals.prepared import PreparedQuery
from treatments.models import DraftEvent, DraftPresence, Override
from treatments.rules.session.coediting import PAGE_TIMEOUT


def others(session, *, client_id, now: dt.datetime) -> list[DraftPresence]:
    """The other pages that have this draft open."""
    return OTHERS(session=session.pk, client_id=client_id, since=now - PAGE_TIMEOUT)


def with_page_state(sessions: QuerySet, client_id) -> QuerySet:
    """Sessions with whether this page has reported before, and the newest reason for a rule."""
    mine = DraftPresence.objects.filter(session=OuterRef("pk"), client_id=client_id)
    reasons = Override.objects.filter(session=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return sessions.annotate(knows_page=Exists(mine), newest_reason=Coalesce(Subquery(reasons), 0))


def changes(session, *, client_id, after: int) -> list[DraftEvent]:
    """What other pages changed since the change with this number, the oldest first.

    A draft is locked while it is written, so that within one draft a later number is a later change.
    """
    return CHANGES(session=session.pk, client_id=client_id, after=after)


def _others(session: int, client_id: UUID, since: dt.datetime) -> QuerySet:
    here = DraftPresence.objects.filter(session=session, seen_at__gte=since)
    return here.exclude(client_id=client_id).select_related("user").order_by("pk")


def _changes(session: int, client_id: UUID, after: int) -> QuerySet:
    return DraftEvent.objects.filter(session=session, pk__gt=after).exclude(client_id=client_id)


OTHERS = PreparedQuery(_others)
CHANGES = PreparedQuery(_changes)
