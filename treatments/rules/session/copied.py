"""Values copied from a note that was entered on the wrong patient: what is copied, what still waits."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic import formats
from treatments.models import NeedlingSession
from treatments.rules import audit
from treatments.rules.session import fields, sentences
from treatments.rules.session.draft import Draft
from treatments.rules.session.parts import NewestEvent

# Free text may name the other patient; it is left out where it does.
TEXTS = ("tolerance_detail", "other_care", "note", "plan")
# What was seen and done. Identity, consent, screening, reasons for rules and the code are asked for anew.
SESSION_FIELDS = (
    "started_at", "ended_at", "position", "skin_prep", "needles_opened", "needles_unused", "needles_out",
    "tolerance", *TEXTS, "next_visit_on",
)  # fmt: skip
PAINS = ("pain_before", "pain_after", "not_asked_before", "not_asked_after")
# Shorter names, such as initials, stand in half of all words.
MIN_NAME = 3


@dataclass(frozen=True, slots=True, repr=False)
class CopiedValue:
    """A value that nobody has confirmed. `version` is the number of the change that copied it."""

    version: int
    label: str
    text: str


def unconfirmed_events(draft: Draft) -> list[NewestEvent]:
    """Copies that nobody has confirmed or changed since, of what still stands in the draft."""
    versions = draft.versions
    copies = [event for event in draft.events if event.copied is not None]
    waiting = [event for event in copies if versions[event.field, event.part, event.site_key] == event.copied]
    return [event for event in waiting if _stands(draft, event)]


def unconfirmed(draft: Draft) -> list[CopiedValue]:
    """The same as they are read, in the order of the journal."""
    found = sorted(unconfirmed_events(draft), key=lambda event: event.version)
    return [CopiedValue(event.version, *_read(draft, event)) for event in found]


def mentions(text: str, names: Iterable[str]) -> bool:
    """Whether a text has one of these names, as whole words."""
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names if name)


def identifying(patient) -> list[str]:
    """What tells who somebody is, each as it may stand in a text."""
    names = (patient.family_name, patient.given_name, patient.preferred_name)
    parts = [part for name in names for part in (name, *re.split(r"[\s-]+", name))]
    days = formats.spellings(patient.born)
    own = (patient.ref, patient.phone, patient.email, patient.external_id, patient.address)
    return [*(part for part in parts if len(part) >= MIN_NAME), *(text for text in own if text), *days]


def _stands(draft: Draft, event: NewestEvent) -> bool:
    if event.field == "site":
        return event.site_key in {site.key for site in draft.standing_sites}
    place = fields.PLACES.get(event.field)
    standing: dict[str | None, set[str]] = {
        fields.SESSION: {""},
        fields.CONDITION: {str(row.pk) for row in draft.conditions},
        fields.MEASUREMENT: {str(row.pk) for row in draft.measurements},
        fields.AFTERCARE: set(draft.advice_given),
    }
    return event.part in standing.get(place, set())


def _read(draft: Draft, event: NewestEvent) -> tuple[str, str]:
    """(label, text) of a copied value."""
    if event.field == "site":
        site = {site.key: site for site in draft.sites}[event.site_key]
        return _("Site %(number)s") % {"number": site.number}, sentences.site_sentence(site)
    label = audit.column_label(event.field).capitalize()
    place = fields.PLACES[event.field]
    if place == fields.AFTERCARE:
        return _("Advice"), {row.code: row.text for row in draft.advice}.get(event.part, event.part)
    if place == fields.CONDITION:
        condition = {str(row.pk): row for row in draft.conditions}[event.part]
        return f"{label}, {condition.name}", _text(getattr(condition, event.field))
    if place == fields.MEASUREMENT:
        row = {str(row.pk): row for row in draft.measurements}[event.part]
        return label, sentences.measurement_sentence(row)
    return label, _text_of_column(event.field, getattr(draft.session, event.field))


def _text_of_column(name: str, value) -> str:
    labels = {column.name: dict(column.flatchoices) for column in NeedlingSession._meta.concrete_fields}[name]
    return str(labels[value]) if value in labels else _text(value)


def _text(value) -> str:
    if isinstance(value, dt.datetime):
        return formats.moment(value)
    if isinstance(value, dt.date):
        return formats.day(value)
    return _("nothing") if value in (None, "") else str(value)
