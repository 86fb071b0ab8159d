"""Pages where a therapist records, corrects and resolves the conditions of a patient."""

from collections.abc import Iterable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.access import Permission, requires
from clinic.forms import form_baseline
from clinic.web import page_frame, responses
from patients.actions import conditions as conditions_actions
from patients.forms.conditions import SIDE_LABELS, ConditionChoiceForm, ConditionForm, ResolveForm
from patients.models import Condition, DiagnosisFamily, Patient, PatientCondition
from patients.rules.conditions import diagnoses
from patients.rules.conditions.search import Hit
from patients.selectors import banner, conditions
from patients.views import visibility


@requires(Permission.CONDITION_RECORD)
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Two steps on one address: the choice of the condition, then its details."""
    patient = visibility.visible_patient(request, ref)
    choice_form = ConditionChoiceForm(responses.posted_data(request))
    condition = choice_form.cleaned_data["condition"] if choice_form.is_valid() else None
    if condition is None:
        return _choice_page(request, patient, choice_form)
    families = conditions.selectable_families(condition, on=timezone.localdate())
    typed = request.POST if "details" in request.POST else None
    proposed = _proposed(choice_form.cleaned_data["hit"], families)
    form = ConditionForm(typed, condition=condition, families=families, initial=proposed)
    if form.is_valid():
        save = partial(_record, request, patient, condition, form)
        if (response := responses.submit(request, "condition.record", save, form)) is not None:
            return response
    context = _context(request, patient, condition=condition, families=families)
    return responses.form_page(request, "patients/condition.html", context, form=form)


@requires(Permission.CONDITION_RECORD)
def search(request: HttpRequest) -> JsonResponse:
    """What the box lists while somebody types: parts of the catalogue, nothing of a patient."""
    form = ConditionChoiceForm(request.POST)
    form.is_valid()
    return JsonResponse({"hits": [{"code": hit.condition.code, **_shown(hit)} for hit in form.hits]})


@requires(Permission.CONDITION_RECORD)
def edit(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    patient = visibility.visible_patient(request, ref)
    recorded = _recorded(patient, pk)
    families = conditions.selectable_families(
        recorded.condition, on=timezone.localdate(), former=recorded.variant
    )
    stored = conditions_actions.details(recorded)
    form = ConditionForm(
        responses.posted_data(request),
        condition=recorded.condition,
        families=families,
        one_row=True,
        initial={**stored, "variant": recorded.variant_id},
    )
    seen = request.POST.get("seen") or form_baseline.pack(stored)
    if form.is_valid():
        _take_theirs(request, recorded, form)
        save = partial(_change, request, patient, recorded, form, form_baseline.unpack(seen))
        if (response := responses.submit(request, "condition.change", save, form)) is not None:
            return response
        seen = form_baseline.rebased(seen, form.conflict)
    context = _context(request, patient, condition=recorded.condition, families=families, recorded=recorded)
    context["seen"] = seen
    return responses.form_page(request, "patients/condition.html", context, form=form)


@requires(Permission.CONDITION_RECORD)
def resolve(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    patient = visibility.visible_patient(request, ref)
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    recorded = _recorded(patient, pk)
    form = ResolveForm(responses.posted_data(request))
    if form.is_valid():
        save = partial(_resolve, request, patient, recorded, form)
        if (response := responses.submit(request, "condition.resolve", save, form)) is not None:
            return response
    context = _context(request, patient, recorded=recorded)
    return responses.form_page(request, "patients/condition_resolve.html", context, form=form)


def _choice_page(request: HttpRequest, patient: Patient, form: ConditionChoiceForm) -> HttpResponse:
    """The box and the whole list; with what was found when words were sent, which is no refusal."""
    context = _context(request, patient)
    if not form.is_bound or form.errors:
        return responses.form_page(request, "patients/condition_which.html", context, form=form)
    context |= {"form": form, "form_key": responses.form_key(request), "searched": form.cleaned_data["words"]}
    context["hits"] = [(hit.condition.code, _shown(hit)) for hit in form.hits]
    return render(request, "patients/condition_which.html", context)


def _shown(hit: Hit) -> dict[str, str]:
    """A hit as the page words it, with why it was found."""
    also = _("also: %(name)s") % {"name": hit.also} if hit.also else ""
    side = str(SIDE_LABELS[hit.side]) if hit.side else ""
    return {"label": hit.condition.label, "why": " · ".join(part for part in (also, hit.code, side) if part)}


def _proposed(hit: Hit | None, families: Iterable[DiagnosisFamily]) -> dict:
    """What the words that led to the condition say of its details."""
    if hit is None:
        return {}
    variants = {family.variant: family.pk for family in families}
    return {"variant": variants.get(hit.variant), "side": hit.side}


def _recorded(patient: Patient, pk: int) -> PatientCondition:
    return get_object_or_404(conditions.open_conditions(patient), pk=pk)


def _context(request: HttpRequest, patient: Patient, **more) -> dict:
    strip = banner.banner_for(patient, user=request.user, on=timezone.localdate())
    jurisdiction = page_frame.practice_for(request).jurisdiction
    return {"patient": patient, "strip": strip, "profile": jurisdiction, **more, "codes": _codes(**more)}


def _codes(
    condition: Condition | None = None, families: Iterable[DiagnosisFamily] = (), **_others
) -> list[dict]:
    """The codes that the page's script shows while somebody chooses."""
    families = list(families)
    default = families[0] if len(families) == 1 else None
    if default is None and condition is not None:
        default = diagnoses.chosen_family(None, families, ambiguous=condition.ambiguous)
    return [
        {
            "pk": family.pk,
            "usual": family == default,
            "year": family.code_set_year,
            "encounter": family.encounter,
            "right": family.code_right,
            "left": family.code_left,
            "both": family.code_both,
            "midline": family.code_midline,
        }
        for family in families
    ]


def _record(request, patient, condition, form) -> str:
    rows = conditions_actions.record(patient, by=request.user, condition=condition, **form.cleaned_data)
    messages.success(
        request, _("Recorded: %(conditions)s.") % {"conditions": "; ".join(_label(row) for row in rows)}
    )
    return patient.get_absolute_url()


def _take_theirs(request: HttpRequest, recorded: PatientCondition, form: ConditionForm) -> None:
    """The form gives the onset as two columns."""
    stored = {name: getattr(recorded, name) for name in ("onset_on", "onset_precision")}
    names = request.POST.get("theirs", "").replace("onset", " ".join(stored))
    form_baseline.take_theirs(form, {"theirs": names}, conditions_actions.details(recorded) | stored)


def _change(request, patient, recorded, form, baseline: dict) -> str:
    row = conditions_actions.change(recorded, by=request.user, baseline=baseline, **form.cleaned_data)
    messages.success(request, _("Saved: %(condition)s.") % {"condition": _label(row)})
    return patient.get_absolute_url()


def _resolve(request, patient, recorded, form) -> str:
    conditions_actions.resolve(recorded, by=request.user, **form.cleaned_data)
    messages.success(request, _("Resolved. It stays in the record with its reason."))
    return patient.get_absolute_url()


def _label(row: PatientCondition) -> str:
    return (
        _("%(condition)s (%(code)s, code set %(year)s)")
        % {"condition": row.label, "code": row.icd10, "year": row.code_set_year}
        if row.icd10
        else row.label
    )
