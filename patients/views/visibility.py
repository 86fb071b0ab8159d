"""How a view gets its patient: visible to the user, with risk flags, and the look recorded."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from clinic import audit
from patients.models import Patient
from patients.selectors import banner


def visible_patient(request: HttpRequest, ref: str, **annotations) -> Patient:
    """`annotations` are the page's own, read with the patient."""
    people = banner.with_risk_flags(Patient.objects.visible_to(request.user)).annotate(**annotations)
    found = get_object_or_404(people, ref=ref)
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
