"""What is printed around a note: the practice, what was treated, who pays, what the session was opened under.

What a note was signed with stands in its seal. What is read as it is on file today says so.
"""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.models import Location, Practice
from clinic.models.rows import day, instant
from patients.models import Consent, Coverage, Level, Screening
from patients.rules.conditions import onset
from treatments.rules.reports.overrides import rule_name
from treatments.rules.session.parts import side_text

ON_FILE = gettext_lazy("on file today")


def letterhead(practice: Practice, locations: list[Location]) -> dict:
    """Who prints: the name and NPI of the practice, and where the visits were."""
    return {
        "name": practice.name,
        "npi": practice.npi,
        "places": list(dict.fromkeys(_place(location, practice) for location in locations))
        or [practice.phone],
    }


def about(session, *, today: dt.date) -> list[dict]:
    """Labels and values beside a note. `session` comes from `with_paper_rows`."""
    return [
        *(fact for row in session.paper_conditions for fact in _condition(row)),
        *_code(session),
        _payer(session, today),
        *_opened_under(session),
    ]


def reasons(session) -> list[tuple[str, str]]:
    """Each rule that was answered with a reason: the question as it stood, and the reason."""
    return [(row["asked"] or rule_name(row["rule"]), row["reason"]) for row in session.locked_overrides]


def _place(location: Location, practice: Practice) -> str:
    """“Exampleton, 1 Sample Street, Exampleton, IL, (555) 555-0100”"""
    lines = [line.strip().rstrip(",") for line in location.address.splitlines()]
    parts = [location.name, *lines, location.state, location.phone or practice.phone]
    return ", ".join(part for part in parts if part)


def _condition(row: dict) -> list[dict]:
    """The condition with its code, as it is locked; the onset and the goal as they are on file."""
    name = f"{row['name']}, {side_text(row['side'])}"
    code = f"{row['icd10']} ({_code_set(row)})" if row["code_set_year"] else row["icd10"]
    since = onset.onset_label(day(row["onset_on"]), row["onset_precision"])
    on_file = [
        _("since %(since)s") % {"since": since} if since else "",
        _("goal: %(goal)s") % {"goal": row["goal"]} if row["goal"] else "",
    ]
    found = [
        {
            "label": _("Condition"),
            "value": _("%(name)s, ICD-10-CM %(code)s") % {"name": name, "code": code} if code else name,
        }
    ]
    if any(on_file):
        words = ", ".join(part for part in on_file if part)
        found.append(
            {"label": _("Onset and goal"), "value": f"{words[0].upper()}{words[1:]}", "sub": str(ON_FILE)}
        )
    return found


def _code_set(row: dict) -> str:
    """The year of the code set, with its end where the session was later."""
    if not row["code_set_ended_on"]:
        return str(row["code_set_year"])
    ended = formats.day(day(row["code_set_ended_on"]))
    return _("%(year)s, expired set: ended %(day)s") % {"year": row["code_set_year"], "day": ended}


def _code(session) -> list[dict]:
    if not session.billing_code:
        return []
    why = session.billing_override_reason or session.billing_reason
    found = [{"label": _("CPT code"), "value": session.billing_code, "sub": why}]
    if session.billing_modifiers_reason:
        modifiers = {"value": session.billing_modifiers or _("None"), "sub": session.billing_modifiers_reason}
        found.append({"label": _("Modifiers"), **modifiers})
    return found


def _payer(session, today: dt.date) -> dict:
    """Who paid on the day of the visit; where nobody was noted by then, who pays today."""
    on = timezone.localdate(session.started_at or session.opened_at)
    then = [row for row in session.paper_payers if _stood(row, on)]
    shown = then or [row for row in session.paper_payers if _stood(row, today)]
    value = "; ".join(payer_words(row) for row in shown)
    return {"label": _("Payer"), "value": value, "sub": _("on file at the visit") if then else str(ON_FILE)}


def _stood(row: dict, on: dt.date) -> bool:
    noted, ended = (instant(row[name]) for name in ("noted_at", "ended_at"))
    return timezone.localdate(noted) <= on and (ended is None or timezone.localdate(ended) > on)


def payer_words(row: dict) -> str:
    member = _("member ID %(member_id)s") % {"member_id": row["member_id"]} if row["member_id"] else ""
    return ", ".join(filter(None, (str(Coverage.Kind(row["kind"]).label), row["payer"], member)))


def _opened_under(session) -> list[dict]:
    """The health questions and the consent that the session was opened under."""
    found: list[dict] = [
        {
            "label": _("Health questions"),
            "value": _level(session.screening),
            "sub": _answered(session.screening),
        }
    ]
    if session.visit_screening:
        of_visit = session.visit_screening
        found.append({"label": _("At the visit"), "value": _level(of_visit), "sub": _answered(of_visit)})
    found.append(
        {
            "label": _("Consent"),
            "value": _given(session.consent),
            "sub": _ended(session.consent),
            "names": True,
        }
    )
    if session.referral:
        by, on = session.referral.by_whom, formats.day(session.referral.given_on)
        found.append({"label": _("Referral"), "value": f"{by}, {on}"})
    return found


def _level(screening: Screening | None) -> str:
    if screening is None:
        return _("None on file")
    return str(Level(screening.decided_level or screening.computed_level).label)


def _answered(screening: Screening | None) -> str:
    if screening is None:
        return ""
    answered = _("answered %(day)s") % {"day": formats.day(timezone.localdate(screening.taken_at))}
    if screening.reviewed_by is None:
        return _("%(answered)s, not reviewed") % {"answered": answered}
    return _("%(answered)s, reviewed by %(who)s") % {
        "answered": answered,
        "who": screening.reviewed_by.display_name,
    }


def _given(consent: Consent | None) -> str:
    if consent is None or consent.given_at is None:
        return _("None on file")
    on = consent.paper_on or timezone.localdate(consent.given_at)
    return _("Given %(day)s by %(signer)s, %(how)s") % {
        "day": formats.day(on),
        "signer": consent.signer_name,
        "how": consent.get_method_display().lower(),
    }


def _ended(consent: Consent | None) -> str:
    if consent is None:
        return ""
    withdrawal = getattr(consent, "withdrawal", None)
    if withdrawal is not None:
        return _("withdrawn %(day)s") % {"day": formats.day(timezone.localdate(withdrawal.withdrawn_at))}
    return _("to %(day)s") % {"day": formats.day(consent.expires_on)} if consent.expires_on else ""
