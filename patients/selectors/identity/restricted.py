"""Restricted records that somebody names in a search or a registration, wholly or nearly.

A record that is closed to the reader is found by a whole reference, or by the whole name and the birth date:
found by less, it would give away a phone number digit by digit.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import AuditEvent
from patients.models import Patient
from patients.rules.identity.keys import MAX_COMPARED

GUESSED = "restriction.guessed"
# Our own choice: registering a namesake on one birthday makes about five, and forty years have 14,600 days.
MAX_GUESSES_AN_HOUR = 20
# Of how many records one search is recorded as a guess.
MAX_RECORDED = 3


@dataclass(frozen=True)
class NamedRecords:
    """Records closed to the reader: named by name and birth date, and nearly named, by one of the two."""

    wholly: tuple[Patient, ...] = ()
    nearly: tuple[Patient, ...] = ()


def named_records(name_keys: Collection[str], born: dt.date | None, *, user) -> NamedRecords:
    """A search by a name alone or a day alone names nobody."""
    if not (name_keys and born):
        return NamedRecords()
    records = CLOSED(
        user=user.pk if user else None, at=timezone.now(), name_keys=tuple(sorted(name_keys)), born=born
    )
    # those of the name first: a day such as January 1 is many people's
    by_name = sorted(records, key=lambda record: record.name_key not in name_keys)
    wholly = tuple(record for record in by_name if record.name_key in name_keys and record.born == born)
    if records and _guessed_too_often(user):
        return NamedRecords(nearly=tuple(by_name[:MAX_RECORDED]))
    nearly = [record for record in by_name if record not in wholly]
    return NamedRecords(wholly, tuple(nearly[:MAX_RECORDED]))


def _closed(user: int | None, at: dt.datetime, name_keys: tuple[str, ...], born: dt.date) -> QuerySet:
    either = Q(name_key__among=name_keys) | Q(born=born)
    rows = Patient.objects.closed_to(user, at=at).filter(either)
    return rows.select_related("merged_into").order_by()[:MAX_COMPARED]


CLOSED = PreparedQuery(_closed)


def _guessed_too_often(user) -> bool:
    """Counted in the audit, so that neither another device nor a restart starts anew."""
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    made = AuditEvent.objects.filter(actor=user, code=GUESSED, at__gt=an_hour_ago)
    return made.order_by()[:MAX_GUESSES_AN_HOUR].count() == MAX_GUESSES_AN_HOUR
