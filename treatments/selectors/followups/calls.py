"""The call list: follow-ups that are due, their counts and pages."""

import datetime as dt
from collections.abc import Iterator
from itertools import count

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from clinic.access import Permission, may
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Practice, User
from clinic.models.rows import RelatedRows, RowCount
from patients.models import Patient
from treatments.models import ContactAttempt, FollowUp, NeedleSite, RedFlag, SorenessReport
from treatments.rules.followups import calling_hours, calls, soreness
from treatments.rules.followups.calls import FLAGGED, TALK, UNREACHED, Call
from treatments.rules.followups.warning_levels import AskedSign, Situation
from treatments.rules.sites import places
from treatments.selectors.followups import red_flags, warning_levels

PAGE = 25
# what says whether a site lies over the lung
PLACE = places.COLUMNS
TRIED_LATELY = dt.timedelta(hours=1)


def waiting(user, *, now: dt.datetime) -> QuerySet:
    """Follow-ups that are due, and closed ones whose warning sign nobody has acted on."""
    rows = with_red_flags(FollowUp.objects.visible_to(user, at=now).waiting(now))
    return rows.annotate(is_talk=Exists(_to_talk()))


def _to_talk() -> QuerySet:
    """The reports that stand of the follow-up and ask for a therapist's call; an index has them alone."""
    reports = SorenessReport.objects.filter(followup=OuterRef("pk"), superseded_by=None)
    return reports.filter(triage=soreness.TALK)


def _flagged() -> QuerySet:
    return RedFlag.objects.waiting().values("report__followup")


def with_red_flags(rows: QuerySet) -> QuerySet:
    """Follow-ups annotated with whether an unacknowledged warning sign exists."""
    waits = Case(When(pk__in=_flagged(), then=True), default=False, output_field=BooleanField())
    return rows.annotate(is_flagged=waits)


def counts(user, *, now: dt.datetime, attempts: int) -> dict[str, int]:
    """How many have a warning sign, wait for a therapist's call, and were tried too often.

    How many there are in all is the number in the navigation.
    """
    return COUNTS.one(user=user.pk, now=now, attempts=attempts)


def _counts(user: int, now: dt.datetime, attempts: int) -> QuerySet:
    """Each by itself: the few that are counted lead to their calls, not all that is due to each of them."""
    rows = FollowUp.objects.visible_to(User(pk=user), at=now).waiting(now)
    kinds = {
        "flag": rows.filter(pk__in=_flagged()),
        "talk": rows.filter(Exists(_to_talk())),
        "unreached": rows.filter(attempts__gte=attempts),
    }
    return Practice.objects.filter(pk=1).values(**{name: RowCount(kind) for name, kind in kinds.items()})


COUNTS = PreparedQuery(_counts)


def page(
    user, *, now: dt.datetime, attempts: int, only: str = "", number: int = 1
) -> tuple[list[Call], bool]:
    """One page of calls, warning signs first and then the oldest, and whether there is another page."""
    asked = {
        "user": user.pk,
        "now": now,
        "attempts": attempts if only == UNREACHED else None,
        "flagged": only == FLAGGED,
        "talk": only == TALK,
        "reads": may(user, Permission.CHART_VIEW),
    }
    # the limits stand in the SQL: only the first page is asked for often enough
    found = FIRST_PAGE(**asked) if number == 1 else list(_page_rows(**asked, start=(number - 1) * PAGE))
    rows = [calls.call_for(row, user=user, now=now, attempts=attempts) for row in found[:PAGE]]
    return rows, len(found) > PAGE


def _page_rows(
    user: int, now: dt.datetime, attempts: int | None, flagged: bool, talk: bool, reads: bool, start: int = 0
) -> QuerySet:
    """The keys first: what a row shows is read for those of the page alone."""
    asker, end = User(pk=user), start + PAGE + 1
    if flagged or talk or attempts is not None:
        keys = waiting(asker, now=now)
        keys = keys.filter(is_flagged=True) if flagged else keys
        keys = keys.filter(is_talk=True) if talk else keys
        keys = keys if attempts is None else keys.filter(attempts__gte=attempts)
    else:
        keys = with_red_flags(_foremost(asker, now, end))
    first = _in_order(keys).values("pk")[start:end]
    rows = with_red_flags(_with_details(FollowUp.objects.filter(pk__among=first)))
    return _in_order(rows.annotate(sites=_sites()) if reads else rows)


def _foremost(user: User, now: dt.datetime, most: int) -> QuerySet:
    """Among them the first `most` of the list: those with a warning sign, and the oldest by their index."""
    rows = FollowUp.objects.visible_to(user, at=now)
    signs = rows.waiting(now).filter(pk__in=_flagged()).order_by().values("pk")
    oldest = rows.due(now).order_by("due_at", "pk").values("pk")[:most]
    return FollowUp.objects.filter(Q(pk__among=signs) | Q(pk__among=oldest))


FIRST_PAGE = PreparedQuery(_page_rows)


def pages(user, *, now: dt.datetime, attempts: int, only: str = "") -> Iterator[Call]:
    """Every call of the list, read page by page."""
    for number in count(1):
        calls_of_page, more = page(user, now=now, attempts=attempts, only=only, number=number)
        yield from calls_of_page
        if not more:
            return


def _in_order(rows: QuerySet) -> QuerySet:
    """Warning signs first, then the oldest."""
    return rows.order_by("-is_flagged", "due_at", "pk")


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


def visible_to(user: User, ref: str) -> FollowUp | None:
    """A follow-up with all that its page shows."""
    return VISIBLE.one(user=user.pk, at=timezone.now(), ref=ref)


def _visible(user: int, at: dt.datetime, ref: str) -> QuerySet:
    rows = with_red_flags(_with_details(FollowUp.objects.visible_to(User(pk=user), at=at)))
    return rows.select_related("closed_by").annotate(sites=_sites()).filter(ref=ref)


VISIBLE = PreparedQuery(_visible)


def of_caller(user: User, ref: str) -> FollowUp | None:
    """Where a patient who calls by themselves is heard: of the newest session, first what is open.

    Also of the records merged into this one, where their sessions stay.
    """
    return OF_CALLER.one(user=user.pk, at=timezone.now(), ref=ref)


def _of_caller(user: int, at: dt.datetime, ref: str) -> QuerySet:
    merged = Patient.objects.filter(merged_into__ref=ref).order_by().values("pk")
    person = Patient.objects.filter(ref=ref).order_by().values("pk").union(merged)
    rows = FollowUp.objects.visible_to(User(pk=user), at=at).filter(session__patient__among=person)
    open_first = F("closed_at").desc(nulls_first=True)
    return rows.order_by("-session__opened_at", open_first, "step")[:1]


OF_CALLER = PreparedQuery(_of_caller)


def warning_signs(followup, *, now: dt.datetime) -> list[AskedSign]:
    """The warning signs that are asked at every call, each with its urgency after this session by now."""
    since = warning_levels.since(followup.session, at=now)
    return warning_levels.asked_in(Situation(places.of_rows(followup.sites), since))


def _sites() -> RelatedRows:
    """What was needled in the session of a follow-up, which only readers of charts are shown in a list."""
    sites = NeedleSite.objects.standing().filter(session=OuterRef("session")).order_by("number")
    muscle = Coalesce(NullIf(F("muscle__name"), Value("")), F("unlisted_name"))
    return RelatedRows(sites, name=muscle, side="side", count="insertions", **PLACE)


def _with_details(rows: QuerySet) -> QuerySet:
    """Follow-ups with all that a row of the call list shows but the sites, in the same query."""
    contacts = ContactAttempt.objects.filter(followup=OuterRef("pk")).order_by("pk")
    reports = SorenessReport.objects.filter(followup=OuterRef("pk"), superseded_by=None)
    people = ("session__therapist", "assigned_to", "claimed_by")
    return rows.select_related("session__patient", "session__error_mark", *people).annotate(
        contact_rows=RelatedRows(
            contacts, result="result", at="made_at", by="made_by__first_name", again_at="again_at"
        ),
        sign_names=red_flags.sign_names(),
        current_reports=RelatedRows(
            reports,
            triage="triage",
            now="now",
            signs="warning_signs",
            urgency="urgency",
            at="reported_at",
        ),
    )


def followups_due(user, *, at: dt.datetime, **_):
    """The length of this user's call list, as an expression of the practice row.

    All that are due are counted in their index, and the few that are closed to the user are taken off.
    """
    due = FollowUp.objects.due(at)
    flagged = FollowUp.objects.visible_to(user, at=at).flagged_and_closed()
    return RowCount(due) - RowCount(due.closed_to(user, at=at)) + RowCount(flagged)
