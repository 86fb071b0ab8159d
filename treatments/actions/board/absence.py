"""An absent therapist: visits that have not begun and open calls are given to somebody else."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.values import errors
from clinic.values.errors import Reason
from patients.actions import records, visits
from treatments.actions.followups import calls as calls_actions
from treatments.rules.board import absence as absence_rules
from treatments.selectors.board import absence


@transaction.atomic
def hand_over(*, by, away, to, first: dt.date, last: dt.date, kept: str | None = None) -> tuple[int, int]:
    """Move what `away` had from `first` to `last`. Returns how many visits and calls moved.

    `kept` is what was confirmed of the double bookings that this makes; None where nobody is asked.
    """
    errors.refuse(_reasons(away, to, first, last))
    records.lock_diaries(away, to)
    moving = absence.visits_of(away, first, last)
    if kept is not None:
        cautions = absence_rules.cautions(moving, absence.visits_of(to, first, last))
        errors.ask(cautions, about=absence_rules.move_key(away, to), confirmed=kept)
    moved = visits.reassign(moving, by=by, to=to)
    calls = calls_actions.move(absence.calls_of(away, last), by=by, to=to)
    return len(moved), calls


def _reasons(away, to, first: dt.date, last: dt.date) -> list[Reason]:
    if away == to:
        return [Reason("same-person", _("Choose somebody else to take over."), field="to")]
    if last < first:
        return [Reason("ends-before", _("The last day is before the first one."), field="last")]
    return []
