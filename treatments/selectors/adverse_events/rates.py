"""What the rates of adverse events are counted from. Nobody is named."""

import datetime as dt

from django.db.models import Count, Q, QuerySet, Sum

from patients.rules.visits.days import day_bounds
from treatments.models import AdverseEvent, NeedleSite, NeedlingSession
from treatments.rules.adverse_events.rates import Basis, EventCount


def basis(first: dt.date, last: dt.date) -> Basis:
    sessions = treated(first, last)
    sites = NeedleSite.objects.standing().filter(session__in=sessions.order_by().values("pk")).order_by()
    return Basis(sessions.count(), sites.aggregate(sum=Sum("insertions"))["sum"] or 0)


def counts(first: dt.date, last: dt.date) -> list[EventCount]:
    rows = _events(first, last).values("kind__name", "severity")
    found = rows.annotate(n=Count("pk"), had=Count("session", distinct=True))
    return [EventCount(row["kind__name"], row["severity"], row["n"], row["had"]) for row in found]


def sessions_by_severity(first: dt.date, last: dt.date) -> dict[int, int]:
    rows = _events(first, last).values("severity").annotate(had=Count("session", distinct=True))
    return {row["severity"]: row["had"] for row in rows}


def treated(first: dt.date, last: dt.date) -> QuerySet[NeedlingSession]:
    """Sessions that were held in these days: signed or closed unsigned, and not marked in error."""
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    ended = Q(signed_at__isnull=False) | Q(closed_unsigned_at__isnull=False)
    return NeedlingSession.objects.filter(ended, error_mark=None, started_at__gte=start, started_at__lt=end)


def _events(first: dt.date, last: dt.date) -> QuerySet[AdverseEvent]:
    sessions = treated(first, last).order_by().values("pk")
    return AdverseEvent.objects.standing().filter(session__in=sessions).order_by()
