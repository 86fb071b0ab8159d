"""A row of the call list: why the follow-up is open, and what the caller may read."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import formats
from clinic.access import Permission, may
from clinic.models.rows import as_list, instant
from treatments.models import ContactAttempt, FollowUp
from treatments.rules.followups import calling_hours, red_flags, soreness, warning_levels
from treatments.rules.sites import over_lung

SIDE_LETTERS = {"left": "L", "right": "R", "midline": gettext_lazy("midline")}
FILTERS = FLAGGED, TALK, UNREACHED = "flag", "talk", "unreached"
# What a reader does with a row: act on its warning sign, tell the patient what to do, call, or read.
ACT, TELL, CALL, READ = "act", "tell", "call", "read"


@dataclass(frozen=True)
class Call:
    """One row. `kind` and `why` are its state, `verb` is what this reader does with it, wherever it stands.

    `treated` is empty for readers who may not read charts.
    """

    followup: FollowUp
    due: str
    since: str
    treated: str
    kind: str
    why: str
    is_flagged: bool
    verb: str
    # who has the call now, when it is not the therapist who treated
    now_with: str
    # for readers of charts: a chest sign is a punctured lung until a physician excludes it
    is_over_lung: bool = False

    @property
    def patient(self):
        return self.followup.session.patient

    @property
    def may_claim(self) -> bool:
        return self.verb == CALL

    @property
    def in_error(self) -> bool:
        """Whether the note of its session was entered in error."""
        return getattr(self.followup.session, "error_mark", None) is not None


def call_for(followup, *, user, now: dt.datetime, attempts: int) -> Call:
    reads = may(user, Permission.CHART_VIEW)
    kind, why = _state(followup, user=user, now=now, attempts=attempts, reads=reads)
    return Call(
        followup=followup,
        due=_("%(hours)s h") % {"hours": followup.step},
        since=relative_time(followup.due_at, now=now),
        treated=treated_sites(followup.sites) if reads else "",
        kind=kind,
        why=why,
        is_flagged=followup.is_flagged,
        verb=_verb(followup, reads=reads, acts=may(user, Permission.RED_FLAG_ACT)),
        now_with=now_with(followup),
        is_over_lung=reads and any(map(_is_over_lung, followup.sites)),
    )


def _is_over_lung(site: dict) -> bool:
    return over_lung.row_is_over_lung(as_list(site["hazards"]), site["region_over_lung"])


def _verb(followup, *, reads: bool, acts: bool) -> str:
    if followup.is_flagged:
        return ACT if acts else TELL
    if followup.closed_at or (_waits_for_talk(followup) and not reads):
        return READ
    return CALL


def now_with(followup) -> str:
    """“Jo Berg has it now” when the call was moved, or its therapist has left; else empty."""
    has_it = followup.assigned_to or followup.session.therapist
    if not has_it.is_active:
        return _("%(person)s has left: the clinical lead has it now") % {"person": has_it.short_name}
    if has_it.pk == followup.session.therapist_id:
        return ""
    return _("%(person)s has it now") % {"person": has_it.short_name}


def who_has_it(followup) -> str:
    """Whoever a warning sign or a talk is for."""
    has_it = followup.assigned_to or followup.session.therapist
    return has_it.display_name if has_it.is_active else _("The clinical lead")


def treated_sites(sites: list[dict]) -> str:
    """“Gluteus medius L 4, quadratus lumborum L 2”"""
    labels = [f"{site['name']} {SIDE_LETTERS[site['side']]} {site['count']}" for site in sites]
    return ", ".join(labels[:1] + [label[0].lower() + label[1:] for label in labels[1:]])


def relative_time(at: dt.datetime, *, now: dt.datetime) -> str:
    """“today 10:02 AM”, “yesterday 5:40 PM”, “May 11, 8:20 AM”"""
    local, today = timezone.localtime(at), timezone.localdate(now)
    one = dt.timedelta(days=1)
    days = {
        today: gettext_lazy("today %(time)s"),
        today - one: gettext_lazy("yesterday %(time)s"),
        today + one: gettext_lazy("tomorrow %(time)s"),
    }
    on = days.get(local.date())
    return on % {"time": formats.clock(local)} if on else formats.short_moment(local)


def script(followup, *, user, practice, now: dt.datetime) -> tuple[str, str]:
    """What the caller says first, and what they say once the birth date matches.

    Whoever answers may be somebody else: until then nothing says that there was a treatment.
    """
    started = followup.session.started_at or followup.session.opened_at
    day, today = timezone.localdate(started), timezone.localdate(now)
    lately = {today: _("today"), today - dt.timedelta(days=1): _("yesterday")}
    on_day = lately.get(day) or _("on %(day)s") % {"day": formats.weekday_day(day)}
    name = followup.session.patient.spoken_name
    return (
        _(
            "“Hello, this is %(user)s. May I speak with %(name)s? Please tell me your date of birth "
            "first, so that I speak with the right person.”"
        )
        % {"user": user.short_name, "name": name},
        _(
            "“I am calling from %(practice)s. You were treated %(on_day)s, and I would like to "
            "hear how the treated area is.”"
        )
        % {"practice": practice.name, "on_day": on_day},
    )


def attempts_words(followup, *, limit: int) -> str:
    """“1 of 3”; beyond the limit only how many, because “4 of 3” is nothing."""
    made = followup.attempts
    sentence = _("%(made)s of %(limit)s") if made <= limit else _("%(made)s, decide after %(limit)s")
    return sentence % {"made": made, "limit": limit}


def last_contact(followup, *, now: dt.datetime) -> str:
    """“No answer, today 8:50 AM”"""
    if not followup.contact_rows:
        return ""
    last = followup.contact_rows[-1]
    if last["again_at"]:
        return _("Call again %(when)s, as agreed") % {
            "when": relative_time(instant(last["again_at"]), now=now)
        }
    return f"{ContactAttempt.Result(last['result']).label}, {relative_time(instant(last['at']), now=now)}"


def standing_report(followup) -> dict | None:
    """The report that stands, and whether there is more to ask."""
    if not followup.current_reports:
        return None
    report = followup.current_reports[0]
    return {**report, "has_more": soreness.has_more_to_ask(report["now"], as_list(report["signs"]))}


def sign_words(reports: list[dict], names: list[dict], *, reads: bool) -> str:
    """“Short of breath, chest pain: 911 now”; who may not read charts is told no more than what to do."""
    if reads:
        return red_flags.with_urgency(red_flags.standing(reports, names), reports)
    urgency = warning_levels.label(red_flags.urgency_of(reports))
    return _("Warning sign (%(urgency)s), call") % {"urgency": urgency}


def tell_words(followup, *, practice) -> str:
    """What a patient with a warning sign is told."""
    urgency = red_flags.urgency_of(followup.current_reports)
    return warning_levels.tell(urgency, emergency=practice.emergency_words)


def _waits_for_talk(followup) -> bool:
    return any(report["triage"] == soreness.TALK for report in followup.current_reports)


def _state(followup, *, user, now, attempts: int, reads: bool) -> tuple[str, str]:
    """(kind, text) of the most serious reason why the follow-up is on the list."""
    if followup.is_flagged:
        return "stop", sign_words(followup.current_reports, followup.sign_names, reads=reads)
    if followup.closed_at:
        return "ok", followup.get_outcome_display()
    if calling_hours.claim_holds(followup.claimed_at, now=now) and followup.claimed_by_id != user.pk:
        since = formats.clock(followup.claimed_at)
        return "info", _("%(who)s has been calling since %(since)s") % {
            "who": followup.claimed_by.short_name,
            "since": since,
        }
    if _waits_for_talk(followup):
        return (
            "caution",
            _("Sore %(now)s, therapist to call") % {"now": followup.current_reports[0]["now"]}
            if reads
            else _("Therapist to call"),
        )
    why = _to_decide(followup, attempts)
    if why:
        return "caution", why
    return (
        ("neutral", last_contact(followup, now=now))
        if followup.attempts
        else ("neutral", _("Not called yet"))
    )


def _to_decide(followup, attempts: int) -> str:
    """Why somebody has to decide before the next call, if they have to."""
    if getattr(followup.session, "error_mark", None) is not None:
        return _("Note entered in error: close the follow-up")
    if followup.session.patient.phone_wrong_at:
        return _("Wrong number: correct it")
    if not followup.session.patient.may_call:
        return _("Does not want calls: decide")
    if followup.attempts < attempts:
        return ""
    made = ngettext("%(count)d attempt: decide", "%(count)d attempts: decide", followup.attempts)
    return made % {"count": followup.attempts}
