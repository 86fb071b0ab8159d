"""Somebody leaves: their visits and calls go to a colleague, then the account is closed."""

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from clinic.actions import accounts
from clinic.models import Practice
from clinic.values import errors
from clinic.values.errors import STOP, Reason
from treatments.actions.board import absence
from treatments.rules import qualification
from treatments.selectors import leaving, set_up
from treatments.selectors.board import absence as absence_selectors


@transaction.atomic
def hand_over(person, *, by, to, kept: str) -> tuple[int, int]:
    """Move every visit that has not begun and every call that waits. Returns how many of each.

    Whoever takes visits over for good may needle: by license, courses and the state's rules of delegation.

    `kept` is what was confirmed of the double bookings that this makes.
    """
    first, last = timezone.localdate(), leaving.FOR_GOOD
    if absence_selectors.visits_of(person, first, last):
        errors.refuse(_not_entitled(to, on=first))
    return absence.hand_over(by=by, away=person, to=to, first=first, last=last, kept=kept)


def _not_entitled(to, *, on: dt.date) -> list[Reason]:
    """What a supervisor covers refuses nobody."""
    missing = set_up.missing_of(to, Practice.objects.select_related("jurisdiction").get(pk=1), on=on)
    return [
        replace(reason, level=STOP, field="to")
        for reason in missing
        if reason.code not in qualification.EARNED_UNDER_SUPERVISION
    ]


@transaction.atomic
def close_account(person, *, by) -> None:
    """Refused while work waits; every sign-in ends."""
    accounts.close(person, by=by)
