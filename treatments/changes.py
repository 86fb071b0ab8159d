"""The history of a record in clinic words: who did what, what changed, and who looked."""

import datetime as dt
import re

from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime

from clinic import audit
from clinic.models import AuditEvent
from patients.models import Patient

SHOWN = 50
LOOKS = (
    "patient.opened",
    "patient.printed",
    "patient.found",
    "screening.opened",
    "consent.opened",
    "session.read",
    "session.changes_read",
    "session.printed",
    "history.opened",
    "trends.opened",
    "restriction.opened",
    "disclosure.opened",
    "consent.copied",
    "followup.opened",
    "redflag.opened",
    "audit.searched",
    "audit.exported",
    "admin.looked",
    "session.refused",
    "session.proof_failed",
)
# Keys of rows say nothing to people; the words beside them do.
UNSAID = re.compile(r"_(id|key|digest)$|^(digest|mac|key)$")
WORDS = {
    "icd10": "ICD-10-CM code",
    "code_set_year": "code set",
    "onset_on": "since",
    "onset_precision": "how exact",
    "born": "date of birth",
    "pain_before": "pain before",
    "pain_after": "pain after",
    "twitches": "local twitch responses",
    "depth_mm": "depth (mm)",
    "length_mm": "length (mm)",
    "gauge_mm": "gauge (mm)",
}


def events(patient: Patient, *, before: str = "", looks: bool = False) -> QuerySet:
    """One page and a row more, the newest first: what was done, or who looked."""
    rows = AuditEvent.objects.filter(patient_ref=patient.ref).select_related("actor").order_by("-seq")
    rows = rows.filter(code__in=LOOKS) if looks else rows.exclude(code__in=LOOKS)
    if re.fullmatch(r"[0-9]{1,18}", before):
        rows = rows.filter(seq__lt=int(before))
    return rows[: SHOWN + 1]


def page(patient: Patient, *, before: str, looks: bool) -> dict:
    rows = list(events(patient, before=before, looks=looks))
    shown = rows[:SHOWN]
    return {
        "lines": [line(event) for event in shown],
        "older": shown[-1].seq if len(rows) > SHOWN else "",
    }


def line(event: AuditEvent) -> dict:
    return {
        "at": event.at,
        "who": event.actor.display_name if event.actor else event.actor_name or "Filiform",
        "what": audit.SENTENCES.get(event.code, event.code),
        "reason": event.reason,
        "changes": changes(event.changes),
    }


def changes(found: dict) -> list[dict]:
    """{"side": ["left", "right"]} as “side: left, now right”; what has no words is left out."""
    pairs = {name: pair for name, pair in found.items() if isinstance(pair, list) and len(pair) == 2}
    return [
        {"label": label(name), "before": value(pair[0]), "after": value(pair[1])}
        for name, pair in pairs.items()
        if not UNSAID.search(name)
    ]


def label(name: str) -> str:
    return WORDS.get(name) or name.removesuffix("_on").removesuffix("_at").replace("_", " ")


def value(raw) -> str:
    """What stood there, as it is read on the other pages."""
    if raw is None or raw in ("", [], {}):
        return "nothing"
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, list):
        return ", ".join(value(part) for part in raw)
    if isinstance(raw, dict):
        return ", ".join(f"{label(name)}: {value(part)}" for name, part in raw.items())
    text = str(raw)
    return _dated(text) or (text.replace("_", " ") if re.fullmatch(r"[a-z]+(_[a-z]+)+", text) else text)


def _dated(text: str) -> str:
    if not re.match(r"\d{4}-\d{2}-\d{2}($|[ T])", text):
        return ""
    try:
        found = parse_date(text) or parse_datetime(text)
    except ValueError:
        return ""
    if isinstance(found, dt.datetime):
        return date_format(localtime(found) if found.tzinfo else found, "j M Y, H:i")
    return date_format(found, "j M Y") if found else ""
