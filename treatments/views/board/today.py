"""The start page: the desk's board, a therapist's day, a lead's or administrator's overview."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from clinic import access, formats
from clinic.access import Permission, requires
from clinic.actions import csv_export
from clinic.rules import credentials, parsing
from clinic.rules import upkeep as upkeep_rules
from clinic.selectors import credentials as credentials_selectors
from clinic.selectors import upkeep
from clinic.views.csv_export import csv_file
from clinic.web import page_frame, responses
from patients.selectors import restrictions
from treatments.rules.board import counters as counter_rules
from treatments.rules.board import day_file, locations, own_day
from treatments.rules.board import news as news_rules
from treatments.rules.board.news import Version
from treatments.rules.followups import calls as calls_rules
from treatments.rules.followups import red_flags as red_flag_rules
from treatments.rules.sites import muscle_review
from treatments.selectors import code_sets, set_up
from treatments.selectors.board import due_notes, my_day
from treatments.selectors.board import news as news_selectors
from treatments.selectors.board import today as today_selectors
from treatments.selectors.followups import calls
from treatments.selectors.sites import depth_limits, entry, needles_in

CALLS_SHOWN = 4
GREETINGS = ((12, _("Good morning")), (17, _("Good afternoon")), (24, _("Good evening")))


@requires(Permission.BOARD_VIEW)
def today(request: HttpRequest) -> HttpResponse:
    """Sent by POST, the visits that it shows as a file; day, place and filter stand in the address."""
    if "file" in request.POST:
        return _file(request)
    return _page(request, "base.html", Version(timezone.now()))


@requires(Permission.BOARD_VIEW)
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """Asked by an open board every few seconds, in the background: nobody's presence, and no look.

    204 while nothing changed for a board, with the version to ask with next time; else the board.
    """
    now, shown = timezone.now(), news_rules.version_of(request.GET.get("v", ""))
    fresh = Version(now)
    if shown is not None:
        events = news_selectors.since(shown, now=now)
        if not news_rules.is_old(shown, events, now=now):
            return _nothing_new(news_rules.went_on(shown, events, at=shown.at), now)
        fresh = news_rules.went_on(shown, events, at=now)
    return _page(request, "treatments/base_news.html", fresh)


def _file(request: HttpRequest) -> HttpResponse:
    user, on, query = request.user, timezone.localdate(), request.GET
    day = parsing.day_of_address(query.get("day", ""), default=on)
    csv_export.record("visits", f"on {formats.iso_day(day)}", by=user)
    lines = _lines(user, day, on, page_frame.practice_for(request, board=True), _sections(user, query))
    shown = counter_rules.filtered(locations.at(lines, query.get("at", "")), query.get("show", ""))
    return csv_file("visits", *day_file.table(shown))


def _nothing_new(version: Version, now: dt.datetime) -> HttpResponse:
    """The board is as old as its answer: the time that it shows goes on."""
    return HttpResponse(
        status=204,
        headers={"X-Board-Version": str(version), "X-Board-At": formats.clock(now)},
    )


def _page(request: HttpRequest, base: str, version: Version) -> HttpResponse:
    """The sections depend on the roles; somebody with two roles sees the sections of both."""
    user, now, on = request.user, timezone.now(), timezone.localdate()
    day = parsing.day_of_address(request.GET.get("day", ""), default=on)
    practice = page_frame.practice_for(request, board=True)
    sees = _sections(user, request.GET)
    lines = _lines(user, day, on, practice, sees)
    show, places = request.GET.get("show", ""), locations.choices(lines, chosen=request.GET.get("at", ""))
    at = next((place.code for place in places if place.chosen), "")
    day_only = "" if day == on else f"day={formats.iso_day(day)}&"
    context = {
        "now": now,
        "day": day,
        "is_today": day == on,
        "day_only": day_only,
        "day_query": f"{day_only}at={at}&" if at else day_only,
        "file_url": f"?{day_only}at={at}&show={show}",
        "locations": places,
        "at": at,
        "earlier": formats.iso_day(day - dt.timedelta(days=1)),
        "later": formats.iso_day(day + dt.timedelta(days=1)),
        "greeting": next(text for hour, text in GREETINGS if timezone.localtime(now).hour < hour),
        "sees": sees,
        "show": show,
        "may_manage": access.may(user, Permission.VISIT_MANAGE),
        "may_call": access.may(user, Permission.FOLLOWUP_CALL),
        "may_register": access.may(user, Permission.PATIENT_REGISTER),
        **_board(user, locations.at(lines, at), show, sees),
        **_desk(user, practice, now, sees, lines),
        **_own_day(user, now, sees, lines, is_today=day == on),
        **_waiting(user, practice, now, sees),
        "base": base,
        "version": version,
        "every": news_rules.EVERY_SECONDS,
    }
    context["signs"] = len(context.get("flags", ()) or context.get("flagged_calls", ()))
    return render(request, "treatments/today.html", context)


def _sections(user, query) -> dict[str, bool]:
    """Which parts of the page this person sees, by role."""
    desk, lead, therapist, admin = (
        getattr(user, f"has_{role}", False) for role in ("front_desk", "lead", "therapist", "admin")
    )
    runs_desk, wants_all = desk or lead, therapist and "all" in query
    return {
        "board": runs_desk or wants_all,
        "mine": therapist,
        "visits": runs_desk or therapist,
        "desk": desk or wants_all,
        "lead": lead,
        "clinical": therapist or lead,
        "practice": lead or admin,
        "admin": admin,
        "only_counts": admin and not lead,
        "may_see_all": therapist and not runs_desk,
    }


def _lines(user, day: dt.date, on: dt.date, practice, sees) -> list:
    """The visits of the day; for a therapist who does not see the board of all, their own."""
    if not sees["visits"]:
        return []
    return today_selectors.rows_for(
        user, day=day, today=on, practice=practice, with_summaries=sees["mine"], only_own=not sees["board"]
    )


def _board(user, lines, show, sees) -> dict:
    if not sees["board"]:
        return {}
    return {
        "rows": _with_keys(counter_rules.filtered(lines, show)),
        "places": counter_rules.places(lines),
        "jobs": counter_rules.jobs(lines, user=user, show=show),
        "all_count": len(lines),
    }


def _desk(user, practice, now, sees, lines) -> dict:
    if not sees["desk"]:
        return {}
    due, more = calls.page(user, now=now, attempts=practice.call_attempts)
    left = _with_keys([row for row in lines if row.state == "left" and not row.hidden])
    return {
        "calls": due[:CALLS_SHOWN],
        "more_calls": more or len(due) > CALLS_SHOWN,
        "flagged_calls": [
            {"call": call, "has_it": calls_rules.who_has_it(call.followup)} for call in due if call.is_flagged
        ],
        "gone": left,
    }


def _own_day(user, now, sees, lines, *, is_today: bool) -> dict:
    """The visits of this therapist in the order of the work, and what patients said."""
    if not sees["mine"]:
        return {}
    own = [row for row in lines if row.visit.therapist_id == user.pk]
    ordered = own_day.of(own, is_today=is_today)
    ahead, done = (
        [{**vars(row), "key": responses.new_form_key()} for row in rows]
        for rows in (ordered.ahead, ordered.done)
    )
    return {
        "my_rows": [*ahead, *done],
        "my_ahead": ahead,
        "my_done": done,
        "to_sign": ordered.to_sign,
        "first_at": own[0].visit.booked_for if own else None,
        "replies": _replies(user, now),
    }


def _replies(user, now) -> list[dict]:
    """What patients said, with the names of what they answered with yes."""
    return [
        {"report": report, "signs": red_flag_rules.named(report.warning_signs, report.sign_names)}
        for report in my_day.replies_to(user, now=now)
    ]


def _waiting(user, practice, now, sees) -> dict:
    """Warning signs and unsigned notes; for an administrator only how many, without names."""
    context = _notes(user, practice, now, sees)
    context["overnight"] = needles_in.overnight_of(practice, user=user)
    if sees["clinical"]:
        context["flags"] = [
            {
                "flag": flag,
                "words": red_flag_rules.with_urgency(
                    red_flag_rules.standing(flag.current_reports, flag.sign_names), flag.current_reports
                ),
                "now_with": calls_rules.now_with(flag.report.followup),
            }
            for flag in my_day.red_flags_for(user, everybody=sees["lead"])
        ]
    if sees["lead"]:
        context["glasses"] = [
            {**row, "key": responses.new_form_key()} for row in restrictions.unreviewed_accesses_of(practice)
        ]
    # who sees the practice's set-up reads it there, of everybody
    if sees["mine"] and not sees["practice"]:
        context["missing"] = set_up.missing_of(user, practice, on=timezone.localdate(now))
    if sees["mine"] or sees["practice"]:
        context["endings"] = _endings(user, practice, timezone.localdate(now), sees)
    if sees["practice"]:
        muscles = list(entry.CURRENT_MUSCLES())
        context["lung_limits"] = depth_limits.without_limit(muscles)
        context["reviews"] = muscle_review.counts(muscles)
        context["upkeep_faults"] = upkeep_rules.faults(upkeep.upkeep(), now=now)
        context["expired_set"] = code_sets.expired(on=timezone.localdate(now))
    # a lead sees the notes themselves
    if sees["only_counts"]:
        context["unsigned"] = due_notes.unsigned_counts(before=_too_old(practice, now))
    return context


def _notes(user, practice, now, sees) -> dict:
    cosigns = access.may(user, Permission.SESSION_COSIGN)
    if not (sees["clinical"] or cosigns):
        return {}
    notes = due_notes.notes_for(
        user,
        mine=sees["mine"],
        before=_too_old(practice, now) if sees["lead"] else None,
        cosigns=cosigns,
        cosign_before=now - dt.timedelta(days=practice.cosign_days),
    )
    return {**vars(notes), "late": now - dt.timedelta(hours=practice.unsigned_nag_hours)}


def _too_old(practice, now) -> dt.datetime:
    """Drafts that were opened before this are shown to a lead."""
    return now - dt.timedelta(hours=practice.unsigned_lead_hours)


def _endings(user, practice, on, sees) -> list[credentials.ExpiringCredential]:
    """Credentials that expire: the user's own, or everybody's for leads and administrators."""
    days = practice.credential_reminder_days
    return credentials_selectors.expiring_for(user, everybody=sees["practice"], on=on, days=days)


def _with_keys(lines) -> list[dict]:
    """Each row's button has its own form key, so that a second press repeats the first request."""
    return [{"line": line, "key": responses.new_form_key()} for line in lines]
