"""Sessions with the requests to amend that wait for an answer."""

from django.db.models import OuterRef, QuerySet

from clinic.models.rows import Rows
from treatments.models import Addendum


def with_unanswered(sessions: QuerySet) -> QuerySet:
    """Sessions with the requests that wait for an answer, in the same question."""
    waiting = Addendum.objects.unanswered().filter(session=OuterRef("pk")).order_by("pk")
    return sessions.annotate(unanswered=Rows(waiting, pk="pk", at="written_at"))
