"""Why the search found a patient, and how much that says."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from clinic.values.words import Text
from patients.models import Patient
from patients.rules.identity.keys import found_as, numbers_of
from patients.rules.identity.names import forms_of, latin
from patients.rules.identity.search_terms import SearchTerms

REFERENCE = gettext_lazy("reference")
NAME = gettext_lazy("name")
OTHER_FORM = gettext_lazy("another form of the name")
FORMER_NAME = gettext_lazy("former name")
RELATED_NAME = gettext_lazy("guardian or contact")
BIRTH_DATE = gettext_lazy("birth date")
SWAPPED_DATE = gettext_lazy("day and month swapped")
BIRTH_YEAR = gettext_lazy("birth year")
PHONE = gettext_lazy("phone")
EMAIL = gettext_lazy("email")
OTHER_NUMBER = gettext_lazy("number in another system")
SIMILAR = gettext_lazy("similar spelling")
# own choice: what is typed as it is registered says most, what somebody else is called least
WEIGHTS: dict[Text, int] = {
    NAME: 3, BIRTH_DATE: 3, EMAIL: 3, PHONE: 3, OTHER_NUMBER: 3, REFERENCE: 3,
    OTHER_FORM: 2, SWAPPED_DATE: 2, FORMER_NAME: 2, BIRTH_YEAR: 1, RELATED_NAME: 1,
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A patient with the words of former names and of who goes with them."""

    patient: Patient
    former: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()


def forms_like(word: str) -> set[str]:
    """The words under which somebody may be registered who is called by this one."""
    return {*forms_of(word), latin(word)}


def dates_like(born: dt.date) -> set[dt.date]:
    """The date, and the one with day and month swapped."""
    dates = {born}
    with suppress(ValueError):
        dates.add(born.replace(month=born.day, day=born.month))
    return dates


def reasons(known: Known, terms: SearchTerms) -> tuple[Text, ...]:
    """Each once, in the order in which it was typed."""
    found: list[Text] = [REFERENCE] if terms.ref == known.patient.ref else []
    found += [reason for word in terms.words if (reason := _of_word(word, known))]
    found += _of_dates(terms, known.patient.born)
    found += _of_numbers(terms, known.patient)
    return tuple(dict.fromkeys(found)) or (SIMILAR,)


def weight(known: Known, terms: SearchTerms) -> int:
    words = [_of_word(word, known) for word in terms.words]
    others = [*_of_dates(terms, known.patient.born), *_of_numbers(terms, known.patient)]
    return sum(WEIGHTS.get(reason, 0) for reason in [*words, *others] if reason is not None)


def _of_word(word: str, known: Known) -> Text | None:
    patient = known.patient
    names = {*found_as(f"{patient.family_name} {patient.given_name} {patient.preferred_name}")}
    if any(name.startswith(word) for name in names):
        return NAME
    if forms_like(word) & names:
        return OTHER_FORM
    if forms_like(word) & known.former:
        return FORMER_NAME
    if forms_like(word) & known.related:
        return RELATED_NAME
    return OTHER_NUMBER if word in numbers_of(patient.external_id) else None


def _of_dates(terms: SearchTerms, born: dt.date) -> list[Text]:
    dates = [date for date in (terms.born, terms.maybe_born) if date]
    if born in dates:
        return [BIRTH_DATE]
    if any(born in dates_like(date) for date in dates):
        return [SWAPPED_DATE]
    return [BIRTH_YEAR] if terms.year == born.year else []


def _of_numbers(terms: SearchTerms, patient: Patient) -> list[Text]:
    found: list[Text] = []
    if terms.digits and patient.phone_key.endswith(terms.digits):
        found.append(PHONE)
    if terms.digits and terms.digits in numbers_of(patient.external_id):
        found.append(OTHER_NUMBER)
    if terms.email and patient.email.lower() == terms.email:
        found.append(EMAIL)
    return found
