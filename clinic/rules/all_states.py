"""What is known of a state's rules: whether they bar needling, what was found, what to ask counsel."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.models import CounselOpinion, Jurisdiction
from clinic.values.words import Text

Status = Jurisdiction.Status
# Every rule that is looked for in a state's law: found, or blank. {theme: {column: what a person calls it}}
THEMES: dict[str, tuple[Text, dict[str, Text]]] = {
    "status": (gettext_lazy("Status"), {"status": gettext_lazy("Dry needling")}),
    "training": (
        gettext_lazy("Training"),
        {
            "hours_prerequisite": gettext_lazy("Hours before needling theory"),
            "hours_didactic": gettext_lazy("Hours of theory"),
            "hours_practicum": gettext_lazy("Hours of practice"),
            "hours_total": gettext_lazy("Hours in all"),
            "supervised_sessions": gettext_lazy("Supervised sessions"),
            "exam_required": gettext_lazy("Examination"),
            "training_kinds": gettext_lazy("Kind of training"),
        },
    ),
    "license": (
        gettext_lazy("License and registration"),
        {
            "min_licence_months": gettext_lazy("Months of license"),
            "registration": gettext_lazy("Registration"),
            "delegation_allowed": gettext_lazy("Assistants may needle"),
        },
    ),
    "referral": (
        gettext_lazy("Referral"),
        {
            "referral": gettext_lazy("Referral"),
            "diagnosis_required": gettext_lazy("Diagnosis needed"),
            "direct_access_notice_days": gettext_lazy("Days to notify without a referral"),
            "no_improvement_visits": gettext_lazy("Visits without improvement"),
            "no_improvement_days": gettext_lazy("Days without improvement"),
        },
    ),
    "consent": (
        gettext_lazy("Consent"),
        {
            "written_consent": gettext_lazy("In writing"),
            "not_acupuncture_statement": gettext_lazy("Says it is not acupuncture"),
            "copy_to_patient": gettext_lazy("Copy to the patient"),
            "first_time_document": gettext_lazy("Document at the first time"),
            "training_statement": gettext_lazy("Says the therapist’s training"),
            "consent_contents": gettext_lazy("What it says"),
        },
    ),
    "needling": (
        gettext_lazy("Needling"),
        {
            "max_dwell_seconds": gettext_lazy("Seconds a needle may stay in"),
            "stimulation_allowed": gettext_lazy("Stimulation"),
            "added_modality_allowed": gettext_lazy("Other modality with it"),
            "local_points_only": gettext_lazy("Local points only"),
            "one_needle_per_insertion": gettext_lazy("One needle for one insertion"),
            "scope_note": gettext_lazy("Scope"),
        },
    ),
    "record": (
        gettext_lazy("Record and report"),
        {
            "adverse_event_report_days": gettext_lazy("Days to report an event"),
            "record_note": gettext_lazy("To know"),
        },
    ),
}
FACTS: dict[str, Text] = {
    name: label for _title, columns in THEMES.values() for name, label in columns.items()
}
TAGS = {Status.ALLOWED: "ok", Status.SILENT: "info", Status.LATER: "caution", Status.BARRED: "stop"}


class Rules(Protocol):
    """State rules, as a row or as a draft holds them."""

    @property
    def status(self) -> str: ...

    @property
    def valid_from(self) -> dt.date | None: ...

    @property
    def based_on(self) -> Any: ...


R = TypeVar("R", bound=Rules)


@dataclass(frozen=True)
class Cell:
    """What was found on one theme: (label, value) of each rule. Empty: nothing was."""

    title: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StateCard:
    """One profile as the page of all states shows it. `bars`: no session is opened without counsel's word.

    `rests_on` names the shipped rules that an own copy permits more than, by that word. `is_earlier`: it was
    about another text than that of today, and opens nothing.
    """

    code: str
    name: str
    tag: str
    status: str
    bars: bool
    cells: tuple[Cell, ...]
    found: int
    not_found: int
    ask_counsel: str
    source: str
    source_kind: str
    checked_on: dt.date | None
    counsel_code: str
    opinion: CounselOpinion | None = None
    rests_on: str = ""
    is_earlier: bool = False


def bars(status: str, valid_from: dt.date | None, *, on: dt.date) -> bool:
    """Whether no physical therapist may needle on that day. “Later” without a day has not begun."""
    if status == Status.LATER:
        return valid_from is None or on < valid_from
    return status == Status.BARRED


def barring(rules: R, *, on: dt.date) -> R | None:
    """The rules that let nobody needle that day without counsel's word. None: nothing does.

    Rules of the practice's own that permit more than ships do so by counsel's word on what ships.
    """
    if bars(rules.status, rules.valid_from, on=on):
        return rules
    shipped = rules.based_on
    return shipped if shipped and bars(shipped.status, shipped.valid_from, on=on) else None


def missing(profile: Jurisdiction) -> list[str]:
    """The rules on which no text was found."""
    return [name for name in FACTS if getattr(profile, name) in (None, "")]


def found(profile: Jurisdiction) -> list[str]:
    return [name for name in FACTS if getattr(profile, name) not in (None, "")]


def ask_counsel(profile: Jurisdiction) -> str:
    """Names what was not found, and where it was looked for. The general profile needs none."""
    names = [str(FACTS[name]).lower() for name in missing(profile)]
    if not profile.state or not names:
        return ""
    return _("Ask your counsel about: %(names)s. Nothing was found on these in: %(places)s.") % {
        "names": ", ".join(names),
        "places": profile.searched_in,
    }


def cards(
    profiles: Iterable[Jurisdiction], opinions: dict[int, CounselOpinion], *, on: dt.date
) -> list[StateCard]:
    return [card(profile, opinions, on=on) for profile in profiles]


def card(profile: Jurisdiction, opinions: dict[int, CounselOpinion], *, on: dt.date) -> StateCard:
    """`opinions` by the key of the profile that each is about."""
    barred_by = barring(profile, on=on)
    about = barred_by or profile
    opinion = opinions.get(about.pk)
    return StateCard(
        code=profile.code,
        name=profile.name,
        tag=TAGS[Status(profile.status)],
        status=profile.get_status_display(),
        bars=barred_by is not None,
        cells=tuple(_cell(profile, name) for name in THEMES if name != "status"),
        found=len(found(profile)),
        not_found=len(missing(profile)),
        ask_counsel=ask_counsel(profile),
        source=profile.source,
        source_kind=profile.get_source_kind_display(),
        checked_on=profile.checked_on,
        counsel_code=about.code,
        opinion=opinion,
        rests_on=about.name if about is not profile else "",
        is_earlier=opinion is not None and not is_of_today(opinion, about),
    )


def text_digest(profile: Jurisdiction) -> str:
    """Stays while the rules and their source do, whatever they are called and whenever they were checked."""
    names = (*FACTS, "valid_from", "valid_to", "source")
    said = {name: str(getattr(profile, name)) for name in names if getattr(profile, name) not in (None, "")}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def is_of_today(opinion: CounselOpinion, profile: Jurisdiction) -> bool:
    """Whether counsel spoke of the rules as they stand now."""
    return opinion.text_digest == text_digest(profile)


def opinion_sentence(opinion: CounselOpinion) -> str:
    """Who said what, when and why, where it is filed, and who recorded it. Stands in the record."""
    return _(
        "Our counsel says: %(opinion)s %(counsel)s, %(day)s, document %(document)s. Reason: %(reason)s "
        "Recorded by %(lead)s."
    ) % {
        "opinion": _ended(opinion.opinion),
        "counsel": opinion.counsel,
        "day": formats.day(opinion.given_on),
        "document": opinion.document,
        "reason": _ended(opinion.reason),
        "lead": opinion.recorded_by.display_name if opinion.recorded_by else "",
    }


def table(profiles: Iterable[Jurisdiction]) -> Iterator[str]:
    """docs/states.md: of each state how many rules were found, how many not, and in what."""
    states = [profile for profile in profiles if profile.state]
    yield "| State | Dry needling | Rules found | Not found | Read in | Checked |"
    yield "|---|---|---:|---:|---|---|"
    for profile in states:
        counts = f"{len(found(profile))} | {len(missing(profile))}"
        kind, day = profile.get_source_kind_display(), profile.checked_on
        yield f"| {profile.name} | {profile.get_status_display()} | {counts} | {kind} | {day} |"
    every_found = sum(len(found(profile)) for profile in states)
    every_missing = sum(len(missing(profile)) for profile in states)
    yield f"| All {len(states)} | | {every_found} | {every_missing} | | |"


def _ended(text: str) -> str:
    """With a full stop at its end."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _cell(profile: Jurisdiction, theme: str) -> Cell:
    title, columns = THEMES[theme]
    known = [name for name in columns if getattr(profile, name) not in (None, "")]
    return Cell(str(title), tuple((str(columns[name]), _value(profile, name)) for name in known))


def _value(profile: Jurisdiction, name: str) -> str:
    value = getattr(profile, name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return formats.whole(value)
    display = getattr(profile, f"get_{name}_display", None)
    return str(display() if display else value)
