"""A row of the call list: why the follow-up is open, and what the caller may read."""

import datetime as dt
import json
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from clinic.access import Permission, may
from clinic.models.rows import instant
from treatments.models import ContactAttempt, FollowUp
from treatments.rules.followups import calling_hours, soreness

SIDE_LETTERS = {"left": "L", "right": "R", "midline": "midline"}
FLAGGED, TALK, UNREACHED = "flag", "talk", "unreached"


@dataclass(frozen=True)
class Call:
    """One row. `kind` and `why` are its state; `treated` is empty for readers who may not read charts."""

    followup: FollowUp
    due: str
    since: str
    treated: str
    kind: str
    why: str
    is_flagged: bool
    may_claim: bool

    @property
    def patient(self):
        return self.followup.session.patient

    @property
    def in_error(self) -> bool:
        """Whether the note of its session was entered in error."""
        return getattr(self.followup.session, "error_mark", None) is not None


def call_for(followup, *, user, now: dt.datetime, attempts: int) -> Call:
    reads = may(user, Permission.CHART_VIEW)
    kind, why = _state(followup, user=user, now=now, attempts=attempts, reads=reads)
    flagged = followup.is_flagged
    return Call(
        followup=followup,
        due=f"{followup.step} h",
        since=relative_time(followup.due_at, now=now),
        treated=treated_sites(followup.sites) if reads else "",
        kind=kind,
        why=why,
        is_flagged=flagged,
        may_claim=not (followup.closed_at or flagged) and (reads or not _waits_for_talk(followup)),
    )


def treated_sites(sites: list[dict]) -> str:
    """“Gluteus medius L 4, quadratus lumborum L 2”"""
    labels = [f"{site['name']} {SIDE_LETTERS[site['side']]} {site['count']}" for site in sites]
    return ", ".join(labels[:1] + [label[0].lower() + label[1:] for label in labels[1:]])


def relative_time(at: dt.datetime, *, now: dt.datetime) -> str:
    """“today 10:02”, “yesterday 17:40”, “11 May 08:20”"""
    local, today = timezone.localtime(at), timezone.localdate(now)
    days = {today: "today", today - dt.timedelta(days=1): "yesterday"}
    return f"{days.get(local.date()) or date_format(local, 'j M')} {date_format(local, 'H:i')}"


def script(followup, *, user, practice, now: dt.datetime) -> str:
    """The caller's opening sentence. It names neither the treatment nor the condition."""
    started = followup.session.started_at or followup.session.opened_at
    day, today = timezone.localdate(started), timezone.localdate(now)
    on_day = {today: "today", today - dt.timedelta(days=1): "yesterday"}.get(day) or date_format(
        day, r"\o\n l j F"
    )
    return (
        f"“Hello, this is {user.short_name} from {practice.name}. You were treated {on_day}, "
        "and I am calling to hear how the treated area is.”"
    )


def last_contact(followup, *, now: dt.datetime) -> str:
    """“No answer, today 08:50”"""
    if not followup.contact_rows:
        return ""
    last = followup.contact_rows[-1]
    return f"{ContactAttempt.Result(last['result']).label}, {relative_time(instant(last['at']), now=now)}"


def _waits_for_talk(followup) -> bool:
    return any(report["triage"] == soreness.TALK for report in followup.current_reports)


def _state(followup, *, user, now, attempts: int, reads: bool) -> tuple[str, str]:
    """(kind, text) of the most serious reason why the follow-up is on the list."""
    if followup.is_flagged:
        return "stop", _sign_text(followup) if reads else "Warning sign: therapist to act"
    if followup.closed_at:
        return "ok", followup.get_outcome_display()
    if calling_hours.claim_holds(followup.claimed_at, now=now) and followup.claimed_by_id != user.pk:
        since = date_format(timezone.localtime(followup.claimed_at), "H:i")
        return "info", f"{followup.claimed_by.short_name} is calling since {since}"
    if _waits_for_talk(followup):
        return (
            "caution",
            f"Sore {followup.current_reports[0]['now']}, therapist to call" if reads else "Therapist to call",
        )
    why = _to_decide(followup, attempts)
    if why:
        return "caution", why
    return (
        ("neutral", last_contact(followup, now=now)) if followup.attempts else ("neutral", "Not called yet")
    )


def _to_decide(followup, attempts: int) -> str:
    """Why somebody has to decide before the next call, if they have to."""
    if getattr(followup.session, "error_mark", None) is not None:
        return "Note entered in error: close it"
    if not followup.session.patient.may_call:
        return "Does not want calls: decide"
    return f"{followup.attempts} attempts: decide" if followup.attempts >= attempts else ""


def _sign_text(followup) -> str:
    signs = [sign for report in followup.current_reports for sign in _as_list(report["signs"])]
    positive = [sign["question"] for sign in signs if sign["answer"] == "yes"]
    return f"Yes: {positive[0]}" if positive else "Warning sign"


def _as_list(value) -> list:
    """SQLite returns a JSON list inside a row as text."""
    return json.loads(value) if isinstance(value, str) else value
