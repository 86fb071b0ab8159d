"""The words of former names: what patients were called before a name changed or records were merged."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from clinic.django_internals.prepared import PreparedQuery
from patients.models import PatientKey
from patients.rules.identity.keys import FORMER


def of_everybody() -> Mapping[int, frozenset[str]]:
    """By the key of the patient; whoever never had another name is left out."""
    return _by_patient(PatientKey.objects.filter(kind=FORMER).order_by().values_list("patient", "value"))


def of_patients(keys: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """As `of_everybody`, of these patients."""
    wanted = tuple(sorted(keys))
    return _by_patient(WORDS(keys=wanted)) if wanted else {}


def _words(keys: tuple[int, ...]) -> QuerySet:
    return (
        PatientKey.objects.filter(kind=FORMER, patient__among=keys).order_by().values_list("patient", "value")
    )


WORDS = PreparedQuery(_words)


def _by_patient(rows: Iterable[tuple[int, str]]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for patient, word in rows:
        found[patient].add(word)
    return {patient: frozenset(words) for patient, words in found.items()}
