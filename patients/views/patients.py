"""Pages that register a patient and change the details."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import access, audit
from clinic.access import Permission, requires
from clinic.forms import form_baseline
from clinic.web import responses
from clinic.web.names import about
from patients.actions import patients
from patients.forms.patients import EditPatientForm, PatientForm, identity_of
from patients.models import Patient
from patients.rules import alerts
from patients.rules.identity import keys, likeness, search_terms
from patients.selectors import banner
from patients.selectors import visibility as seen
from patients.selectors.identity import listing, possible_matches, restricted
from patients.views import visibility

# The page after registering, by the button that was pressed.
NEXT_PAGES = {"book": "patients:visit-book", "start": "patients:visit-start", "record": "treatments:record"}


@requires(Permission.PATIENT_REGISTER)
def register(request):
    if request.method != "POST":
        return responses.form_page(request, "patients/register.html", {}, form=PatientForm())
    if "fill" in request.POST:
        # from a search that found nobody; by POST, because a name never stands in an address
        typed = search_terms.typed_person(request.POST["fill"], today=timezone.localdate())
        return responses.form_page(request, "patients/register.html", {}, form=PatientForm(initial=typed))

    form = PatientForm(request.POST)
    if not form.is_valid():
        return responses.form_page(request, "patients/register.html", {}, form=form)
    typed, shown_refs = identity_of(form.cleaned_data), set(request.POST.get("seen", "").split())
    named = _named(request, typed)

    def act():
        patient = patients.register(
            by=request.user,
            shown_matches=shown_refs,
            apart_reason=form.cleaned_data["apart_reason"],
            **form.details,
        )
        _add_messages(request, patient)
        return _next_page(request, patient)

    # the action weighs who it may be under its lock: most people are nobody else, and are weighed once
    if (response := responses.submit(request, "patient.register", act, form)) is not None:
        return response
    matches = _weighed(request, typed, named)
    if not _are_new(matches, shown_refs):
        return responses.form_page(request, "patients/register.html", {"matches": matches}, form=form)
    audit.look("patient.found", None, by=request.user)
    # nothing was wrong with what was typed: whom it may be is asked, and no more is said
    unrefused = PatientForm(request.POST)
    unrefused.is_valid()
    context = {"form": unrefused, "form_key": responses.form_key(request), "matches": matches}
    return render(request, "patients/register.html", context)


@requires(Permission.PATIENT_REGISTER)
def matches(request):
    """The possible matches of what is being typed, as a part of the page. Saves nothing."""
    form = PatientForm(request.POST)
    form.is_valid()
    found = _matches(request, identity_of(form.cleaned_data))
    if found:
        audit.look("patient.found", None, by=request.user)
    return render(request, "patients/_matches.html", {"matches": found, "form": form, "shown_name": "seen"})


@requires(Permission.PATIENT_EDIT)
def edit(request, ref):
    patient = responses.row_or_404(seen.patient(request.user, ref))
    today = timezone.localdate()
    strip = banner.banner_for(patient, user=request.user, on=today)
    context = {"patient": patient, "strip": strip, "back": responses.way_back(request)}
    names = [name for name in EditPatientForm.base_fields if name != "apart_reason"]
    if request.method != "POST":
        audit.look("patient.opened", patient, by=request.user, patient=patient)
        stored = {name: getattr(patient, name) for name in names}
        context["seen"] = form_baseline.pack(stored)
        return responses.form_page(
            request, "patients/edit.html", context, form=EditPatientForm(initial=stored)
        )

    form = EditPatientForm(request.POST)
    context["seen"] = request.POST.get("seen", "")
    if form.is_valid():
        form_baseline.take_theirs(form, request.POST, {name: getattr(patient, name) for name in names})
        shown_refs = set(request.POST.get("shown", "").split())
        context["matches"] = _matches_of_change(request, patient, form)
        if _are_new(context["matches"], shown_refs):
            audit.look("patient.found", None, by=request.user)
            return render(
                request,
                "patients/edit.html",
                {**context, "form": form, "form_key": responses.form_key(request)},
            )

        def act():
            changed = patients.change(
                patient,
                by=request.user,
                baseline=form_baseline.unpack(context["seen"]),
                shown_matches=shown_refs,
                apart_reason=form.cleaned_data["apart_reason"],
                **form.details,
            )
            return context["back"] or changed.get_absolute_url()

        if (response := responses.submit(request, "patient.edit", act, form)) is not None:
            return response
        context["seen"] = form_baseline.rebased(context["seen"], form.conflict)
    return responses.form_page(request, "patients/edit.html", context, form=form)


def _are_new(matches: list[dict], shown_refs: set[str]) -> bool:
    return bool({match["row"].ref for match in matches} - shown_refs)


def _matches_of_change(request, patient: Patient, form: EditPatientForm) -> list[dict]:
    """Whom a new name or birth date makes the patient look like."""
    typed, now = identity_of(form.cleaned_data), keys.Identity.of(patient)
    if (typed.name_key, typed.born) == (now.name_key, now.born):
        return []
    return _matches(request, typed, apart_from=patient.pk)


def _matches(request, typed: keys.Identity, *, apart_from: int | None = None) -> list[dict]:
    """Possible matches with what they have in common, as the page shows them."""
    return _weighed(request, typed, _named(request, typed), apart_from=apart_from)


def _named(request, typed: keys.Identity) -> restricted.NamedRecords:
    """The restricted records that were typed, which is on record whether somebody is registered or not."""
    if not (typed.family_name or typed.given_name):
        return restricted.NamedRecords()
    named = restricted.named_records(likeness.name_keys_of(typed), typed.born, user=request.user)
    visibility.record_restricted(request, shown=named.wholly, guessed=named.nearly)
    return named


def _weighed(
    request, typed: keys.Identity, named: restricted.NamedRecords, *, apart_from: int | None = None
) -> list[dict]:
    if not (typed.family_name or typed.given_name):
        return []
    found = possible_matches.candidates(typed, user=request.user, named=named.wholly, apart_from=apart_from)
    rows = listing.listed_patients(found, user=request.user, on=timezone.localdate())
    exact = [like.is_exact for like in found.values()]
    # asked once, below the first of them
    asking = exact.index(True) if any(exact) else None
    return [
        {
            "row": row,
            "why": ", ".join(map(str, like.same)).capitalize(),
            "before": like.before,
            "asks_reason": place == asking,
        }
        for place, (row, like) in enumerate(zip(rows, found.values(), strict=True))
    ]


def _add_messages(request, patient: Patient) -> None:
    messages.success(request, about(patient, _("{} is registered as {}."), patient.ref))
    today = timezone.localdate()
    for reason in alerts.guardian_reasons(patient.born, on=today, has_guardian=False, is_elsewhere=True):
        messages.warning(request, reason.message)


def _next_page(request, patient: Patient) -> str:
    choice = request.POST.get("next", "book")
    if not access.may(request.user, Permission.VISIT_MANAGE):
        choice = "record"
    return reverse(NEXT_PAGES.get(choice, NEXT_PAGES["book"]), args=[patient.ref])
