"""The call list: who is due, what the caller needs, and what of it this user may read."""

import datetime as dt
import json
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.formats import date_format

from clinic.access import Permission, may
from clinic.models.rows import Rows, instant
from treatments import calling, soreness
from treatments.models import ContactAttempt, FollowUp, NeedleSite, RedFlag, SorenessReport

PAGE = 25
LETTERS = {"left": "L", "right": "R", "midline": "midline"}
FLAGGED, TALK, UNREACHED = "flag", "talk", "unreached"


@dataclass(frozen=True)
class Call:
    """One row. `kind` and `why` are its state; `treated` is empty for whoever may not read charts."""

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


def waiting(user, *, now: dt.datetime) -> QuerySet:
    """Follow-ups that are due, and closed ones whose warning sign nobody has acted on."""
    rows = flagging(FollowUp.objects.visible_to(user).waiting(now))
    # asked row by row: a list of all who ever wanted a talk would grow with the years
    reports = SorenessReport.objects.filter(followup=OuterRef("pk"), superseded_by=None)
    return rows.annotate(is_talk=Exists(reports.filter(triage=soreness.TALK)))


def flagging(rows: QuerySet) -> QuerySet:
    """Rows that know whether a warning sign waits."""
    flagged = RedFlag.objects.waiting().values("report__followup")
    waits = Case(When(pk__in=flagged, then=True), default=False, output_field=BooleanField())
    return rows.annotate(is_flagged=waits)


def counts(user, *, now: dt.datetime, attempts: int) -> dict[str, int]:
    """How many wait in all, with a warning sign, for a talk, and after too many attempts."""
    return waiting(user, now=now).aggregate(
        due=Count("pk"),
        flag=Count("pk", filter=Q(is_flagged=True)),
        talk=Count("pk", filter=Q(is_talk=True)),
        unreached=Count("pk", filter=Q(attempts__gte=attempts)),
    )


def page(
    user, *, now: dt.datetime, attempts: int, only: str = "", number: int = 1
) -> tuple[list[Call], bool]:
    """One page of calls, warning signs first and then the oldest, and whether there is another."""
    wanted = {
        FLAGGED: Q(is_flagged=True),
        TALK: Q(is_talk=True),
        UNREACHED: Q(attempts__gte=attempts),
    }.get(only, Q())
    rows = with_facts(waiting(user, now=now).filter(wanted)).order_by("-is_flagged", "due_at", "pk")
    start = (number - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    return [call_for(row, user=user, now=now, attempts=attempts) for row in found[:PAGE]], len(found) > PAGE


def next_open(user, *, now: dt.datetime) -> FollowUp | None:
    """The oldest due follow-up that nobody is calling about and that waits for no therapist."""
    free = waiting(user, now=now).filter(closed_at=None, is_talk=False)
    busy = Q(claimed_at__gt=now - calling.CLAIM_LASTS) & ~Q(claimed_by=user)
    return free.exclude(busy).order_by("due_at", "pk").first()


def with_facts(rows: QuerySet) -> QuerySet:
    """What a row shows, asked for together with the row."""
    sites = NeedleSite.objects.standing().filter(session=OuterRef("session")).order_by("number")
    contacts = ContactAttempt.objects.filter(followup=OuterRef("pk")).order_by("pk")
    reports = SorenessReport.objects.filter(followup=OuterRef("pk"), superseded_by=None)
    muscle = Coalesce(NullIf(F("muscle__name"), Value("")), F("unlisted_name"))
    return rows.select_related("session__patient", "session__therapist", "claimed_by", "closed_by").annotate(
        sites=Rows(sites, name=muscle, side="side", count="insertions"),
        calls=Rows(contacts, result="result", at="made_at", by="made_by__first_name"),
        standing=Rows(reports, triage="triage", now="now", signs="warning_signs", at="reported_at"),
    )


def call_for(followup, *, user, now: dt.datetime, attempts: int) -> Call:
    reads = may(user, Permission.CHART_VIEW)
    kind, why = _state(followup, user=user, now=now, attempts=attempts, reads=reads)
    flagged = followup.is_flagged
    return Call(
        followup=followup,
        due=f"{followup.step} h",
        since=when(followup.due_at, now=now),
        treated=treated(followup.sites) if reads else "",
        kind=kind,
        why=why,
        is_flagged=flagged,
        may_claim=not (followup.closed_at or flagged) and (reads or not _waits_for_talk(followup)),
    )


def treated(sites: list[dict]) -> str:
    """“Gluteus medius L 4, quadratus lumborum L 2”"""
    said = [f"{site['name']} {LETTERS[site['side']]} {site['count']}" for site in sites]
    return ", ".join(said[:1] + [part[0].lower() + part[1:] for part in said[1:]])


def when(at: dt.datetime, *, now: dt.datetime) -> str:
    """“today 10:02”, “yesterday 17:40”, “11 May 08:20”"""
    local, today = timezone.localtime(at), timezone.localdate(now)
    days = {today: "today", today - dt.timedelta(days=1): "yesterday"}
    return f"{days.get(local.date()) or date_format(local, 'j M')} {date_format(local, 'H:i')}"


def script(followup, *, user, practice, now: dt.datetime) -> str:
    """What the caller says first. It names neither the treatment nor the condition."""
    started = followup.session.started_at or followup.session.opened_at
    day, today = timezone.localdate(started), timezone.localdate(now)
    said = {today: "today", today - dt.timedelta(days=1): "yesterday"}.get(day) or date_format(
        day, r"\o\n l j F"
    )
    return (
        f"“Hello, this is {user.short_name} from {practice.name}. You were treated {said}, "
        "and I am calling to hear how the treated area is.”"
    )


def last_contact(followup, *, now: dt.datetime) -> str:
    """“No answer, today 08:50”"""
    if not followup.calls:
        return ""
    last = followup.calls[-1]
    return f"{ContactAttempt.Result(last['result']).label}, {when(instant(last['at']), now=now)}"


def _waits_for_talk(followup) -> bool:
    return any(report["triage"] == soreness.TALK for report in followup.standing)


def _state(followup, *, user, now, attempts: int, reads: bool) -> tuple[str, str]:
    """Shape and words of why somebody is on the list, the gravest first."""
    if followup.is_flagged:
        return "stop", _sign_words(followup) if reads else "Warning sign: therapist to act"
    if followup.closed_at:
        return "ok", followup.get_outcome_display()
    if calling.claim_holds(followup.claimed_at, now=now) and followup.claimed_by_id != user.pk:
        since = date_format(timezone.localtime(followup.claimed_at), "H:i")
        return "info", f"{followup.claimed_by.short_name} is calling since {since}"
    if _waits_for_talk(followup):
        return (
            "caution",
            f"Sore {followup.standing[0]['now']}, therapist to call" if reads else "Therapist to call",
        )
    if not followup.session.patient.may_call:
        return "caution", "Does not want calls: decide"
    if followup.attempts >= attempts:
        return "caution", f"{followup.attempts} attempts: decide"
    return (
        ("neutral", last_contact(followup, now=now)) if followup.attempts else ("neutral", "Not called yet")
    )


def _sign_words(followup) -> str:
    signs = [sign for report in followup.standing for sign in _listed(report["signs"])]
    yes = [sign["question"] for sign in signs if sign["answer"] == "yes"]
    return f"Yes: {yes[0]}" if yes else "Warning sign"


def _listed(value) -> list:
    """SQLite hands a list inside a row over as text."""
    return json.loads(value) if isinstance(value, str) else value
