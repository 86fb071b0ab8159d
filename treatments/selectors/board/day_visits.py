"""The visits of a day with all that the board shows of each, in one statement."""

import datetime as dt

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from clinic.models.rows import RelatedRows
from patients.models import Episode, Patient, PatientAccess, Visit
from patients.rules.visits.days import day_bounds
from patients.selectors import state_duties
from treatments.models import NeedleSite, NeedlingSession
from treatments.selectors.board import my_day

SESSION_COLUMNS = (
    "ref",
    "therapist_id",
    "ended_at",
    "signed_at",
    "closed_unsigned_at",
    "needles",
    "needles_since",
)


def visits_of(user, day: dt.date, *, with_summaries: bool, only_own: bool) -> list[Visit]:
    """`only_own`: those of this therapist alone, each with whether another visit of the day `shares_name`."""
    start, end = day_bounds(day)
    return DAY_VISITS(
        user=user.pk, at=timezone.now(), start=start, end=end,
        with_summaries=with_summaries, only_own=only_own,
    )  # fmt: skip


def _day_visits(
    user: int, at: dt.datetime, start: dt.datetime, end: dt.datetime, with_summaries: bool, only_own: bool
) -> QuerySet:
    person = User(pk=user)
    open_records = PatientAccess.objects.open_to(person, at=at).filter(patient=OuterRef("patient"))
    of_day = Visit.objects.standing().between(start, end)
    visits = (
        (_own(of_day, person, at=at) if only_own else of_day)
        .select_related("patient", "therapist", "room", "location")
        .annotate(
            **_history(),
            **state_duties.duty_rows(OuterRef("patient")),
            open_to_me=Exists(open_records),
            of_visit=RelatedRows(_sessions().order_by("pk"), **{name: F(name) for name in SESSION_COLUMNS}),
        )
        .order_by("booked_for", "pk")
    )
    return my_day.with_last_treatments(visits) if with_summaries else visits


def _own(of_day: QuerySet, user: User, *, at: dt.datetime) -> QuerySet:
    """A mark for the name of a closed record would tell the name."""
    same = of_day.filter(patient__name_key=OuterRef("patient__name_key")).exclude(patient=OuterRef("patient"))
    open_to_user = same.exclude(patient__in=Patient.objects.closed_to(user, at=at)).order_by()
    return of_day.filter(therapist=user).annotate(shares_name=Exists(open_to_user))


DAY_VISITS = PreparedQuery(_day_visits)


def _history() -> dict:
    """How often the patient was here before, also before Filiform, and when they come next."""
    patient, booked_for = OuterRef("patient"), OuterRef("booked_for")
    course = Episode.objects.open().filter(patient=patient)
    earlier = NeedlingSession.objects.counted().filter(
        patient=patient, episode__discharged_at=None, visit__booked_for__lt=booked_for
    )
    made = earlier.order_by().values("patient").annotate(n=Count("pk")).values("n")
    here = Visit.objects.filter(patient=patient, arrived_at__isnull=False, booked_for__lt=booked_for)
    ahead = Visit.objects.expected().filter(patient=patient, booked_for__gt=booked_for)
    return {
        "made": Coalesce(Subquery(made), 0),
        "made_before": Coalesce(Subquery(course.values("visits_before")[:1]), 0),
        "was_here": Exists(here),
        "next_at": Subquery(ahead.order_by("booked_for").values("booked_for")[:1]),
    }


def _sessions() -> QuerySet:
    """The sessions of a visit, with the needles that are in."""
    needles = NeedleSite.objects.with_needles_in().filter(session=OuterRef("pk")).order_by()
    return NeedlingSession.objects.counted().filter(visit=OuterRef("pk")).annotate(
        needles=Subquery(needles.values("session").annotate(n=Sum("needles")).values("n")),
        needles_since=Subquery(needles.order_by("needle_in_at").values("needle_in_at")[:1]),
    )  # fmt: skip
