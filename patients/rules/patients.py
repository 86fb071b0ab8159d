"""What keeps somebody from being registered, or their details from being changed."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from patients.models import Patient
from patients.rules.identity import keys


def name_reasons(patient: Patient) -> list[Reason]:
    if keys.words_of(patient.family_name) or keys.words_of(patient.given_name):
        return []
    return [Reason("name-missing", _("Enter a last name or a first name."), field="family_name")]


def apart_reasons(exact: Collection[str], reason: str) -> list[Reason]:
    """`exact` are registered people of the same name and birth date: who is no other says why."""
    if not exact or reason.strip():
        return []
    message = _("Name and birth date are those of %(refs)s. Write how you know that this is somebody else.")
    return [Reason("same-person", message % {"refs": ", ".join(sorted(exact))}, field="apart_reason")]


def match_reasons(new_matches: Collection[str]) -> list[Reason]:
    """`new_matches` are possible matches that were registered after the form was shown."""
    if not new_matches:
        return []
    message = _("Somebody has just registered a person like this one. Look at the possible match first.")
    return [Reason("just-registered", message)]
