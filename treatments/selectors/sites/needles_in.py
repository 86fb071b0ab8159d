"""Needles that are in now, and patients who were needled."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, Sum, TextField, Value
from django.db.models.functions import Coalesce

from clinic.access import Permission, may
from clinic.models.rows import RelatedRows
from patients.models import PatientAccess
from treatments.models import NeedleSite, NeedlingSession
from treatments.rules.board import overnight

OVERNIGHT_COLUMNS = {
    "session": "session__ref",
    "needles": "needles",
    "since": "needle_in_at",
    "patient": "session__patient__ref",
    "family": "session__patient__family_name",
    "given": "session__patient__given_name",
    "restricted_at": "session__patient__restricted_at",
    "is_open": "is_open",
    "therapist": "session__therapist",
    "supervisor": "session__supervisor",
    "first": "session__therapist__first_name",
    "last": "session__therapist__last_name",
}


def was_needled() -> Exists:
    """Whether a session of this patient has ended here in which they were needled, for the patient banner."""
    ended = NeedlingSession.objects.counted().filter(ended_at__isnull=False, not_needled="")
    return Exists(ended.filter(patient=OuterRef("pk")))


def rooms_with_needles(*_, **__) -> RelatedRows:
    """Rooms with needles dwelling now: [{"room", "count"}]. Nobody's name: the pill shows on every screen.

    An annotation of the practice row.
    """
    sites = NeedleSite.objects.with_needles_in().order_by()
    room = Coalesce("session__visit__room__name", Value(""))
    rooms = sites.values(named=room).annotate(sum=Sum("needles"))
    return RelatedRows(rooms, room="named", count="sum")


def overnight_for(user, *, at: dt.datetime, midnight: dt.datetime | None) -> RelatedRows | Value:
    """Sites whose needles went in on an earlier day and are not noted out, the longest first.

    An annotation of the practice row. Desk and leads see everybody's, a therapist the drafts they write.
    """
    if not may(user, Permission.BOARD_VIEW):
        return Value(None, output_field=TextField())
    sites = NeedleSite.objects.with_needles_in().filter(needle_in_at__lt=midnight)
    if not (getattr(user, "has_front_desk", False) or getattr(user, "has_lead", False)):
        sites = sites.filter(Q(session__therapist=user) | Q(session__supervisor=user))
    opened = PatientAccess.objects.open_to(user, at=at).filter(patient=OuterRef("session__patient"))
    return RelatedRows(
        sites.annotate(is_open=Exists(opened)).order_by("needle_in_at", "pk"), **OVERNIGHT_COLUMNS
    )


def overnight_of(practice, *, user) -> list[overnight.OvernightNeedles]:
    """`practice` is the row of settings with its annotations."""
    return overnight.by_session(practice.overnight_needles or [], user=user)
