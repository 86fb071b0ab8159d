"""The newest set of diagnosis codes, and the notes that were written under an expired one."""

import datetime as dt

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import CodeSet
from clinic.rules import code_sets
from treatments.models import SessionCondition


def expired(*, on: dt.date) -> CodeSet | None:
    """The newest set where it has ended by that day, with the number of `notes` that say so."""
    newest = NEWEST.one()
    return newest if code_sets.ended_on(newest, on) else None


def _newest() -> QuerySet:
    marked = SessionCondition.objects.filter(code_set_ended_on__isnull=False, removed_at=None)
    notes = marked.order_by().values(all=Value(1)).annotate(number=Count("session", distinct=True))
    rows = CodeSet.objects.defer("codes").annotate(notes=Coalesce(Subquery(notes.values("number")), 0))
    return rows[:1]


NEWEST = PreparedQuery(_newest)
