"""Who signs a consent: the name that is typed is compared with the names on record, and asked about."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy
from rapidfuzz.distance import OSA

from clinic.values.errors import Reason
from clinic.values.words import Text
from patients.models import Consent
from patients.rules.consents import signers_for
from patients.rules.identity.keys import words_of

# Shorter words differ from each other by one letter too often.
SHORTEST_WITH_SLIP = 4
ABOUT_THE_PATIENT = gettext_lazy(
    "The name is not the patient's name as it is on record. Correct it, or write "
    "why, such as: my name since I married."
)
PATIENTS_OWN = gettext_lazy(
    "This is the patient's own name. Type the name of the person who signs. If "
    "it is the same name, write so, such as: father, the same first name."
)
NO_GUARDIAN = gettext_lazy(
    "No parent or guardian is on record for this patient. Write who signs and "
    "how that is known, such as: mother, showed the birth certificate."
)
ANOTHER_GUARDIAN = gettext_lazy(
    "The name is not that of a parent or guardian on record. Correct it, or "
    "write who signs and why, such as: grandmother, the mother agreed by phone."
)


@dataclass(frozen=True)
class NamesOnRecord:
    """A patient's names, and those of the guardians."""

    family: str
    given: str
    preferred: str
    guardians: tuple[str, ...]


def reasons(*, signer: str, signer_name: str, note: str, names: NamesOnRecord, minor: bool) -> list[Reason]:
    """What is asked about the name. A note answers it; the record keeps the note with the consent."""
    if note.strip() or not signer_name.strip():
        return []
    found = _question(signer, signer_name, names, minor=minor)
    return [Reason(found[0], str(found[1]), field="signer_note")] if found else []


def _question(signer: str, typed: str, names: NamesOnRecord, *, minor: bool) -> tuple[str, Text] | None:
    firsts = (names.given, names.preferred or names.given)
    is_patients = any(is_name_of(typed, family=names.family, given=first) for first in firsts)
    if signer not in dict(signers_for(minor=minor)):
        return None  # refused for that already
    if signer == Consent.Signer.PATIENT:
        return None if is_patients else ("not-the-patient", ABOUT_THE_PATIENT)
    if is_patients:
        return "patients-own-name", PATIENTS_OWN
    if not minor:
        return None
    if not names.guardians:
        return "no-guardian", NO_GUARDIAN
    if not any(_is_alike(typed, name) for name in names.guardians):
        return "another-guardian", ANOTHER_GUARDIAN
    return None


def is_name_of(typed: str, *, family: str, given: str) -> bool:
    """Whether a typed name can be this person's: a first name or its initial, and the family name."""
    words, families, firsts = words_of(typed), words_of(family), words_of(given)
    together = {"".join(order) for order in ((*families, *firsts), (*firsts, *families))}
    if "".join(words) in together:
        return True
    has_first = not firsts or any(_is_one_of(word, firsts) for word in words)
    has_family = not families or any(_is_one_of(word, families) for word in words)
    return has_first and has_family and len(words) >= bool(firsts) + bool(families)


def _is_alike(typed: str, name: str) -> bool:
    """Every word of the shorter name stands in the longer one."""
    shorter, longer = sorted((words_of(typed), words_of(name)), key=len)
    return len(shorter) > 0 and all(_is_one_of(word, longer) for word in shorter)


def _is_one_of(word: str, known: Iterable[str]) -> bool:
    return any(_is_same(word, other) for other in known)


def _is_same(word: str, other: str) -> bool:
    if min(len(word), len(other)) == 1:
        return word[0] == other[0]
    slips = 1 if min(len(word), len(other)) >= SHORTEST_WITH_SLIP else 0
    return OSA.distance(word, other, score_cutoff=slips) <= slips
