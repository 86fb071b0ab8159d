"""The foot of the session page: needles in and out, the billing code, the length."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from clinic.models import Practice
from treatments.models import NeedleSite, NeedlingSession
from treatments.rules import billing
from treatments.rules.session import draft_parts


def foot(session: NeedlingSession, sites: Iterable[NeedleSite], practice: Practice) -> dict:
    """Needles in and out, the code with its reason, and how long it lasted."""
    standing = [site for site in sites if not site.struck_at]
    placed = sum(site.needles for site in standing)
    still_in = sum(site.needles for site in standing if site.needle_in_at and not site.needle_out_at)
    out = session.needles_out
    return {
        "placed": placed,
        "still_in": still_in,
        "difference": None if out is None else abs(placed - out),
        "missing": out is not None and out < placed,
        "proposal": billing.proposal_for(standing, practice),
        "medicare": draft_parts.medicare(session),
        "minutes": lasted(session),
    }


def lasted(session: NeedlingSession) -> int | None:
    """Whole minutes by the instants: a clock change does not stretch a session."""
    if session.started_at is None:
        return None
    end = session.ended_at or timezone.now()
    return max(round((end - session.started_at) / dt.timedelta(minutes=1)), 0)
