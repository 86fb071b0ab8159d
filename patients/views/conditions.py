"""Pages where a therapist records, corrects and resolves what a patient is treated for."""

from collections.abc import Iterable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from clinic.access import Permission, requires
from clinic.web import page_frame, responses
from patients.actions import conditions as conditions_actions
from patients.forms.conditions import ConditionChoiceForm, ConditionForm, ResolveForm
from patients.models import Condition, DiagnosisFamily, Patient, PatientCondition
from patients.rules.conditions import diagnoses, onset
from patients.selectors import banner, conditions
from patients.views import visibility


@requires(Permission.CONDITION_RECORD)
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Two steps on one address: which condition, then what is asked about that one."""
    patient = visibility.visible_patient(request, ref)
    which = ConditionChoiceForm(responses.posted_data(request))
    if not which.is_valid():
        return responses.form_page(
            request, "patients/condition_which.html", _context(request, patient), form=which
        )
    condition = which.cleaned_data["condition"]
    families = conditions.selectable_families(condition, on=timezone.localdate())
    typed = request.POST if "details" in request.POST else None
    form = ConditionForm(typed, condition=condition, families=families)
    if form.is_valid():
        act = partial(_record, request, patient, condition, form)
        if (response := responses.submit(request, "condition.record", act, form)) is not None:
            return response
    context = _context(request, patient, condition=condition, families=families)
    return responses.form_page(request, "patients/condition.html", context, form=form)


@requires(Permission.CONDITION_RECORD)
def edit(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    patient = visibility.visible_patient(request, ref)
    standing = _standing(patient, pk)
    families = conditions.selectable_families(
        standing.condition, on=timezone.localdate(), kept=standing.variant
    )
    form = ConditionForm(
        responses.posted_data(request),
        condition=standing.condition,
        families=families,
        one_row=True,
        initial=_initial(standing),
    )
    if form.is_valid():
        act = partial(_change, request, patient, standing, form)
        if (response := responses.submit(request, "condition.change", act, form)) is not None:
            return response
    context = _context(request, patient, condition=standing.condition, families=families, standing=standing)
    return responses.form_page(request, "patients/condition.html", context, form=form)


@requires(Permission.CONDITION_RECORD)
def resolve(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    patient = visibility.visible_patient(request, ref)
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    standing = _standing(patient, pk)
    form = ResolveForm(responses.posted_data(request))
    if form.is_valid():
        act = partial(_resolve, request, patient, standing, form)
        if (response := responses.submit(request, "condition.resolve", act, form)) is not None:
            return response
    context = _context(request, patient, standing=standing)
    return responses.form_page(request, "patients/condition_resolve.html", context, form=form)


def _standing(patient: Patient, pk: int) -> PatientCondition:
    return get_object_or_404(conditions.open_conditions(patient), pk=pk)


def _context(request: HttpRequest, patient: Patient, **more) -> dict:
    shown = banner.banner_for(patient, user=request.user, on=timezone.localdate())
    profile = page_frame.practice_for(request).jurisdiction
    return {"patient": patient, "strip": shown, "profile": profile, **more, "codes": _codes(**more)}


def _codes(condition: Condition | None = None, families: Iterable[DiagnosisFamily] = (), **_) -> list[dict]:
    """What the page's script reads back while somebody chooses."""
    families = list(families)
    usual = families[0] if len(families) == 1 else None
    if usual is None and condition is not None:
        usual = diagnoses.chosen_family(None, families, ambiguous=condition.ambiguous)
    return [
        {
            "pk": family.pk,
            "usual": family == usual,
            "year": family.code_set_year,
            "encounter": family.encounter,
            "right": family.code_right,
            "left": family.code_left,
            "both": family.code_both,
            "midline": family.code_midline,
        }
        for family in families
    ]


def _initial(standing: PatientCondition) -> dict:
    began = onset.Onset(standing.onset_on, standing.onset_precision) if standing.onset_on else None
    return {
        "variant": standing.variant_id,
        "side": standing.side,
        "encounter": standing.encounter,
        "onset": began,
        "cause": standing.cause,
        "goal": standing.goal,
    }


def _record(request, patient, condition, form) -> str:
    rows = conditions_actions.record(patient, by=request.user, condition=condition, **form.cleaned_data)
    messages.success(request, f"Recorded: {'; '.join(_said(row) for row in rows)}.")
    return patient.get_absolute_url()


def _change(request, patient, standing, form) -> str:
    row = conditions_actions.change(standing, by=request.user, **form.cleaned_data)
    messages.success(request, f"Saved: {_said(row)}.")
    return patient.get_absolute_url()


def _resolve(request, patient, standing, form) -> str:
    conditions_actions.resolve(standing, by=request.user, **form.cleaned_data)
    messages.success(request, "Resolved. It stays in the record with its reason.")
    return patient.get_absolute_url()


def _said(row: PatientCondition) -> str:
    return f"{row.label} ({row.icd10}, code set {row.code_set_year})" if row.icd10 else row.label
