"""A draft with what the form of a site asks of it, and no more: saving reads the rest under its lock."""

import datetime as dt

from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import Prepared
from clinic.models import Practice, User
from clinic.models.rows import Rows
from treatments import drafts
from treatments.models import NeedlingSession, SessionCondition


def written_by(user, ref: str) -> NeedlingSession | None:
    """The session, if this user writes it, or wrote it."""
    return OWN.one(user=user.pk, at=timezone.now(), ref=ref)


def needle_stock(session) -> str:
    """The sizes of needles that the practice has, as it wrote them."""
    return session.part_practice[0]["needle_stock"]


def _own(user: int, at: dt.datetime, ref: str) -> QuerySet:
    person = User(pk=user)
    sessions = NeedlingSession.objects.visible_to(person, at=at).written_by(person).filter(ref=ref)
    conditions = SessionCondition.objects.filter(session=OuterRef("pk"), removed_at=None).order_by("pk")
    return sessions.select_related("jurisdiction").annotate(
        part_conditions=Rows(conditions, **{name: name for name in drafts.CONDITION_COLUMNS}),
        part_practice=Rows(Practice.objects.filter(pk=1), needle_stock="needle_stock"),
    )


OWN = Prepared(_own)
