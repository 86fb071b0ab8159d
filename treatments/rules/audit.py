"""Audit events as readable lines, and the terms of a search of the audit."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime

from clinic.audit import wording
from clinic.models import AuditEvent, User

RESTRICTED_MESSAGE = "Restricted record: what changed is kept from you."
EXPORT_COLUMNS = [
    "number", "at", "person", "did", "code", "about", "reference", "patient", "changes", "reason",
    "request", "address",
]  # fmt: skip


@dataclass(frozen=True)
class AuditSearch:
    """The terms of a search; an empty term matches everything. Days are local, the last one included."""

    person: User | None = None
    patient_ref: str = ""
    code: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    request_id: str = ""

    @property
    def summary(self) -> str:
        """For the audit event of the search itself: keys, references and codes."""
        terms = {
            "person": self.person.pk if self.person else "",
            "patient": self.patient_ref,
            "code": self.code,
            "from": self.first,
            "until": self.last,
            "request": self.request_id,
        }
        return ", ".join(f"{name} {value}" for name, value in terms.items() if value) or "everything"


@dataclass(frozen=True)
class EventRow:
    """One event as a reader may see it. `is_restricted`: they may not read its content.

    The reference of a restricted record stands only where the search `asked_for` it.
    """

    event: AuditEvent
    is_restricted: bool
    asked_for: str = ""

    @property
    def is_named(self) -> bool:
        return not self.is_restricted or self.asked_for == self.event.patient_ref

    @property
    def patient_ref(self) -> str:
        return self.event.patient_ref if self.is_named else ""

    @property
    def object_ref(self) -> str:
        return self.event.object_ref if self.is_named else ""

    @property
    def line(self) -> dict:
        line = event_line(self.event)
        return {**line, "reason": RESTRICTED_MESSAGE, "changes": []} if self.is_restricted else line


def code_choices() -> list[tuple[str, str]]:
    """Every code with its sentence, for a list to choose from."""
    return sorted((code, f"{sentence} ({code})") for code, sentence in wording.SENTENCES.items())


# Primary keys and digests mean nothing to readers and are left out.
KEY_COLUMNS = re.compile(r"_(id|key|digest)$|^(digest|mac|key)$")
COLUMN_LABELS = {
    "icd10": "ICD-10-CM code",
    "code_set_year": "code set",
    "onset_on": "since",
    "onset_precision": "how exact",
    "born": "date of birth",
    "family_name": "last name",
    "given_name": "first name",
    "arrived_at": "checked in",
    "roomed_at": "in a room",
    "left_at": "checked out",
    "cancelled_at": "canceled",
    "missed_at": "no-show",
    "course": "compared with before",
    "screening": "health questions",
    "visit_screening": "health update",
    "haemostasis": "hemostasis",
    "needles_second": "counted with",
    "not_needled": "why nobody was needled",
    "not_needled_detail": "in a few words",
    "pain_before": "pain before",
    "pain_after": "pain after",
    "twitches": "local twitch responses",
    "depth_mm": "depth (mm)",
    "length_mm": "length (mm)",
    "gauge_mm": "gauge (mm)",
}


def event_line(event: AuditEvent) -> dict:
    return {
        "at": event.at,
        "who": event.actor.display_name if event.actor else event.actor_name or "Filiform",
        "what": wording.SENTENCES.get(event.code, event.code),
        "reason": event.reason,
        "changes": change_lines(event.changes),
    }


def change_lines(recorded: dict) -> list[dict]:
    """{"side": ["left", "right"]} as “side: left, now right”; keys and digests are left out."""
    pairs = {name: pair for name, pair in recorded.items() if isinstance(pair, list) and len(pair) == 2}
    return [
        {"label": column_label(name), "before": value_text(pair[0]), "after": value_text(pair[1])}
        for name, pair in pairs.items()
        if not KEY_COLUMNS.search(name)
    ]


def column_label(name: str) -> str:
    return COLUMN_LABELS.get(name) or name.removesuffix("_on").removesuffix("_at").replace("_", " ")


def value_text(raw) -> str:
    """A recorded value, worded as on the other pages."""
    if raw is None or raw in ("", [], {}):
        return "nothing"
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, list):
        return ", ".join(value_text(part) for part in raw)
    if isinstance(raw, dict):
        return ", ".join(f"{column_label(name)}: {value_text(part)}" for name, part in raw.items())
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
