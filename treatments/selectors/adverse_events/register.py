"""The register of the practice's adverse events, read page by page."""

import datetime as dt

from django.db.models import Count, Q, QuerySet, Subquery

from clinic.models import User
from patients.rules.visits.days import day_bounds
from treatments.models import AdverseEvent
from treatments.models.adverse_events import AdverseEventQuerySet
from treatments.rules.adverse_events import register
from treatments.rules.adverse_events.event import SERIOUS
from treatments.rules.adverse_events.register import RegisterCounts, RegisterFilter, RegisterRow

SHOWN, MAX_WAITING = 50, 200
BESIDE = ("session__patient", "session__therapist", "kind", "closed_by", "reported_by")


def page(terms: RegisterFilter, *, user: User, today: dt.date) -> dict:
    """One page, the newest first, and the event before which older ones stand; open work is one list."""
    events = matching(terms, user=user, today=today)
    if terms.state in register.WAITING:
        found = list(events[:MAX_WAITING])
        return {"rows": [RegisterRow(row, today) for row in found], "full": len(found) == MAX_WAITING}
    found = list(_older(events, terms.before)[: SHOWN + 1])
    shown = found[:SHOWN]
    return {
        "rows": [RegisterRow(event, today) for event in shown],
        "older": shown[-1].pk if len(found) > SHOWN else "",
    }


def matching(terms: RegisterFilter, *, user: User, today: dt.date) -> QuerySet[AdverseEvent]:
    events = _in_state(terms.state).visible_to(user).select_related(*BESIDE)
    equal = {
        "kind": terms.kind,
        "severity": terms.severity,
        "phase": terms.phase or None,
        "session__therapist": terms.therapist,
    }
    events = events.filter(**{name: value for name, value in equal.items() if value is not None})
    first = terms.first_day(today=today)
    if first:
        events = events.filter(noted_at__gte=day_bounds(first)[0])
    if terms.state in register.WAITING:
        events = events.filter(noted_at__lt=day_bounds(terms.last)[1]) if terms.last else events
        return events.order_by("-severity", "-pk")
    # with an end on either side the index is entered there, and not read from its end
    return events.filter(noted_at__lt=day_bounds(terms.last or today)[1]).order_by("-noted_at", "-pk")


def counts(terms: RegisterFilter, *, user: User, today: dt.date) -> RegisterCounts:
    """All that the filters ask for, on whatever page of the register it stands."""
    found = matching(terms, user=user, today=today).order_by().aggregate(
        events=Count("pk"),
        still_open=Count("pk", filter=Q(closed_at=None, withdrawn_at=None)),
        serious=Count("pk", filter=Q(severity__gte=SERIOUS)),
    )  # fmt: skip
    return RegisterCounts(**found)


def every(terms: RegisterFilter, *, user: User, today: dt.date) -> list[RegisterRow]:
    """For the file: all of them, in the order of the page."""
    return [RegisterRow(row, today) for row in matching(terms, user=user, today=today)]


def _in_state(state: str) -> AdverseEventQuerySet:
    events = AdverseEvent.objects
    if state == register.ERROR:
        return events.of_patients().filter(withdrawn_at__isnull=False)
    if state == register.CLOSED:
        return events.standing().filter(closed_at__isnull=False)
    if state == register.DUE:
        return events.open().filter(report_due_on__isnull=False, reported_at=None)
    return events.open() if state == register.OPEN else events.standing()


def _older(events: QuerySet[AdverseEvent], before: int | None) -> QuerySet[AdverseEvent]:
    if before is None:
        return events
    at = Subquery(AdverseEvent.objects.filter(pk=before).values("noted_at"))
    return events.filter(Q(noted_at__lt=at) | Q(noted_at=at, pk__lt=before))
