"""Needles that are in now, and patients who were needled."""

from django.db.models import Exists, F, OuterRef, Sum

from treatments.models import NeedleSite, NeedlingSession


def was_needled() -> Exists:
    """Whether a session of this patient has ended here, for the patient banner."""
    ended = NeedlingSession.objects.counted().filter(ended_at__isnull=False)
    return Exists(ended.filter(patient=OuterRef("pk")))


def rooms_with_needles(user) -> list[dict]:
    """Rooms with needles dwelling now: [{"room", "count"}]. Nobody's name: the pill shows on every screen."""
    sites = NeedleSite.objects.with_needles_in().order_by()
    rooms = sites.values(room=F("session__visit__room__name")).annotate(count=Sum("needles"))
    return [{"room": row["room"] or "", "count": row["count"]} for row in rooms]
