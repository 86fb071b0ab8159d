"""Consent pages for staff: taking it, reading what was signed, copies, refusal and withdrawal."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.models import Jurisdiction, Role
from clinic.rules import state_rules
from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import page_frame, responses
from patients.actions import consents, handovers
from patients.forms.consents import (
    ConsentRefusalForm,
    CopyForm,
    PaperConsentForm,
    TherapistForm,
    WithdrawForm,
)
from patients.models import Consent, ConsentText, Handover, Patient, Visit
from patients.rules import ages, body_areas
from patients.rules import consents as consents_rules
from patients.rules import validity as validity_rules
from patients.selectors import banner, papers, validity, visits
from patients.selectors import consents as consents_selectors
from patients.views import visibility
from patients.views.handovers.handing_over import hand_over_device


@requires(Permission.CONSENT_TAKE)
def start(request: HttpRequest, ref: str) -> HttpResponse:
    """The text, and consent on the tablet, on paper, or refused. Posting hands the tablet over."""
    patient = visibility.visible_patient(request, ref)
    today = timezone.localdate()
    placing = visits.placed(patient, on=today)
    visit = placing if visits.is_here(placing, on=today) else None
    profile = _profile(request, placing)
    facts = validity.validity_facts([patient], on=today, rules=profile)[patient.pk]
    text = consents_selectors.text_for(profile)
    form = TherapistForm(
        responses.posted_data(request), initial={"therapist": _initial_therapist(request, visit)}
    )
    extendable = facts.consent if _is_extendable(facts, on=today) else None
    read = _asked(request, text, extendable)
    if text is not None and form.is_valid():
        try:
            return hand_over_device(request, partial(_hand_over, request, patient, visit, read, form))
        except RuleViolation as refused:
            errors.add_to_form(form, refused)
    context = {
        **_patient_context(request, patient, facts=facts),
        "text": text,
        "state": validity_rules.consent_state(facts, on=today),
        "is_minor": ages.is_minor(patient.born, on=today),
        "adds": read["parent"] is not None and "update" not in read,
        "may_add": extendable is not None and read["parent"] is None,
        "changed": extendable.unagreed if extendable else (),
        "updates": "update" in read,
    }
    return responses.form_page(request, "patients/consent_start.html", context, form=form)


@requires(Permission.CONSENT_TAKE)
def paper(request: HttpRequest, ref: str) -> HttpResponse:
    patient = visibility.visible_patient(request, ref)
    visit = visits.current_visit(patient, on=timezone.localdate())
    initial = {"therapist": _initial_therapist(request, visit)}
    form = PaperConsentForm(responses.posted_data(request), areas=body_areas.current(), initial=initial)
    if form.is_valid():
        record = partial(consents.record_paper, patient, by=request.user, **form.cleaned_data)
        act = partial(_address_of_new, record)
        if (response := responses.submit(request, "consent.paper", act, form)) is not None:
            return response
    return responses.form_page(
        request, "patients/consent_paper.html", _patient_context(request, patient), form=form
    )


@requires(Permission.CONSENT_WITHDRAW)
def refuse(request: HttpRequest, ref: str) -> HttpResponse:
    patient = visibility.visible_patient(request, ref)
    form = ConsentRefusalForm(responses.posted_data(request))
    if form.is_valid():
        record = partial(consents.refuse, patient, by=request.user, **form.cleaned_data)
        act = partial(_address_of_new, record)
        if (response := responses.submit(request, "consent.refuse", act, form)) is not None:
            return response
    return responses.form_page(
        request, "patients/consent_refuse.html", _patient_context(request, patient), form=form
    )


@requires(Permission.CONSENT_VIEW)
def consent(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """One consent as it was signed. Posting records a copy for the patient."""
    stored = _consent(request, ref, pk)
    may_copy = stored.given_at is not None and may(request.user, Permission.CONSENT_TAKE)
    form = CopyForm(responses.posted_data(request)) if may_copy else None
    if form is not None and form.is_valid():
        give = partial(consents.give_copy, stored, by=request.user, **form.cleaned_data)
        return responses.perform_once(request, "consent.copy", partial(_address_after, give, stored), form)
    if request.method == "GET":
        audit.look("consent.opened", stored, by=request.user, patient=stored.patient)
    context = {
        **_patient_context(request, stored.patient),
        **consents_rules.sheet_of(stored),
        "copies": consents_selectors.copies_of(stored),
        "scans": papers.scans_of(stored) if stored.method == Consent.Method.PAPER else None,
        "may_file": may(request.user, Permission.PAPER_FILE),
        "may_withdraw": may(request.user, Permission.CONSENT_WITHDRAW),
    }
    return responses.form_page(request, "patients/consent.html", context, form=form)


@requires(Permission.CONSENT_VIEW)
def print_sheet(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """The printed consent: the text word for word, with the signature."""
    stored = _consent(request, ref, pk)
    consents.note_print(stored, by=request.user)
    context = {**consents_rules.sheet_of(stored), "printed_at": timezone.now()}
    return render(request, "patients/consent_print.html", context)


@requires(Permission.CONSENT_WITHDRAW)
def withdraw(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    stored = _consent(request, ref, pk)
    form = WithdrawForm(responses.posted_data(request))
    if form.is_valid():
        withdrawal = partial(consents.withdraw, stored, by=request.user, **form.cleaned_data)
        act = partial(_address_after, withdrawal, stored)
        if (response := responses.submit(request, "consent.withdraw", act, form)) is not None:
            return response
    if request.method == "GET":
        audit.look("consent.opened", stored, by=request.user, patient=stored.patient)
    context = {**_patient_context(request, stored.patient), "consent": stored}
    return responses.form_page(request, "patients/consent_withdraw.html", context, form=form)


def _profile(request, placing: Visit | None) -> Jurisdiction | None:
    """The rules that hold for the patient, as the strip has them on every page."""
    place = placing.location if placing is not None else None
    return state_rules.rules_at(place, page_frame.practice_for(request))


def _address_of_new(record) -> str:
    made = record()
    return reverse("patients:consent", args=[made.patient.ref, made.pk])


def _address_after(act, stored: Consent) -> str:
    act()
    return reverse("patients:consent", args=[stored.patient.ref, stored.pk])


def _consent(request, ref: str, pk: int) -> Consent:
    visible = consents_selectors.visible_to(request.user, ref=ref)
    return consents_selectors.with_people(get_object_or_404(visible, pk=pk))


def _hand_over(request, patient: Patient, visit, read: dict, form) -> Handover:
    return handovers.start(
        patient,
        by=request.user,
        purpose=Handover.Purpose.CONSENT,
        visit=visit,
        draft=read,
        **form.cleaned_data,
    )


def _asked(request, text: ConsentText | None, extendable: validity_rules.ConsentFacts | None) -> dict:
    """The text that the tablet shows, and the consent that is added to or whose changed text is agreed to."""
    read = {"text": text.pk if text else None, "parent": None}
    if extendable is None or not {"add", "update"} & request.GET.keys():
        return read
    if "update" not in request.GET:
        return read | {"parent": extendable.pk}
    return read | ({"parent": extendable.pk, "update": True} if extendable.unagreed else {})


def _is_extendable(facts: validity_rules.ValidityFacts, *, on) -> bool:
    """Whether there is a valid consent that regions can be added to."""
    return all(reason.level != errors.STOP for reason in validity_rules.consent_reasons(facts, on=on))


def _initial_therapist(request, visit: Visit | None) -> int | None:
    """The therapist of the visit, else the user when they are a therapist."""
    if visit is not None:
        return visit.therapist_id
    return request.user.pk if getattr(request.user, f"has_{Role.THERAPIST.value}", False) else None


def _patient_context(request, patient: Patient, **known) -> dict:
    shown = banner.banner_for(patient, user=request.user, on=timezone.localdate(), **known)
    return {"patient": patient, "strip": shown}
