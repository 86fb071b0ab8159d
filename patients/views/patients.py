"""Registering a patient and changing the details."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from clinic import access, audit
from clinic.access import Permission, requires
from clinic.forms import form_baseline
from clinic.web import responses
from patients.actions import patients
from patients.forms.patients import EditPatientForm, PatientForm, identity_of
from patients.models import Patient
from patients.rules import alerts
from patients.rules.identity import keys
from patients.selectors import banner
from patients.selectors.identity import listing, possible_matches

# Where registering leads to, by the button that was pressed.
NEXT_PAGES = {"book": "patients:visit-book", "start": "patients:visit-start", "record": "treatments:record"}


@requires(Permission.PATIENT_REGISTER)
def register(request):
    if request.method != "POST":
        return responses.form_page(request, "patients/register.html", {}, form=PatientForm())

    form = PatientForm(request.POST)
    if not form.is_valid():
        return responses.form_page(request, "patients/register.html", {}, form=form)
    matches = _matches(identity_of(form.cleaned_data), request.user)
    known = set(request.POST.get("seen", "").split())
    if {match["row"].ref for match in matches} - known:
        # the patient that this very form has registered is no match of its second post
        if (answered := responses.earlier_redirect(request)) is not None:
            return answered
        audit.look("patient.found", None, by=request.user)
        context = {"form": form, "form_key": responses.form_key(request), "matches": matches}
        return render(request, "patients/register.html", context)

    def act():
        patient = patients.register(by=request.user, shown_matches=known, **form.cleaned_data)
        _say_registered(request, patient)
        return _afterwards(request, patient)

    if (response := responses.submit(request, "patient.register", act, form)) is not None:
        return response
    matches = _matches(identity_of(form.cleaned_data), request.user)
    return responses.form_page(request, "patients/register.html", {"matches": matches}, form=form)


@requires(Permission.PATIENT_REGISTER)
def matches(request):
    """Who may be the one being typed: a part of the page, asked while it is filled. Saves nothing."""
    form = PatientForm(request.POST)
    form.is_valid()
    found = _matches(identity_of(form.cleaned_data), request.user)
    if found:
        audit.look("patient.found", None, by=request.user)
    return render(request, "patients/_matches.html", {"matches": found})


@requires(Permission.PATIENT_EDIT)
def edit(request, ref):
    found = banner.with_risk_flags(Patient.objects.visible_to(request.user))
    patient = get_object_or_404(found, ref=ref)
    today = timezone.localdate()
    context = {"patient": patient, "strip": banner.banner_for(patient, user=request.user, on=today)}
    names = list(EditPatientForm.base_fields)
    if request.method != "POST":
        audit.look("patient.opened", patient, by=request.user, patient=patient)
        standing = {name: getattr(patient, name) for name in names}
        context["seen"] = form_baseline.pack(standing)
        return responses.form_page(
            request, "patients/edit.html", context, form=EditPatientForm(initial=standing)
        )

    form = EditPatientForm(request.POST)
    context["seen"] = request.POST.get("seen", "")
    if form.is_valid():

        def act():
            shown = form_baseline.unpack(context["seen"])
            return patients.change(
                patient, by=request.user, seen=shown, **form.cleaned_data
            ).get_absolute_url()

        if (response := responses.submit(request, "patient.edit", act, form)) is not None:
            return response
    return responses.form_page(request, "patients/edit.html", context, form=form)


def _matches(typed: keys.Identity, user) -> list[dict]:
    """Possible matches with the words that say why, as the page shows them."""
    if not (typed.family_name or typed.given_name):
        return []
    found = possible_matches.candidates(typed)
    rows = listing.listed_patients(found, user=user, on=timezone.localdate())
    return [
        {"row": row, "why": ", ".join(like.same).capitalize()}
        for row, like in zip(rows, found.values(), strict=True)
    ]


def _say_registered(request, patient: Patient) -> None:
    messages.success(request, f"{patient.listed_name} is registered as {patient.ref}.")
    for reason in alerts.guardian_reasons(patient.born, on=timezone.localdate(), has_guardian=False):
        messages.warning(request, reason.message.replace("here", "under Alerts"))


def _afterwards(request, patient: Patient) -> str:
    wanted = request.POST.get("next", "book")
    if not access.may(request.user, Permission.VISIT_MANAGE):
        wanted = "record"
    return reverse(NEXT_PAGES.get(wanted, NEXT_PAGES["book"]), args=[patient.ref])
