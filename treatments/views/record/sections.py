"""The other pages of a record: trends, the history of changes, the access log and the printed chart."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, requires
from clinic.web import page_frame
from patients.models import Patient
from patients.selectors import banner, validity
from treatments.actions.record import printing
from treatments.rules.record import page, trends_page
from treatments.rules.record import panels as panels_rules
from treatments.rules.record import printing as printing_rules
from treatments.rules.record.page import tabs_for
from treatments.selectors.record import history as history_selectors
from treatments.selectors.record import page as page_selectors
from treatments.selectors.record import panels, patient_sessions
from treatments.selectors.record import printing as printing_selectors


@requires(Permission.CHART_VIEW)
def trends(request: HttpRequest, ref: str) -> HttpResponse:
    patient = _patient(request, ref)
    audit.look("trends.opened", patient, by=request.user, patient=patient)
    steps = page_frame.practice_for(request).followup_steps
    newest = patient_sessions.newest_treatments(patient, trends_page.MAX_TREATMENTS + 1)
    found = trends_page.contents(newest, wanted=request.GET.get("condition", ""), steps=steps)
    return render(request, "treatments/trends.html", {**_page_context(request, patient, "trends"), **found})


@requires(Permission.HISTORY_VIEW)
def history(request: HttpRequest, ref: str) -> HttpResponse:
    patient = _patient(request, ref)
    audit.look("history.opened", patient, by=request.user, patient=patient)
    looks = request.GET.get("show") == "looks"
    found = history_selectors.page(patient, before=request.GET.get("before", ""), looks=looks)
    context = {**_page_context(request, patient, "looks" if looks else "history"), **found, "looks": looks}
    return render(request, "treatments/history.html", context)


@requires(Permission.CHART_VIEW)
def print_page(request: HttpRequest, ref: str) -> HttpResponse:
    """The whole chart for print. It is recorded first: without that audit event there is no page."""
    patients = panels.with_record_panels(Patient.objects.visible_to(request.user), user=request.user)
    patient = get_object_or_404(banner.with_risk_flags(patients), ref=ref)
    printing.record_printing(patient, by=request.user)
    today = timezone.localdate()
    facts = validity.validity_facts([patient], on=today)[patient.pk]
    context = {
        "patient": patient,
        "strip": banner.banner_for(patient, user=request.user, on=today, facts=facts),
        "conditions": page.condition_lines(page_selectors.conditions(patient)),
        **printing_rules.printed_chart(printing_selectors.sessions(patient)),
        "printed_at": timezone.now(),
        **panels_rules.side_panels(patient, facts, user=request.user, on=today),
    }
    return render(request, "treatments/record_print.html", context)


def _patient(request: HttpRequest, ref: str) -> Patient:
    return get_object_or_404(banner.with_risk_flags(Patient.objects.visible_to(request.user)), ref=ref)


def _page_context(request: HttpRequest, patient: Patient, current: str) -> dict:
    user = request.user
    shown = banner.banner_for(patient, user=user, on=timezone.localdate())
    return {"patient": patient, "strip": shown, "tabs": tabs_for(patient, user=user, current=current)}
