"""Drafts, co-signatures, requests to amend and adverse events that wait, in one statement; their counts."""

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import User
from treatments.models import Addendum, AdverseEvent, NeedleSite, NeedlingSession
from treatments.rules.board import due_notes
from treatments.rules.board.due_notes import DueNotes, Reader
from treatments.selectors.adverse_events import event
from treatments.selectors.record import amendments as amendments_selectors
from treatments.selectors.signing import supervision


def notes_for(
    user, *, mine: bool, before: dt.datetime | None, cosigns: bool, cosign_before: dt.datetime
) -> DueNotes:
    """Notes to sign, to co-sign or with a request to amend, the oldest first, in one statement.

    `mine`: this person writes notes. `before`: for a lead, also everybody's drafts opened before it.
    `cosigns`: this person may co-sign; notes signed before `cosign_before` are late.
    """
    reader = Reader(user.pk, mine, before, cosign_before)
    late_before = cosign_before if cosigns and reader.is_lead else None
    found = DUE_NOTES(
        user=user.pk, at=timezone.now(), mine=mine, before=before, cosigns=cosigns, late_before=late_before
    )
    return due_notes.sort_notes(found, reader, on=timezone.localdate())


def _due_notes(
    user: int,
    at: dt.datetime,
    mine: bool,
    before: dt.datetime | None,
    cosigns: bool,
    late_before: dt.datetime | None,
) -> QuerySet:
    person, everybody = User(pk=user), before is not None
    drafts = _drafts(person, at=at, mine=mine, before=before)
    lists = [drafts.values("pk")[: due_notes.MAX_NOTES * 4]]
    if cosigns:
        late = Q(signed_at__lt=late_before) if everybody else Q(pk=None)
        waiting = NeedlingSession.objects.waiting_for_cosignature().order_by("signed_at").values("pk")
        lists.append(waiting.filter(Q(supervisor=person) | late)[: due_notes.MAX_NOTES * 4])
        handed = waiting.filter(pk__among=supervision.handed_to(person))
        lists.append(handed[: due_notes.MAX_NOTES * 4])
    if mine or everybody:
        requests = _amendment_requests(person, everybody=everybody)
        lists.append(requests.values("session")[: due_notes.MAX_NOTES * 4])
        events = _open_events(person, everybody=everybody)
        lists.append(events.values("session")[: due_notes.MAX_NOTES * 4])
    return _for_list(NeedlingSession.objects.visible_to(person, at=at).in_any(*lists))


DUE_NOTES = PreparedQuery(_due_notes)


def _amendment_requests(user, *, everybody: bool) -> QuerySet:
    """Requests to amend that wait for this person, the oldest first."""
    waiting = Addendum.objects.unanswered().order_by("pk")
    return waiting if everybody else waiting.filter(session__therapist=user)


def _open_events(user, *, everybody: bool) -> QuerySet:
    """Adverse events that nobody has closed, the most serious first."""
    events = AdverseEvent.objects.open().order_by("-severity", "pk")
    return events if everybody else events.filter(session__therapist=user)


def _drafts(user, *, at: dt.datetime, mine: bool, before: dt.datetime | None) -> QuerySet:
    condition = (Q(therapist=user) | Q(supervisor=user)) if mine else Q(pk=None)
    if before is not None:
        condition |= Q(opened_at__lt=before)
    return (
        NeedlingSession.objects.drafts().visible_to(user, at=at).filter(condition).order_by("opened_at", "pk")
    )


def unsigned_counts(*, before: dt.datetime) -> dict[str, int]:
    """How many notes are unsigned and how many for too long, without names."""
    return NeedlingSession.objects.drafts().aggregate(
        unsigned=Count("pk"), old=Count("pk", filter=Q(opened_at__lt=before))
    )


def _for_list(sessions: QuerySet) -> QuerySet:
    standing = NeedleSite.objects.standing().filter(session=OuterRef("pk")).order_by()
    count = standing.values("session").annotate(n=Count("pk")).values("n")
    waiting = NeedlingSession.objects.waiting_for_cosignature().filter(pk=OuterRef("pk"))
    counted = sessions.annotate(site_count=Coalesce(Subquery(count), 0), waits=Exists(waiting))
    counted = supervision.with_cosigner(counted).annotate(open_events=event.open_rows_of_session())
    return (
        amendments_selectors.with_unanswered(counted)
        .select_related("patient", "therapist", "supervisor")
        .order_by("opened_at", "pk")
    )
