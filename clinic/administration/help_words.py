"""What each setting is for, in a sentence with an example, beneath its field in the administration."""

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.values.words import Text

PHONE = format_lazy(gettext_lazy("For example {example}"), example=formats.of_country("PHONE_EXAMPLE"))
DAY = format_lazy(gettext_lazy("For example {example}"), example=formats.of_country("DAY_EXAMPLE"))
# {table: {column: words}}, where the model has none of its own
WORDS: dict[str, dict[str, Text]] = {
    "clinic.practice": {
        "name": gettext_lazy("As patients know it, such as Lakeside Dry Needling. Printed notes have it."),
        "phone": format_lazy(gettext_lazy("The number that patients call back. {example}"), example=PHONE),
        "jurisdiction": gettext_lazy(
            "What holds for each session, where a location has no rules of its own."
        ),
        "emergency_number": gettext_lazy("What people dial when somebody is in danger, such as 911."),
        "emergency_words": gettext_lazy(
            "What a patient reads who reports a warning sign. Say what to do and which number to dial."
        ),
        "consent_months": gettext_lazy("After that it is asked for again."),
        "followup_open_hours": format_lazy(
            gettext_lazy("No call is due outside of them. For example {example}"),
            example=formats.of_country("HOURS_EXAMPLE"),
        ),
        "call_attempts": gettext_lazy("After so many tries somebody decides whether to go on."),
        "soreness_high_first": gettext_lazy("Points of a scale from 0 to 10."),
        "soreness_high_later": gettext_lazy("Points of a scale from 0 to 10."),
        "meaningful_change": gettext_lazy("Smaller changes are called no change."),
        "visit_minutes": gettext_lazy("What a new booking offers; each can be changed."),
        "unsigned_nag_hours": gettext_lazy("Counted from the end of the session."),
        "unsigned_lead_hours": gettext_lazy(
            "Counted from the end of the session, and not before the therapist is reminded."
        ),
        "credential_reminder_days": gettext_lazy("Then it stands on the boards and is mailed."),
        "retention_years": gettext_lazy("Counted from the last encounter."),
        "retention_minor_age": gettext_lazy("Who was a minor at the last encounter is kept until then."),
        "sides_count_once": gettext_lazy("Ticked: left and right of it are one muscle for 20560 or 20561."),
        "heads_count_once": gettext_lazy("Ticked: its heads are one muscle for 20560 or 20561."),
        "ask_lot_numbers": gettext_lazy("Ticked: each site asks for brand, lot and last day of use."),
        "two_people_count": gettext_lazy("Ticked: no note is signed before a second person counted them."),
        "needle_stock": gettext_lazy(
            "Gauge x length in mm with commas between, such as 0.25x30, 0.30x40. A session offers them."
        ),
        "followup_hours": gettext_lazy(
            "Hours after the end of a session, with commas between, such as 24, 72."
        ),
    },
    "clinic.location": {
        "code": gettext_lazy(
            "A short name that stays: small letters, digits and hyphens, such as main. No patient sees it."
        ),
        "name": gettext_lazy("As it stands on boards and printed notes, such as Main street."),
        "address": gettext_lazy("Street, town and ZIP code, a line each. It stands on printed notes."),
        "state": gettext_lazy("The state that the place is in. Its rules are chosen below."),
        "time_zone": gettext_lazy("The zone of its clocks, such as America/Chicago or America/New_York."),
        "phone": format_lazy(
            gettext_lazy("Where it has its own. Blank: the number of the practice. {example}"), example=PHONE
        ),
        "retired_at": gettext_lazy(
            "Blank while the place is in use. Day and time from which on nothing is booked there."
        ),
    },
    "clinic.room": {
        "name": gettext_lazy("As it stands on the door, such as Room 2."),
        "retired_at": gettext_lazy(
            "Blank while the room is in use. Day and time from which on nobody is taken there."
        ),
    },
    "clinic.credential": {
        "kind": gettext_lazy("What it is. The state rules say which of them a therapist needs."),
        "jurisdiction": gettext_lazy("The state that gave it. Blank: it counts in every state."),
        "number": gettext_lazy("As it stands on the paper. An NPI has ten digits."),
        "issued_on": format_lazy(gettext_lazy("The day on the paper. {example}"), example=DAY),
        "expires_on": format_lazy(
            gettext_lazy("The last day on which it holds. Blank: without an end. {example}"), example=DAY
        ),
        "hours": gettext_lazy("Hours of a course or an instruction."),
        "sessions": gettext_lazy("Treatments under supervision that were made elsewhere."),
        "regions": gettext_lazy("Of a course: tick what it taught. None ticked: it says nothing of them."),
    },
    "clinic.rolegrant": {
        "role": gettext_lazy("What the person may do from the first day on."),
        "from_on": format_lazy(gettext_lazy("Blank: from now on. {example}"), example=DAY),
        "until_on": format_lazy(gettext_lazy("Blank: without an end. {example}"), example=DAY),
    },
    "clinic.user": {
        "first_name": gettext_lazy("As it stands below notes, such as Dana."),
        "last_name": gettext_lazy("As it stands below notes, such as Rivera."),
        "email": gettext_lazy("Reminders of credentials go there, such as dana@clinic.example."),
        "profession": gettext_lazy("The state rules go by it. Only physical therapists open sessions."),
        "location": gettext_lazy("Where the person usually works: their board opens there."),
    },
}


def words_of(model: type[models.Model]) -> dict[str, Text]:
    """The sentence of each column, with its limits where it is a number with some."""
    columns, own = (*model._meta.fields, *model._meta.many_to_many), WORDS.get(model._meta.label_lower, {})
    found = {field.name: own.get(field.name) or field.help_text for field in columns}
    for name, (low, high) in getattr(model, "limits", {}).items():
        found[name] = _with_limits(found[name], low, high, model._meta.get_field(name))
    return {name: words for name, words in found.items() if words}


def _with_limits(words: Text, low: int, high: int, field: models.Field) -> Text:
    limits = gettext_lazy("{low} to {high}, such as {example}.")
    if not field.has_default():
        limits = gettext_lazy("{low} to {high}.")
    said = format_lazy(limits, low=low, high=high, example=field.default)
    return format_lazy("{} {}", words, said) if words else said
