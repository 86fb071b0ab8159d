"""The foot of the session page: needles in and out, the billing code, the length."""

import datetime as dt

from treatments.rules import billing
from treatments.rules.session.draft import Draft, DraftSession, medicare_message


def foot(draft: Draft, *, now: dt.datetime) -> dict:
    """Needles in and out, the code with its reason, and how long it lasted."""
    standing = draft.standing_sites
    needles_in = sum(site.needles for site in standing)
    still_in = sum(site.needles for site in standing if site.needle_in_at and not site.needle_out_at)
    needles_out = draft.session.needles_out
    return {
        "placed": needles_in,
        "still_in": still_in,
        "difference": None if needles_out is None else abs(needles_in - needles_out),
        "missing": needles_out is not None and needles_out < needles_in,
        "proposal": billing.proposal_for(standing, draft.practice),
        "medicare": medicare_message(draft.medicare),
        "minutes": elapsed_minutes(draft.session, now=now),
    }


def elapsed_minutes(session: DraftSession, *, now: dt.datetime) -> int | None:
    """Whole minutes by the instants: a clock change does not stretch a session."""
    if session.started_at is None:
        return None
    end = session.ended_at or now
    return max(round((end - session.started_at) / dt.timedelta(minutes=1)), 0)
