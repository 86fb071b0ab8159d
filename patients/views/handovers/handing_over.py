"""Handing over the tablet, which ends the sign-in of staff on it."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from clinic.access import Permission, requires
from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import responses
from patients.actions import handovers
from patients.forms.handovers import QuestionKindForm
from patients.models import Handover, Patient, ScreeningItem
from patients.rules import handovers as handovers_rules
from patients.selectors import banner, visits
from patients.views import visibility


@requires(Permission.SCREENING_HAND_OVER)
def screening(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose the questions, then hand the tablet over."""
    patient = visibility.visible_patient(request, ref)
    kind = request.GET.get("kind", "")
    initial = {"kind": kind} if kind in ScreeningItem.Kind.values else {}
    form = QuestionKindForm(responses.posted_data(request), initial=initial)
    if form.is_valid():
        try:
            return hand_over_device(request, partial(_start, request, patient, form))
        except RuleViolation as refused:
            errors.add_to_form(form, refused)
    strip = banner.banner_for(patient, user=request.user, on=timezone.localdate())
    context = {"patient": patient, "strip": strip}
    return responses.form_page(request, "patients/screening_hand_over.html", context, form=form)


def _start(request: HttpRequest, patient: Patient, form: QuestionKindForm) -> Handover:
    return handovers.start(
        patient,
        by=request.user,
        purpose=Handover.Purpose.SCREENING,
        visit=visits.current_visit(patient, on=timezone.localdate()),
        **form.cleaned_data,
    )


def hand_over_device(request: HttpRequest, start: Callable[[], Handover]) -> HttpResponse:
    """Start the hand-over and end the sign-in on this device, both or neither."""
    with transaction.atomic():
        handover = start()
        logout(request)
    request.session[handovers_rules.SESSION_KEY] = handover.pk
    return redirect("patients:handover")
