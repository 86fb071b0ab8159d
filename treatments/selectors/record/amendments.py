"""Requests of patients to amend their record: those that wait for an answer, and one to answer."""

from django.db.models import OuterRef, QuerySet

from clinic.models import User
from clinic.models.rows import RelatedRows
from treatments.models import Addendum, NeedlingSession


def with_unanswered(sessions: QuerySet) -> QuerySet:
    """Sessions with the requests that wait for an answer, in the same query."""
    waiting = Addendum.objects.unanswered().filter(session=OuterRef("pk")).order_by("pk")
    return sessions.annotate(unanswered=RelatedRows(waiting, pk="pk", at="written_at"))


def requests_visible_to(user: User, *, ref: str) -> QuerySet[Addendum]:
    """The patient's requests beneath a note that this person may read."""
    visible = NeedlingSession.objects.visible_to(user).filter(ref=ref)
    requests = Addendum.objects.filter(kind=Addendum.Kind.PATIENT_REQUEST, session__in=visible)
    people = ("session__patient", "session__therapist", "written_by", "answer__answered_by")
    return requests.select_related(*people)
