"""What happened since a board was shown, in one statement that reads what is new and no more."""

import datetime as dt

from django.db.models import Exists, F, Max, Q, Subquery

from clinic.models import AuditEvent, Practice
from treatments.models import FollowUp
from treatments.rules.board import news
from treatments.rules.board.news import Events, Version
from treatments.selectors.record.history import ACCESS_CODES

# Looks and sign-ins show on no board; every other event may.
SHOWN_NOWHERE = (*ACCESS_CODES, "access.refused", "lot.searched")
IS_QUIET = Q(code__in=SHOWN_NOWHERE) | Q(code__startswith="user.")


def since(version: Version, *, now: dt.datetime) -> Events:
    events = AuditEvent.objects.order_by()
    if version.seq is None:
        events = events.filter(at__gt=version.at - news.SLACK)
    else:
        events = events.filter(seq__gt=version.seq)
    newest = events.annotate(one=F("seq") * 0).values("one").annotate(newest=Max("seq")).values("newest")
    due = FollowUp.objects.open().filter(due_at__gt=version.at, due_at__lte=now)
    found = Practice.objects.annotate(
        newest=Subquery(newest[:1]), concerning=Exists(events.filter(~IS_QUIET)), due=Exists(due.order_by())
    )
    return Events(*found.values_list("newest", "concerning", "due").get(pk=1))
