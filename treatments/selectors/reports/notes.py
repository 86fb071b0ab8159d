"""Notes that are not signed, and notes whose needles differ."""

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from clinic.models import User
from treatments.models import NeedleSite, NeedlingSession
from treatments.rules.reports.notes import NeedleCounts, NoteRow
from treatments.rules.reports.report import MAX_ROWS, Terms
from treatments.selectors.reports import sessions


def unsigned(terms: Terms, *, user: User) -> list[NoteRow]:
    """Drafts that were opened in these days, the oldest first."""
    drafts = NeedlingSession.objects.drafts()
    found = sessions.of_terms(drafts, terms, day="opened_at").order_by("opened_at", "pk")
    return [sessions.note_row(row) for row in _readable(found, user)[:MAX_ROWS]]


def mismatches(terms: Terms, *, user: User) -> list[NeedleCounts]:
    """Sessions whose needles were counted out and differ from those in, or from those opened."""
    standing = NeedleSite.objects.standing().filter(session=OuterRef("pk")).order_by().values("session")
    used = Subquery(standing.annotate(sum=Sum("needles")).values("sum"), output_field=IntegerField())
    found = NeedlingSession.objects.filter(pk__among=_differing(terms)).annotate(used=Coalesce(used, 0))
    rows = _readable(found, user).order_by("-started_at", "-pk")
    return [_needle_counts(row) for row in rows[:MAX_ROWS]]


def _differing(terms: Terms) -> QuerySet:
    """Their keys: the sites of all sessions of these days are added up together, not session by session."""
    counted = sessions.started(terms).counted().without_error().filter(needles_out__isnull=False)
    in_sites = Sum("sites__needles", filter=Q(sites__struck_at=None))
    added = counted.annotate(used=Coalesce(in_sites, 0), unused=Coalesce("needles_unused", 0))
    opened = Q(needles_opened__isnull=False) & ~Q(needles_opened=F("used") + F("unused"))
    return added.filter(~Q(needles_out=F("used")) | opened).order_by().values("pk")


def _needle_counts(row) -> NeedleCounts:
    note = sessions.note_row(row)
    return NeedleCounts(note, row.needles_opened, row.needles_unused, row.used, row.needles_out)


def _readable(found, user: User) -> QuerySet[NeedlingSession]:
    return found.visible_to(user).select_related("patient", "therapist")
