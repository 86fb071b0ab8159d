"""Drafts and notes with every change of their sites, from which the origins are read."""

import datetime as dt

from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import Prepared
from clinic.models import User
from clinic.models.rows import Rows
from treatments.models import DraftEvent, NeedlingSession
from treatments.selectors.session import draft_rows


def with_changes(sessions: QuerySet) -> QuerySet:
    """Sessions with every change of their sites, in the same question."""
    changes = DraftEvent.objects.filter(session=OuterRef("pk"), field="site").order_by("pk")
    columns = {"key": "site_key", "old": "old", "new": "new", "adopted": "adopted_from__ref"}
    return sessions.annotate(part_changes=Rows(changes, **columns))


def signed_by(user, ref: str) -> NeedlingSession | None:
    """The author's session with its parts and every change of its sites."""
    return TO_SIGN.one(user=user.pk, at=timezone.now(), ref=ref)


def _authored(user: int, at: dt.datetime, ref: str) -> QuerySet:
    visible = NeedlingSession.objects.visible_to(User(pk=user), at=at)
    return with_changes(draft_rows.with_parts(visible.filter(therapist=user, ref=ref)))


TO_SIGN = Prepared(_authored)
