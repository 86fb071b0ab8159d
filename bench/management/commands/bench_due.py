"""Makes follow-ups that are due now, each answered for by an event, until so many of them wait."""

import datetime as dt
import itertools

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from clinic import audit
from treatments.actions.followups import calls
from treatments.models import FollowUp, NeedlingSession

# Hours after the session, far from those of any practice: a session has one call of each step.
FIRST_STEP = 10_000
EVENTS = 500


class Command(BaseCommand):
    help = "Make follow-ups due now, until so many wait."

    def add_arguments(self, parser):
        parser.add_argument("count", type=int)

    def handle(self, *, count, **options):
        now = timezone.now()
        missing = max(count - FollowUp.objects.waiting(now).count(), 0)
        sessions = list(NeedlingSession.objects.signed().select_related("patient").order_by("-pk")[:missing])
        taken = FollowUp.objects.filter(step__gte=FIRST_STEP).values_list("step", flat=True)
        steps = itertools.count(max(taken, default=FIRST_STEP) + 1)
        while missing:
            step = next(steps)
            for number in range(0, min(missing, len(sessions)), EVENTS):
                schedule(sessions[number : min(number + EVENTS, missing)], step=step, now=now)
            missing -= min(missing, len(sessions))


@transaction.atomic
def schedule(sessions: list[NeedlingSession], *, step: int, now: dt.datetime) -> None:
    due_at = now - dt.timedelta(hours=1)
    made = FollowUp.objects.bulk_create(
        FollowUp(session=session, step=step, due_at=due_at, assigned_to_id=session.therapist_id)
        for session in sessions
    )
    entries = zip(sessions, made, strict=True)
    audit.record_many([calls.scheduled_entry(session, [row], by=None) for session, row in entries])
