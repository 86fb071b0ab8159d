"""Direct access: within how many days the doctor is told, and when a patient without improvement is referred.

source: 225 ILCS 90/1.2 (b) and (c), as quoted by napervillemanualphysicaltherapy.com and
therapycomply.com/Illinois-PT-Referrals-and-Direct-Access: notice within 5 business days after the first
visit; referral where there is no measurable or functional improvement after 10 visits or 15 business days.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import formats
from clinic.models import Jurisdiction
from clinic.models.rows import day, instant
from clinic.rules import business_days
from patients.models import Episode, StateDuty

Kind = StateDuty.Kind


@dataclass(frozen=True)
class Limits:
    """What the rules of a place ask of direct access. None: nothing was found."""

    name: str = ""
    notice_days: int | None = None
    visits: int | None = None
    days: int | None = None
    business: bool = False


@dataclass(frozen=True)
class DirectAccess:
    """An open episode without a referral in force. `visits` and `since` count from the improvement."""

    first_visit_on: dt.date
    since: dt.date
    visits: int
    notified: bool = False
    referred: bool = False
    improved_on: dt.date | None = None


@dataclass(frozen=True)
class DutyCounter:
    """One counter. `kind` is caution where somebody has something to do, else info."""

    code: str
    label: str
    kind: str
    short: str


def limits_of(profile: Jurisdiction | None) -> Limits:
    if profile is None:
        return Limits()
    return Limits(
        profile.name,
        profile.direct_access_notice_days,
        profile.no_improvement_visits,
        profile.no_improvement_days,
        bool(profile.business_days),
    )


def limits_at(location_id: int | None, practice) -> Limits:
    """`practice` comes from the page frame, with the rules of its places."""
    row = next((row for row in practice.place_rules if row["location"] == location_id), None)
    if row is None:
        return limits_of(practice.jurisdiction)
    names = ("name", "notice_days", "visits", "days", "business")
    return Limits(**{name: row[name] for name in names})


def direct_access(patient, *, on: dt.date) -> DirectAccess | None:
    """None with a referral, without an open episode, and before the first visit.

    `patient` is a patient, or a visit of one, with the annotations of `selectors.state_duties.duty_rows`.
    """
    episode = next(iter(patient.duty_episode), None)
    if episode is None or episode["access"] == Episode.Access.REFERRAL or _is_referred(patient, on):
        return None
    opened_on = day(episode["opened_on"])
    came = _visits(patient, since=opened_on, until=on)
    if not came and not episode["visits_before"]:
        return None
    first = opened_on if episode["visits_before"] else min(came)
    done = _done(patient, since=opened_on, until=on)
    improved = max(done.get(Kind.IMPROVEMENT, ()), default=None)
    return DirectAccess(
        first_visit_on=first,
        since=improved or first,
        visits=_without_improvement(came, improved, before=episode["visits_before"]),
        notified=Kind.NOTICE in done,
        referred=Kind.REFERRED in done,
        improved_on=improved,
    )


def _without_improvement(came: list[dt.date], improved: dt.date | None, *, before: int) -> int:
    """Visits since the patient last improved; all of the episode where that was not noted."""
    return len(came) + before if improved is None else sum(visit_on > improved for visit_on in came)


def _visits(patient, *, since: dt.date, until: dt.date) -> list[dt.date]:
    came = (timezone.localdate(instant(row["at"])) for row in patient.duty_visits)
    return [visit_on for visit_on in came if since <= visit_on <= until]


def counters(facts: DirectAccess | None, limits: Limits, *, on: dt.date) -> list[DutyCounter]:
    """What direct access still asks for at that place on that day."""
    return [] if facts is None else [*_notice(facts, limits, on), *_improvement(facts, limits, on)]


def _notice(facts: DirectAccess, limits: Limits, on: dt.date) -> list[DutyCounter]:
    if limits.notice_days is None or facts.notified:
        return []
    due = business_days.days_after(facts.first_visit_on, limits.notice_days, business=limits.business)
    words = {"rules": limits.name, "due": formats.day(due), "days": _days(limits.notice_days, limits)}
    message = _(
        "%(rules)s asks that the patient's doctor is told of a treatment without referral within %(days)s "
        "after the first visit, by %(due)s. Note when it is done."
    )
    short = _("Notice was due %(due)s") if on > due else _("Notice due %(due)s")
    kind = "stop" if on > due else "caution"
    return [DutyCounter("direct-access-notice", message % words, kind, short % words)]


def _improvement(facts: DirectAccess, limits: Limits, on: dt.date) -> list[DutyCounter]:
    if facts.referred or (limits.visits is None and limits.days is None):
        return []
    days = business_days.days_between(facts.since, on, business=limits.business)
    is_over = _reached(facts.visits, limits.visits) or _reached(days, limits.days)
    parts = [
        _("visit %(number)s of %(limit)s") % {"number": facts.visits, "limit": limits.visits}
        if limits.visits is not None
        else "",
        _("day %(number)s of %(limit)s") % {"number": days, "limit": _days(limits.days, limits)}
        if limits.days is not None
        else "",
    ]
    words = {"rules": limits.name, "counted": ", ".join(filter(None, parts))}
    sentence = (
        _(
            "%(rules)s: %(counted)s without a recorded improvement. Refer the patient to their doctor, or "
            "note the measurable or functional improvement."
        )
        if is_over
        else _("%(rules)s: %(counted)s until an improvement is recorded or the patient is referred.")
    )
    short = _("No improvement noted: %(counted)s") % words
    return [DutyCounter("no-improvement", sentence % words, "caution" if is_over else "info", short)]


def _reached(count: int, limit: int | None) -> bool:
    return limit is not None and count >= limit


def _days(number: int, limits: Limits) -> str:
    if limits.business:
        return ngettext("%(count)d business day", "%(count)d business days", number) % {"count": number}
    return ngettext("%(count)d day", "%(count)d days", number) % {"count": number}


def _is_referred(patient, on: dt.date) -> bool:
    return any(
        day(row["given_on"]) <= on and (row["expires_on"] is None or on <= day(row["expires_on"]))
        for row in patient.duty_referrals
    )


def _done(patient, *, since: dt.date, until: dt.date) -> dict[str, list[dt.date]]:
    found: dict[str, list[dt.date]] = {}
    for row in patient.duty_rows:
        if since <= day(row["done_on"]) <= until:
            found.setdefault(row["kind"], []).append(day(row["done_on"]))
    return found
