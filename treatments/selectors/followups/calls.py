"""The call list: follow-ups that are due, their counts and pages."""

import datetime as dt

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf

from clinic.models.rows import RelatedRows
from treatments.models import ContactAttempt, FollowUp, NeedleSite, RedFlag, SorenessReport, WarningSign
from treatments.rules.followups import calling_hours, calls, soreness
from treatments.rules.followups.calls import FLAGGED, TALK, UNREACHED, Call
from treatments.selectors.followups import red_flags

PAGE = 25
# what says whether a site lies over the lung
PLACE = {"hazards": "muscle__hazards", "region_over_lung": "region__over_lung"}
TRIED_LATELY = dt.timedelta(hours=1)


def waiting(user, *, now: dt.datetime) -> QuerySet:
    """Follow-ups that are due, and closed ones whose warning sign nobody has acted on."""
    rows = with_red_flags(FollowUp.objects.visible_to(user).waiting(now))
    # a subquery per row: a list of all reports that ever needed a call would grow with the years
    reports = SorenessReport.objects.filter(followup=OuterRef("pk"), superseded_by=None)
    return rows.annotate(is_talk=Exists(reports.filter(triage=soreness.TALK)))


def with_red_flags(rows: QuerySet) -> QuerySet:
    """Follow-ups annotated with whether an unacknowledged warning sign exists."""
    flagged = RedFlag.objects.waiting().values("report__followup")
    waits = Case(When(pk__in=flagged, then=True), default=False, output_field=BooleanField())
    return rows.annotate(is_flagged=waits)


def counts(user, *, now: dt.datetime, attempts: int) -> dict[str, int]:
    """How many are due in all, with a warning sign, for a therapist's call, and after too many attempts."""
    return waiting(user, now=now).aggregate(
        due=Count("pk"),
        flag=Count("pk", filter=Q(is_flagged=True)),
        talk=Count("pk", filter=Q(is_talk=True)),
        unreached=Count("pk", filter=Q(attempts__gte=attempts)),
    )


def page(
    user, *, now: dt.datetime, attempts: int, only: str = "", number: int = 1
) -> tuple[list[Call], bool]:
    """One page of calls, warning signs first and then the oldest, and whether there is another page."""
    condition = {
        FLAGGED: Q(is_flagged=True),
        TALK: Q(is_talk=True),
        UNREACHED: Q(attempts__gte=attempts),
    }.get(only, Q())
    rows = with_call_details(waiting(user, now=now).filter(condition)).order_by("-is_flagged", "due_at", "pk")
    start = (number - 1) * PAGE
    page_rows = list(rows[start : start + PAGE + 1])
    return [calls.call_for(row, user=user, now=now, attempts=attempts) for row in page_rows[:PAGE]], len(
        page_rows
    ) > PAGE


def next_open(user, *, now: dt.datetime, after: FollowUp) -> FollowUp | None:
    """The next due follow-up that nobody has claimed and that needs no therapist: further down, else on top.

    Not one that was tried within the last hour: whoever did not answer would be called over and over.
    """
    free = waiting(user, now=now).filter(closed_at=None, is_talk=False).exclude(pk=after.pk)
    busy = Q(claimed_at__gt=now - calling_hours.CLAIM_LASTS) & ~Q(claimed_by=user)
    tried = ContactAttempt.objects.filter(followup=OuterRef("pk"), made_at__gt=now - TRIED_LATELY)
    further = Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, pk__gt=after.pk)
    place = Case(When(further, then=0), default=1)
    return free.exclude(busy).exclude(Exists(tried)).order_by(place, "due_at", "pk").first()


def visible_to(user) -> QuerySet[FollowUp]:
    """Follow-ups with all that their page shows."""
    return with_red_flags(with_call_details(FollowUp.objects.visible_to(user)))


def warning_signs() -> QuerySet[WarningSign]:
    """The warning signs that are asked at every call."""
    return WarningSign.objects.current()


def with_call_details(rows: QuerySet) -> QuerySet:
    """Follow-ups with all that a row of the call list shows, in the same query."""
    sites = NeedleSite.objects.standing().filter(session=OuterRef("session")).order_by("number")
    contacts = ContactAttempt.objects.filter(followup=OuterRef("pk")).order_by("pk")
    reports = SorenessReport.objects.filter(followup=OuterRef("pk"), superseded_by=None)
    muscle = Coalesce(NullIf(F("muscle__name"), Value("")), F("unlisted_name"))
    people = ("session__therapist", "assigned_to", "claimed_by", "closed_by")
    return rows.select_related("session__patient", "session__error_mark", *people).annotate(
        sites=RelatedRows(sites, name=muscle, side="side", count="insertions", **PLACE),
        contact_rows=RelatedRows(
            contacts, result="result", at="made_at", by="made_by__first_name", again_at="again_at"
        ),
        sign_names=red_flags.sign_names(),
        current_reports=RelatedRows(
            reports,
            triage="triage",
            now="now",
            signs="warning_signs",
            at="reported_at",
        ),
    )


def followups_due(user, *, at: dt.datetime, **_):
    """The length of this user's call list, as a subquery of the practice row."""
    waiting = FollowUp.objects.visible_to(user, at=at).waiting(at)
    due = waiting.order_by().annotate(one=F("pk") * 0).values("one")
    return Coalesce(due.annotate(n=Count("pk")).values("n")[:1], 0)
