"""Needles and sessions of a visit that hold its next step."""

from django.db.models import Sum

from clinic.values.errors import Reason
from treatments.models import NeedleSite, NeedlingSession
from treatments.rules.sites import visit_holds


def on_visit(visit, verb: str) -> list[Reason]:
    """Reasons against a step of a visit, for `patients.actions.visits`."""
    if verb == "left":
        return visit_holds.needle_reasons(needles_in(visit))
    if verb == "take-back-arrived":
        standing = NeedlingSession.objects.counted().filter(visit=visit)
        return visit_holds.session_reasons(standing.exists())
    return []


def needles_in(visit) -> int:
    sites = NeedleSite.objects.with_needles_in().filter(session__visit=visit, session__voided_at=None)
    return sites.aggregate(n=Sum("needles"))["n"] or 0
