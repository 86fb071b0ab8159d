"""The settings of a practice: where their numbers come from, and how they are read."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.rules import parsing
from clinic.rules.parsing import Unreadable
from clinic.values.errors import Reason
from clinic.values.words import Text

OWN_CHOICE = _("The practice's own choice, no published value.")
# {name of the setting: where its number comes from}
SOURCES: dict[str, Text] = {
    "screening_months": OWN_CHOICE,
    "consent_months": OWN_CHOICE,
    "followup_hours": _(
        "The practice's own choice, no published value. Reports of a pneumothorax began at once to 2 days "
        "after (Mintken 2025, PTJ pzaf078); soreness usually ends within 72 hours (doi 10.3390/jcm10235527)."
    ),
    "followup_open_hours": _(
        "The practice's own choice, no published value. Within the hours that federal rules leave to "
        "telephone solicitations, 8 AM to 9 PM (47 CFR 64.1200(c)(1)), which do not bind calls of care."
    ),
    "call_attempts": OWN_CHOICE,
    "soreness_high_first": _(
        "The practice's own choice, no published value: no study gives a cut-off of soreness."
    ),
    "soreness_high_later": _(
        "The practice's own choice, no published value: no study gives a cut-off of soreness."
    ),
    "meaningful_change": _("Source: 2 points of the 0 to 10 scale, Suzuki 2020 (PMC7053735)."),
    "sign_reauth_minutes": OWN_CHOICE,
    "idle_lock_minutes": _(
        "The practice's own choice, no published value. 45 CFR 164.312(a)(2)(iii) asks for an automatic "
        "logoff and names no time."
    ),
    "one_time_password_hours": OWN_CHOICE,
    "visit_minutes": OWN_CHOICE,
    "unsigned_nag_hours": OWN_CHOICE,
    "unsigned_lead_hours": OWN_CHOICE,
    "cosign_days": OWN_CHOICE,
    "credential_reminder_days": OWN_CHOICE,
    "retention_years": _(
        "Source: 10 years after the last encounter, working rule of the Illinois chiropractors' society "
        "(ilchiro.org/record-retention); no fixed period in Illinois law for a practice. Ask your counsel."
    ),
    "retention_minor_age": _(
        "Source: to the age of 22, the same rule (ilchiro.org/record-retention). Ask your counsel."
    ),
    "needle_stock": OWN_CHOICE,
}

# own choice: later than four weeks, or more often than six times, is no follow-up of one session
_MOST_HOURS, _MOST_CALLS = 24 * 28, 6
# technical: digits of what is dialed, from 112 to a number with its country
_FEWEST_DIGITS, _MOST_DIGITS = 3, 15
# source: what a site can be recorded with, treatments/models/sites/site.py
THINNEST, THICKEST, SHORTEST, LONGEST = Decimal("0.10"), Decimal("0.90"), 5, 150
# technical: as many days as the column holds, eleven letters each
_MOST_DAYS = 60
_SEPARATORS = re.compile(r"\s*(?:[,;\n]|\band\b)\s*|(?<=\d)\s+(?=\d+(?:\s|$))", re.IGNORECASE)
_NEEDLE = re.compile(r"(?P<gauge>0?\.\d{1,2}) *(?:mm)? *[x×*] *(?P<length>\d{1,3}) *(?:mm)?", re.IGNORECASE)


def followup_hours(text: str) -> str:
    """“24; 72” as it is stored, “24,72”: whole hours after a session, ascending."""
    parts = _parts(text)
    unread = [
        part for part in parts if not (part.isascii() and part.isdigit() and 0 < int(part) <= _MOST_HOURS)
    ]
    if unread or not parts:
        message = gettext(
            "“%(part)s” is no number of hours after a session. Write whole hours from 1 to %(most)s with "
            "commas between, such as 24, 72."
        )
        raise Unreadable(
            message % {"part": next(filter(None, unread), text), "most": _MOST_HOURS}, "unreadable"
        )
    hours = sorted({int(part) for part in parts})
    if len(hours) > _MOST_CALLS:
        message = gettext("These are %(count)s calls after one session. Write %(most)s at most.")
        raise Unreadable(message % {"count": len(hours), "most": _MOST_CALLS}, "too-many")
    return ",".join(map(str, hours))


def needle_sizes(text: str) -> str:
    """“0.25 x 30; .3×40” as it is stored, “0.25x30,0.30x40”, each size once."""
    sizes = {part: _needle_size(part) for part in _parts(text)}
    unread = [part for part, size in sizes.items() if not size]
    if unread or not sizes:
        message = gettext(
            "“%(part)s” is no needle. Write gauge x length in mm with commas between, such as 0.25x30, "
            "0.30x40: gauge 0.10 to 0.90, length 5 to 150."
        )
        raise Unreadable(message % {"part": next(filter(None, unread), text)}, "unreadable")
    return ",".join(dict.fromkeys(sizes.values()))


def closed_days(text: str, *, today: dt.date) -> str:
    """Days as they are stored, “2026-12-24,2026-12-28”: typed one to a line, or with semicolons between."""
    parts = [part.strip() for part in re.split(r"[\n;]", text) if part.strip()]
    days = sorted({day for part in parts for day in _days_of(part, today)})
    if len(days) > _MOST_DAYS:
        message = gettext("These are %(count)s days. Leave those out that have passed; %(most)s fit.")
        raise Unreadable(message % {"count": len(days), "most": _MOST_DAYS}, "too-many")
    return ",".join(day.isoformat() for day in days)


def _days_of(part: str, today: dt.date) -> list[dt.date]:
    """A comma stands between days, and within one: “12/24/2026, 12/28/2026”, “Dec 24, 2026”."""
    try:
        return [parsing.date(part, today=today)]
    except Unreadable:
        if "," not in part:
            raise
    return [parsing.date(one, today=today) for one in part.split(",") if one.strip()]


def is_closed(closed: str, on: dt.date) -> bool:
    """Whether the practice said that it is closed on that day; `closed` as it is stored."""
    return on.isoformat() in closed.split(",")


def emergency_number(text: str) -> str:
    """What people dial: digits alone, few as in 911 or many."""
    typed = " ".join(text.split())
    digits = sum(c.isdigit() for c in typed)
    if not re.fullmatch(r"\+?[0-9 ().-]+", typed) or not _FEWEST_DIGITS <= digits <= _MOST_DIGITS:
        raise Unreadable(gettext("Write the number that people dial in digits, such as 911."), "unreadable")
    return typed


def setting_reasons(values: Mapping[str, object]) -> list[Reason]:
    """Settings of which each can be read and that make no sense together; `values` by their names."""
    reminded, told = values.get("unsigned_nag_hours"), values.get("unsigned_lead_hours")
    if isinstance(reminded, int) and isinstance(told, int) and told < reminded:
        message = gettext(
            "The therapist is reminded after %(hours)s hours, and the lead would be told before that. "
            "Enter as many hours or more."
        )
        return [Reason("lead-told-first", message % {"hours": reminded}, field="unsigned_lead_hours")]
    return []


def _parts(text: str) -> list[str]:
    return _SEPARATORS.split(text.strip()) if text.strip() else []


def _needle_size(text: str) -> str:
    found = _NEEDLE.fullmatch(text)
    if not found:
        return ""
    gauge, length = Decimal(found["gauge"]), int(found["length"])
    if not (THINNEST <= gauge <= THICKEST and SHORTEST <= length <= LONGEST):
        return ""
    return f"{gauge:.2f}x{length}"
