"""Pages of retention and legal hold, and of disclosures."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import access, audit
from clinic.access import Permission, requires
from clinic.actions import csv_export
from clinic.views.csv_export import csv_file
from clinic.web import page_frame, responses
from patients.actions import retention as retention_actions
from patients.forms.retention import DisclosureForm, HoldForm
from patients.models import Disclosure, Patient
from patients.rules import retention as rules
from patients.selectors import banner
from patients.selectors import retention as retention_selectors


@requires(Permission.RECORD_KEEP)
def retention(request, ref):
    """The end of the retention period, and the legal hold."""
    patient = _patient(request, ref)
    form = HoldForm(responses.posted_data(request))
    if not form.is_bound:
        audit.look("patient.opened", patient, by=request.user, patient=patient)
    elif form.is_valid():
        change_hold = (
            retention_actions.lift_hold if request.POST.get("verb") == "lift" else retention_actions.set_hold
        )

        def act():
            change_hold(patient, by=request.user, **form.cleaned_data)
            messages.success(request, _("The hold is noted in the history, with your reason."))
            return reverse("patients:keeping", args=[patient.ref])

        if (response := responses.submit(request, "hold", act, form)) is not None:
            return response
    until = rules.record_retention_end(patient, page_frame.practice_for(request))
    context = {**_patient_context(request, patient), "until": until, "is_past": until < timezone.localdate()}
    return responses.form_page(request, "patients/keeping.html", context, form=form)


@requires(Permission.DISCLOSURE_RECORD)
def disclosures(request, ref):
    """Disclosures. All staff may record one; the list needs a permission of its own."""
    patient = _patient(request, ref)
    if "file" in request.POST:
        return _disclosure_file(request, patient)
    correctable = retention_selectors.correctable_disclosures(patient, by=request.user)
    if request.method != "POST":
        audit.look("disclosure.opened", patient, by=request.user, patient=patient)
        form = DisclosureForm(initial=_initial(request, patient), correctable=correctable)
        return _disclosures(request, patient, form)

    form = DisclosureForm(request.POST, correctable=correctable)
    if form.is_valid():

        def act():
            retention_actions.record_disclosure(patient, by=request.user, **form.cleaned_data)
            messages.success(request, _("The disclosure is recorded."))
            return reverse("patients:disclosures", args=[patient.ref])

        if (response := responses.submit(request, "disclosure.record", act, form)) is not None:
            return response
    return _disclosures(request, patient, form)


def _disclosure_file(request, patient: Patient):
    if not access.may(request.user, Permission.DISCLOSURE_VIEW):
        raise PermissionDenied(Permission.DISCLOSURE_VIEW)
    csv_export.record("disclosures", by=request.user, patient=patient)
    every = retention_selectors.every_disclosure(patient)
    return csv_file("disclosures", *rules.disclosure_table(every, on=timezone.localdate()))


def _disclosures(request, patient: Patient, form: DisclosureForm):
    rows, older = retention_selectors.disclosure_page(patient, before=_number(request.GET.get("before", "")))
    today = timezone.localdate()
    may_read = access.may(request.user, Permission.DISCLOSURE_VIEW)
    context = {
        **_patient_context(request, patient),
        "reads": may_read,
        "rows": [{"row": row, "accounted": rules.is_accounted(row, on=today)} for row in rows]
        if may_read
        else [],
        "older": older,
        "years": rules.ACCOUNTED_YEARS,
    }
    return responses.form_page(request, "patients/disclosures.html", context, form=form)


def _initial(request, patient: Patient) -> dict:
    """Today; by hand after a print; the values of the entry that is being corrected."""
    pk = _number(request.GET.get("correct", ""))
    former = retention_selectors.entry_to_correct(patient, pk, by=request.user)
    if former is not None:
        names = ("given_on", "recipient", "recipient_address", "what", "purpose", "purpose_words", "way")
        return {name: getattr(former, name) for name in names} | {"corrects": former.pk}
    way = {"way": Disclosure.Way.HAND} if "printed" in request.GET else {}
    return {"given_on": timezone.localdate(), **way}


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _patient(request, ref) -> Patient:
    people = Patient.objects.visible_to(request.user).select_related("legal_hold_by")
    return get_object_or_404(banner.with_risk_flags(retention_selectors.with_last_encounter(people)), ref=ref)


def _patient_context(request, patient: Patient) -> dict:
    return {
        "patient": patient,
        "strip": banner.banner_for(patient, user=request.user, on=timezone.localdate()),
    }
