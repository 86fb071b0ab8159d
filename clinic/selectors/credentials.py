"""Which credentials end soon, and which reminders are due."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Credential, CredentialReminder
from clinic.rules import credentials
from clinic.rules.credentials import ExpiringCredential

BOARD_LIMIT = 8


def due_reminders(*, on: dt.date, days: int) -> list[tuple[Credential, int]]:
    """(credential, days before the end) of every reminder that was not sent yet."""
    sent = set(CredentialReminder.objects.values_list("credential", "expires_on", "days"))
    found = []
    for row in expiring(on=on, days=days):
        reminder = credentials.due_reminder_days(row.expires_on, on=on, days=days)
        if reminder is not None and (row.pk, row.expires_on, reminder) not in sent:
            found.append((row, reminder))
    return found


def expiring(*, on: dt.date, days: int) -> QuerySet:
    """Credentials of active people that end within so many days or have ended, without renewed licences."""
    return _expiring(on + dt.timedelta(days=days))


def _expiring(until: dt.date) -> QuerySet:
    later = Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on"))
    licences = Credential.objects.filter(user=OuterRef("user"), kind=Credential.Kind.LICENCE)
    same_place = Q(jurisdiction=None) | Q(jurisdiction__state=OuterRef("jurisdiction__state"))
    renewed = Q(kind=Credential.Kind.LICENCE) & Exists(licences.filter(later, same_place))
    ending_soon = Credential.objects.filter(user__is_active=True, expires_on__lte=until)
    return ending_soon.exclude(renewed).select_related("user").order_by("expires_on", "pk")


def expiring_for(user, *, everybody: bool, on: dt.date, days: int) -> list[ExpiringCredential]:
    """Expiring credentials for a board: everybody's, else the user's own."""
    rows = EXPIRING(user=None if everybody else user.pk, until=on + dt.timedelta(days=days))
    return [ExpiringCredential(row, (row.expires_on - on).days) for row in rows]


def _for_board(user: int | None, until: dt.date) -> QuerySet:
    rows = _expiring(until)
    return (rows if user is None else rows.filter(user=user))[:BOARD_LIMIT]


EXPIRING = PreparedQuery(_for_board)
