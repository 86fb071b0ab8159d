"""What each therapist has in hand, counted: one statement for the counts, one for the names."""

import datetime as dt
from collections import defaultdict

from django.db.models import BigIntegerField, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from clinic.models import Role, User
from patients.models import Episode, Visit
from patients.rules.visits.days import day_bounds
from treatments.models import FollowUp, NeedlingSession
from treatments.rules.reports.caseload import Caseload

EPISODES, DRAFTS, CALLS, VISITS = range(4)


def of_therapists(*, now: dt.datetime, monday: dt.date) -> list[Caseload]:
    """Everybody who is a therapist today or has something in hand, by name."""
    start, end = day_bounds(monday)[0], day_bounds(monday + dt.timedelta(days=6))[1]
    counted = [
        _by(_open_episodes(), "who", EPISODES),
        _by(NeedlingSession.objects.drafts(), "therapist", DRAFTS),
        _by(FollowUp.objects.waiting(now), _first("assigned_to", "session__therapist"), CALLS),
        _by(Visit.objects.standing().between(start, end), "therapist", VISITS),
    ]
    numbers: dict[int | None, list[int]] = defaultdict(lambda: [0] * len(counted))
    for who, what, number in counted[0].union(*counted[1:], all=True):
        numbers[who][what] = number
    unclaimed = numbers.pop(None, None)
    people = User.objects.filter(
        Q(pk__in=numbers) | Q(pk__in=User.objects.holding(Role.THERAPIST).order_by().values("pk"))
    ).order_by("last_name", "first_name", "pk")
    found = [Caseload(person.display_name, tuple(numbers[person.pk])) for person in people]
    return [*found, Caseload("", tuple(unclaimed))] if unclaimed else found


def _open_episodes() -> QuerySet[Episode]:
    """With the therapist who treated last; before the first session, with whom the newest visit is booked."""
    last = NeedlingSession.objects.counted().filter(episode=OuterRef("pk")).order_by("-opened_at", "-pk")
    booked = Visit.objects.standing().filter(patient=OuterRef("patient")).order_by("-booked_for", "-pk")
    # any patient: with it the databases read the index of the open episodes, not the table of all
    return (
        Episode.objects.open()
        .filter(patient__gt=0)
        .annotate(
            who=_first(Subquery(last.values("therapist")[:1]), Subquery(booked.values("therapist")[:1]))
        )
    )


def _first(*people) -> Coalesce:
    return Coalesce(*people, output_field=BigIntegerField())


def _by(rows: QuerySet, who, what: int) -> QuerySet:
    named = {"by": F(who) if isinstance(who, str) else who, "what": Value(what, IntegerField())}
    return rows.order_by().annotate(**named).values("by", "what").annotate(n=Count("pk")).values_list(
        "by", "what", "n"
    )  # fmt: skip
