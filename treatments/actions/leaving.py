"""Somebody leaves: their visits and calls go to a colleague, then the account is closed."""

from django.db import transaction
from django.utils import timezone

from clinic.actions import accounts
from treatments.actions.board import absence
from treatments.selectors import leaving


@transaction.atomic
def hand_over(person, *, by, to, kept: str) -> tuple[int, int]:
    """Move every visit that has not begun and every call that waits. Returns how many of each.

    `kept` is what was confirmed of the double bookings that this makes.
    """
    first, last = timezone.localdate(), leaving.FOR_GOOD
    return absence.hand_over(by=by, away=person, to=to, first=first, last=last, kept=kept)


@transaction.atomic
def close_account(person, *, by) -> None:
    """Refused while work waits; every sign-in ends."""
    accounts.close(person, by=by)
