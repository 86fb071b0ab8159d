"""Visits by week and therapist, counted. Nobody is named."""

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from clinic.models import User
from patients.models import Visit
from treatments.rules.reports import pooled
from treatments.rules.reports.report import Terms
from treatments.rules.reports.visits import WeekCounts
from treatments.selectors.reports import sessions

ARRIVED = Q(arrived_at__isnull=False)
# In the order of the report's columns.
COUNTED = (
    ARRIVED,
    ARRIVED & Q(kind=Visit.Kind.FIRST),
    Q(missed_at__isnull=False),
    Q(cancelled_at__isnull=False),
)
NUMBERS = {f"n{place}": Count("pk", filter=one) for place, one in enumerate(COUNTED)}
PATIENTS = {f"p{place}": Count("patient", distinct=True, filter=one) for place, one in enumerate(COUNTED)}


def by_week(terms: Terms) -> list[WeekCounts]:
    """The newest week first, and in it the therapists by name."""
    rows = list(
        _booked(terms)
        .values(week=TruncWeek("booked_for"), who=F("therapist"))
        .annotate(**NUMBERS, **PATIENTS)
        .order_by("-week")
    )
    people = User.objects.filter(pk__in={row["who"] for row in rows})
    names = {person.pk: person.display_name for person in people}
    found = [WeekCounts(timezone.localdate(row["week"]), names[row["who"]], _counts(row)) for row in rows]
    return sorted(found, key=lambda week: (-week.week.toordinal(), week.therapist))


def patients(terms: Terms) -> list[int]:
    """How many there are behind each column."""
    found = _booked(terms).aggregate(**PATIENTS)
    return [found[name] for name in PATIENTS]


def _counts(row) -> tuple[pooled.Count, ...]:
    return tuple(pooled.Count(row[n], row[p]) for n, p in zip(NUMBERS, PATIENTS, strict=True))


def _booked(terms: Terms) -> QuerySet[Visit]:
    return sessions.of_terms(Visit.objects.order_by(), terms, day="booked_for")
