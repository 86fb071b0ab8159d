"""Which credentials end soon, and which reminders are due."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.models import Credential, CredentialReminder
from clinic.rules import credentials
from clinic.rules.credentials import ExpiringCredential

BOARD_LIMIT = 8


def due_reminders(*, on: dt.date, days: int) -> list[tuple[Credential, int]]:
    """(credential, call) of every mail that was not sent yet."""
    sent = set(CredentialReminder.objects.values_list("credential", "expires_on", "days"))
    found = []
    for row in expiring(on=on, days=days):
        call = credentials.due_reminder_days(row.expires_on, on=on, days=days)
        if call is not None and (row.pk, row.expires_on, call) not in sent:
            found.append((row, call))
    return found


def expiring(*, on: dt.date, days: int) -> QuerySet:
    """Of people who work here, what ends within so many days or has ended; a renewed licence is no news."""
    later = Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on"))
    licences = Credential.objects.filter(user=OuterRef("user"), kind=Credential.Kind.LICENCE)
    same_place = Q(jurisdiction=OuterRef("jurisdiction")) | Q(jurisdiction=None)
    renewed = Q(kind=Credential.Kind.LICENCE) & Exists(licences.filter(later, same_place))
    soon = Credential.objects.filter(user__is_active=True, expires_on__lte=on + dt.timedelta(days=days))
    return soon.exclude(renewed).select_related("user").order_by("expires_on", "pk")


def expiring_for(user, *, everybody: bool, on: dt.date, days: int) -> list[ExpiringCredential]:
    """What a board shows: everybody's for whoever looks after the practice, else one's own."""
    rows = expiring(on=on, days=days)
    rows = rows if everybody else rows.filter(user=user)
    return [ExpiringCredential(row, (row.expires_on - on).days) for row in rows[:BOARD_LIMIT]]
