"""How a view comes by its patient: visible to who asks, with the strip's facts, and the look recorded."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from clinic import audit
from patients import strip
from patients.models import Patient


def patient(request: HttpRequest, ref: str) -> Patient:
    """Whoever is shown the strip has seen allergies and risks, whatever the page is for."""
    found = get_object_or_404(strip.with_alerts(Patient.objects.visible_to(request.user)), ref=ref)
    if request.method != "POST":
        audit.look("patient.opened", found, by=request.user, patient=found)
    return found
