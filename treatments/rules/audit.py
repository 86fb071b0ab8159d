"""Audit events as readable lines, and the terms of a search of the audit."""

import datetime as dt
import re
from dataclasses import dataclass

from django.urls import NoReverseMatch
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from clinic import formats
from clinic.access import Permission
from clinic.audit import wording
from clinic.models import AuditEvent, User
from clinic.values.addresses import reverse
from clinic.values.words import Text

RESTRICTED_MESSAGE = gettext_noop("Restricted record: what changed is kept from you.")
EXPORT_COLUMNS = [
    gettext_lazy("number"),
    gettext_lazy("at"),
    gettext_lazy("person"),
    gettext_lazy("did"),
    gettext_lazy("code"),
    gettext_lazy("about"),
    gettext_lazy("reference"),
    gettext_lazy("patient"),
    gettext_lazy("changes"),
    gettext_lazy("reason"),
    gettext_lazy("request"),
    gettext_lazy("address"),
]


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
    granted: frozenset[Permission] = frozenset()

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
        line = event_line(self.event, frozenset() if self.is_restricted else self.granted)
        return {**line, "reason": _(RESTRICTED_MESSAGE), "changes": []} if self.is_restricted else line


def code_choices() -> list[tuple[str, str]]:
    """Every code with its sentence, for a list to choose from."""
    return sorted((code, f"{sentence} ({code})") for code, sentence in wording.SENTENCES.items())


@dataclass(frozen=True)
class Subject:
    """What an event is about, with the page that shows it: for who has `permission`."""

    words: Text
    url_name: str
    permission: Permission
    # a row without a reference of its own stands below its patient
    below_patient: bool = False
    part: str = ""

    def url_of(self, event: AuditEvent) -> str:
        if not self.below_patient:
            return reverse(self.url_name, args=[event.object_ref])
        below = [event.object_ref] if self.url_name in BY_KEY else []
        return reverse(self.url_name, args=[event.patient_ref, *below]) + self.part


BY_KEY = ("patients:screening", "patients:consent", "treatments:merge-take-back")
SUBJECTS = {
    "patients.visit": Subject(gettext_lazy("visit"), "patients:visit-edit", Permission.VISIT_MANAGE),
    "patients.screening": Subject(
        gettext_lazy("answers"), "patients:screening", Permission.SCREENING_VIEW, below_patient=True
    ),
    "patients.consent": Subject(
        gettext_lazy("consent"), "patients:consent", Permission.CONSENT_VIEW, below_patient=True
    ),
    "patients.patientcondition": Subject(
        gettext_lazy("conditions"),
        "treatments:record",
        Permission.CHART_VIEW,
        below_patient=True,
        part="#conditions",
    ),
    "patients.allergy": Subject(
        gettext_lazy("allergies"), "patients:alerts", Permission.ALERTS_EDIT, below_patient=True
    ),
    "patients.medication": Subject(
        gettext_lazy("medications"), "patients:alerts", Permission.ALERTS_EDIT, below_patient=True
    ),
    "treatments.needlingsession": Subject(
        gettext_lazy("session"), "treatments:session", Permission.CHART_VIEW
    ),
    "patients.mergejournal": Subject(
        gettext_lazy("merge"), "treatments:merge-take-back", Permission.RECORD_MERGE, below_patient=True
    ),
    "treatments.followup": Subject(gettext_lazy("call"), "treatments:followup", Permission.FOLLOWUP_CALL),
}


def subject_link(event: AuditEvent, granted: frozenset[Permission]) -> dict | None:
    """The words and the address of what an event is about; None without a page that this reader may open."""
    subject = SUBJECTS.get(event.object_kind)
    is_named = event.object_ref and (event.patient_ref or not (subject and subject.below_patient))
    if subject is None or not is_named or subject.permission not in granted:
        return None
    try:
        return {"words": str(subject.words), "url": subject.url_of(event)}
    except NoReverseMatch:
        # an event of before references had their form
        return None


# Primary keys and digests mean nothing to readers and are left out.
KEY_COLUMNS = re.compile(r"_(id|key|digest)$|^(digest|mac|key|seal)$")
COLUMN_LABELS = {
    "icd10": gettext_lazy("ICD-10-CM code"),
    "code_set_year": gettext_lazy("code set"),
    "excluded_codes": gettext_lazy("holds beside"),
    "exclusion_reason": gettext_lazy("why both hold"),
    "left out": gettext_lazy("left out"),
    "onset_on": gettext_lazy("since"),
    "onset_precision": gettext_lazy("how exact"),
    "born": gettext_lazy("date of birth"),
    "family_name": gettext_lazy("last name"),
    "given_name": gettext_lazy("first name"),
    "arrived_at": gettext_lazy("checked in"),
    "roomed_at": gettext_lazy("in a room"),
    "left_at": gettext_lazy("checked out"),
    "cancelled_at": gettext_lazy("canceled"),
    "missed_at": gettext_lazy("no-show"),
    "course": gettext_lazy("compared with before"),
    "screening": gettext_lazy("health questions"),
    "visit_screening": gettext_lazy("health update"),
    "haemostasis": gettext_lazy("hemostasis"),
    "jurisdiction": gettext_lazy("state rules"),
    "needles_second": gettext_lazy("counted with"),
    "not_needled": gettext_lazy("why nobody was needled"),
    "not_needled_detail": gettext_lazy("in a few words"),
    "pain_before": gettext_lazy("pain before"),
    "pain_after": gettext_lazy("pain after"),
    "twitches": gettext_lazy("local twitch responses"),
    "depth_mm": gettext_lazy("depth (mm)"),
    "length_mm": gettext_lazy("length (mm)"),
    "gauge_mm": gettext_lazy("gauge (mm)"),
    "started_at": gettext_lazy("started"),
    "ended_at": gettext_lazy("ended"),
    "position": gettext_lazy("position"),
    "skin_prep": gettext_lazy("skin prep"),
    "needles_opened": gettext_lazy("needles opened"),
    "needles_unused": gettext_lazy("needles unused"),
    "needles_out": gettext_lazy("needles out"),
    "tolerance": gettext_lazy("tolerance"),
    "tolerance_detail": gettext_lazy("tolerance detail"),
    "other_care": gettext_lazy("other care"),
    "note": gettext_lazy("note"),
    "plan": gettext_lazy("plan"),
    "next_visit_on": gettext_lazy("next visit"),
    "billing_code": gettext_lazy("billing code"),
    "billing_override_reason": gettext_lazy("billing override reason"),
    "identity_checked": gettext_lazy("identity checked"),
    "not_asked_before": gettext_lazy("not asked before"),
    "not_asked_after": gettext_lazy("not asked after"),
    "measure_before": gettext_lazy("measure before"),
    "measure_after": gettext_lazy("measure after"),
    "advice": gettext_lazy("advice"),
    "muscle": gettext_lazy("muscle"),
    "unlisted_name": gettext_lazy("unlisted name"),
    "sub_site": gettext_lazy("sub site"),
    "side": gettext_lazy("side"),
    "tissue": gettext_lazy("tissue"),
    "technique": gettext_lazy("technique"),
    "brand": gettext_lazy("brand"),
    "lot": gettext_lazy("lot"),
    "needle_expires_on": gettext_lazy("needle expires"),
    "depth_class": gettext_lazy("depth class"),
    "direction": gettext_lazy("direction"),
    "needles": gettext_lazy("needles"),
    "insertions": gettext_lazy("insertions"),
    "twitch_exhausted": gettext_lazy("twitch exhausted"),
    "manipulation_seconds": gettext_lazy("manipulation seconds"),
    "dwell_seconds": gettext_lazy("dwell seconds"),
    "needle_in_at": gettext_lazy("needle in"),
    "needle_out_at": gettext_lazy("needle out"),
    "stimulation_device": gettext_lazy("stimulation device"),
    "stimulation_hz": gettext_lazy("stimulation hz"),
    "stimulation_us": gettext_lazy("stimulation us"),
    "stimulation_ma": gettext_lazy("stimulation ma"),
    "stimulation_seconds": gettext_lazy("stimulation seconds"),
    "taut_band": gettext_lazy("taut band"),
    "nodule": gettext_lazy("nodule"),
    "referral_reproduced": gettext_lazy("referral reproduced"),
    "pain_during": gettext_lazy("pain during"),
    "bleeding": gettext_lazy("bleeding"),
}


def event_line(event: AuditEvent, granted: frozenset[Permission] = frozenset()) -> dict:
    return {
        "about": subject_link(event, granted),
        "at": event.at,
        "who": event.who or "Filiform",
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
    if name in COLUMN_LABELS:
        return str(COLUMN_LABELS[name])
    return name.removesuffix("_on").removesuffix("_at").replace("_", " ")


def value_text(raw) -> str:
    """A recorded value, worded as on the other pages."""
    if raw is None or raw in ("", [], {}):
        return _("nothing")
    if isinstance(raw, bool):
        return _("yes") if raw else _("no")
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
        return formats.moment(found)
    return formats.day(found)
