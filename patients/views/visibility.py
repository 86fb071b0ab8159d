"""How a view gets its patient: visible to the user, with risk flags, and the look recorded."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest

from clinic import audit
from clinic.web import responses
from patients.models import Patient
from patients.selectors import visibility as seen


def visible_patient(
    request: HttpRequest,
    ref: str,
    *,
    read: Callable[..., Patient | None] = seen.patient,
    **values,
) -> Patient:
    """`read` gives the patient with what the page needs beside, for these `values`."""
    found = responses.row_or_404(read(request.user, ref, **values))
    record_look(request, found)
    return found


def record_look(request: HttpRequest, patient: Patient) -> None:
    """Record a look: the patient banner shows allergies and risks, whatever the page is for."""
    if request.method != "POST":
        audit.look("patient.opened", patient, by=request.user, patient=patient)


def record_restricted(request: HttpRequest, *, shown: Iterable[Patient], guessed: Iterable[Patient]) -> None:
    """Record that a search named restricted records: those that it showed, and those that it nearly named."""
    for patient in shown:
        audit.look("restriction.found", patient, by=request.user, patient=patient)
    for patient in guessed:
        audit.look("restriction.guessed", patient, by=request.user, patient=patient)
