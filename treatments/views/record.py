"""One patient's record on one page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, requires
from patients import strip
from patients.models import Patient


@requires(Permission.PATIENT_VIEW)
def record(request: HttpRequest, ref: str) -> HttpResponse:
    patients = strip.with_alerts(Patient.objects.visible_to(request.user))
    patient = get_object_or_404(patients, ref=ref)
    audit.look("patient.opened", patient, by=request.user, patient=patient)
    shown = strip.strip_for(patient, user=request.user, on=timezone.localdate())
    return render(request, "treatments/record.html", {"patient": patient, "strip": shown})
