"""The sharps injury log: entries that somebody may read, and what stands in patients' records still."""

from django.db.models import Q, QuerySet
from django.db.models.functions import ExtractYear

from clinic.models import Location, User
from treatments.models import AdverseEvent, AdverseEventKind, SharpsInjury
from treatments.models.adverse_events import STAFF_CATEGORY
from treatments.models.sharps import SharpsInjuryQuerySet
from treatments.rules import sharps
from treatments.rules.sharps import LogLine

SHOWN = 200


def visible_to(user: User) -> SharpsInjuryQuerySet:
    """Every entry for who keeps the log, for others those about themselves."""
    rows = SharpsInjury.objects.all() if sharps.keeps_log(user) else SharpsInjury.objects.of(user)
    return rows.select_related("location", "injured", "noted_by")


def log(user: User, *, year: int | None, limit: int | None = SHOWN) -> list[LogLine]:
    """The current entries, the newest first; without a limit all of them."""
    rows = visible_to(user).current()
    rows = rows.filter(occurred_at__year=year) if year else rows
    return [sharps.log_line(row) for row in rows[:limit]]


def years(user: User) -> list[int]:
    """The years with entries, the newest first."""
    rows = visible_to(user).current().order_by().annotate(year=ExtractYear("occurred_at"))
    return sorted(rows.values_list("year", flat=True).distinct(), reverse=True)


def versions(injury: SharpsInjury) -> list[SharpsInjury]:
    """Every version of the entry, the newest first."""
    case = injury.case_number
    rows = SharpsInjury.objects.filter(Q(pk=case) | Q(first_version=case))
    return list(rows.select_related("noted_by", "injured", "location").order_by("-pk"))


def people() -> QuerySet[User]:
    return User.objects.filter(is_active=True).order_by("last_name", "first_name", "pk")


def locations() -> QuerySet[Location]:
    return Location.objects.filter(retired_at=None)


def in_patients_records(user: User) -> QuerySet[AdverseEvent]:
    """Injuries of staff that were filed into patients' records before this log existed."""
    kinds = AdverseEventKind.objects.filter(category=STAFF_CATEGORY)
    rows = AdverseEvent.objects.of_staff().filter(kind__in=kinds.values("pk")).visible_to(user)
    # in no order: the few rows are found by their kind, and never by a walk over all events
    return rows.select_related("session__patient", "kind", "noted_by").order_by()
