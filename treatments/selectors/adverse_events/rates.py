"""What the rates of adverse events are counted from. Nobody is named."""

from collections import defaultdict

from django.db.models import Count, Q, QuerySet, Sum

from treatments.models import AdverseEvent, NeedleSite, NeedlingSession
from treatments.rules.adverse_events.rates import Basis, EventCounts, KindCount
from treatments.rules.reports import pooled
from treatments.rules.reports.report import Terms
from treatments.selectors.reports import sessions


def basis(terms: Terms) -> Basis:
    held = treated(terms)
    sites = NeedleSite.objects.standing().filter(session__in=held.order_by().values("pk")).order_by()
    found = held.order_by().aggregate(n=Count("pk"), had=Count("patient", distinct=True))
    return Basis(found["n"], sites.aggregate(sum=Sum("insertions"))["sum"] or 0, found["had"])


def counts(terms: Terms) -> EventCounts:
    """Each with its patients, who may have had several events."""
    held = treated(terms).order_by().values("pk")
    events = AdverseEvent.objects.standing().filter(session__in=held).order_by("severity", "kind__name")
    rows = list(events.values_list("severity", "kind__name", "session__patient"))
    by_severity, by_kind = defaultdict(list), defaultdict(list)
    for severity, kind, patient in rows:
        by_severity[severity].append(patient)
        by_kind[severity, kind].append(patient)
    kinds = (KindCount(kind, severity, _count(who)) for (severity, kind), who in by_kind.items())
    return EventCounts(
        _count([patient for *_, patient in rows]),
        {severity: _count(who) for severity, who in by_severity.items()},
        tuple(kinds),
    )


def _count(patients: list[int]) -> pooled.Count:
    """One for each event."""
    return pooled.Count(len(patients), len(set(patients)))


def treated(terms: Terms) -> QuerySet[NeedlingSession]:
    """Sessions that were held in these days: signed or closed unsigned, and not marked in error."""
    ended = Q(signed_at__isnull=False) | Q(closed_unsigned_at__isnull=False)
    return sessions.started(terms).filter(ended, error_mark=None)
