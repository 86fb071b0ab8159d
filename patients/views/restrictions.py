"""Pages of restricted records: who may open them, and emergency access."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic import audit
from clinic.access import Permission, requires
from clinic.forms import form_baseline
from clinic.values.errors import RuleViolation
from clinic.web import responses
from patients.actions import restrictions
from patients.forms.restrictions import EmergencyAccessForm, LiftForm, RestrictionForm
from patients.models import Patient
from patients.selectors import banner
from patients.selectors import restrictions as restrictions_selectors


@requires(Permission.RECORD_RESTRICT)
def restriction(request, ref):
    """Who may open the record. A lead who is not named sees only its reference."""
    patient = get_object_or_404(Patient.objects.select_related("restricted_by"), ref=ref)
    named = restrictions_selectors.people_named(patient)
    stored = restrictions.restriction_baseline(patient, [person.pk for person in named])
    context = _context(request, patient) | {
        "named": named,
        "seen": request.POST.get("seen") or form_baseline.pack(stored),
    }
    if request.method != "POST":
        audit.look("restriction.opened", patient, by=request.user, patient=patient)
        initial = {"people": [person.pk for person in named], "account": patient.account_id}
        return responses.form_page(
            request, "patients/restriction.html", context, form=RestrictionForm(initial=initial)
        )

    form = RestrictionForm(request.POST)
    if form.is_valid():
        form_baseline.take_theirs(form, request.POST, {"people": named, "account": patient.account})

        def act():
            baseline = form_baseline.unpack(context["seen"])
            restrictions.restrict(patient, by=request.user, baseline=baseline, **form.cleaned_data)
            messages.success(
                request, _("%(ref)s is now open only to the people you named.") % {"ref": patient.ref}
            )
            return reverse("patients:restriction", args=[patient.ref])

        if (response := responses.submit(request, "restriction.set", act, form)) is not None:
            return response
        context["seen"] = form_baseline.rebased(context["seen"], form.conflict)
    return responses.form_page(request, "patients/restriction.html", context, form=form)


@requires(Permission.RECORD_RESTRICT)
def lift(request, ref):
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    patient = get_object_or_404(Patient.objects.filter(restricted_at__isnull=False), ref=ref)
    form = LiftForm(responses.posted_data(request))
    if form.is_bound and form.is_valid():

        def act():
            restrictions.lift(patient, by=request.user, **form.cleaned_data)
            messages.success(
                request, _("%(ref)s is open to everyone who works here again.") % {"ref": patient.ref}
            )
            return patient.get_absolute_url()

        if (response := responses.submit(request, "restriction.lift", act, form)) is not None:
            return response
    return responses.form_page(request, "patients/restriction_lift.html", {"patient": patient}, form=form)


@requires(Permission.SESSION_OPEN)
def emergency_access(request, ref):
    """Emergency access to a restricted record. The page shows nothing of it."""
    patient = get_object_or_404(Patient, ref=ref)
    if restrictions_selectors.is_open_to(request.user, patient):
        return redirect(patient)
    form = EmergencyAccessForm(responses.posted_data(request))
    if form.is_bound and form.is_valid():

        def act():
            restrictions.open_in_emergency(patient, by=request.user, **form.cleaned_data)
            messages.success(request, _("The record is open to you for one hour. A clinical lead is told."))
            return patient.get_absolute_url()

        if (response := responses.submit(request, "glass.break", act, form)) is not None:
            return response
    return responses.form_page(request, "patients/glass.html", {"patient": patient}, form=form)


@require_POST
@requires(Permission.RECORD_RESTRICT)
def emergency_access_reviewed(request, ref, pk):
    access = get_object_or_404(restrictions_selectors.emergency_accesses(ref), pk=pk)

    def act():
        restrictions.review_emergency_access(access, by=request.user)
        messages.success(request, _("The emergency access to %(ref)s is marked as reviewed.") % {"ref": ref})
        return reverse("treatments:today")

    try:
        return responses.perform_once(request, "glass.seen", act)
    except RuleViolation as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("treatments:today")


def _context(request, patient: Patient) -> dict:
    """The patient banner when the record is open to the user, else only the reference."""
    visible = banner.visible_with_risk_flags(patient.pk, user=request.user)
    strip = banner.banner_for(visible, user=request.user, on=timezone.localdate()) if visible else None
    return {"patient": patient, "strip": strip}
