"""Pages where a therapist records, corrects and resolves the conditions of a patient."""

from collections.abc import Iterable, Sequence
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.access import Permission, requires
from clinic.forms import form_baseline
from clinic.models import CodeSet, Jurisdiction
from clinic.rules import code_sets
from clinic.web import page_frame, responses
from patients.actions import conditions as conditions_actions
from patients.forms.conditions import SIDE_LABELS, ConditionChoiceForm, ConditionForm, ResolveForm
from patients.models import Condition, DiagnosisFamily, Patient, PatientCondition
from patients.rules.conditions import diagnoses, exclusions
from patients.rules.conditions.search import Hit
from patients.rules.conditions.vocabulary import told_apart
from patients.selectors import banner, conditions
from patients.selectors import visibility as seen
from patients.views import visibility


@requires(Permission.CONDITION_RECORD)
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Two steps on one address: the choice of the condition, then its details."""
    patient = _patient(request, ref)
    choice_form = ConditionChoiceForm(responses.posted_data(request))
    condition = choice_form.cleaned_data["condition"] if choice_form.is_valid() else None
    if condition is None:
        return _choice_page(request, patient, choice_form)
    code_set = conditions.code_set_of(timezone.localdate())
    families = conditions.selectable_families(condition, on=timezone.localdate(), code_set=code_set)
    typed = request.POST if "details" in request.POST else None
    proposed = _proposed(choice_form.cleaned_data["hit"], families)
    form = ConditionForm(
        typed, condition=condition, families=families, code_set=_set_label(code_set), initial=proposed
    )
    if form.is_valid():
        save = partial(_record, request, patient, condition, form)
        if (response := responses.submit(request, "condition.record", save, form)) is not None:
            return response
    if form.has_error("holds"):
        form.ask_which_holds()
    about = {"condition": condition, "families": families, "profile": _scope(request, patient)}
    context = _context(request, patient, code_set=code_set, **about)
    return responses.form_page(request, "patients/condition.html", context, form=form)


@requires(Permission.CONDITION_RECORD)
def search(request: HttpRequest) -> JsonResponse:
    """What the box lists while somebody types: parts of the catalogue, nothing of a patient."""
    form = ConditionChoiceForm(request.POST)
    form.is_valid()
    return JsonResponse({"hits": [{"code": code, **shown} for code, shown in _shown(form.hits)]})


@requires(Permission.CONDITION_RECORD)
def edit(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    patient = _patient(request, ref)
    standing = conditions.open_conditions(patient)
    recorded = responses.row_or_404(next((row for row in standing if row.pk == pk), None))
    code_set = conditions.code_set_of(timezone.localdate())
    families = conditions.selectable_families(
        recorded.condition, on=timezone.localdate(), code_set=code_set, former=recorded.variant
    )
    stored = conditions_actions.details(recorded)
    form = ConditionForm(
        responses.posted_data(request),
        condition=recorded.condition,
        families=families,
        code_set=_set_label(code_set),
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
    about = {"condition": recorded.condition, "families": families, "recorded": recorded}
    context = _context(request, patient, code_set=code_set, profile=_scope(request, patient), **about)
    context |= {"questions": _asked(form, recorded, standing), "seen": seen}
    return responses.form_page(request, "patients/condition.html", context, form=form)


def _asked(form: ConditionForm, recorded: PatientCondition, standing: list[PatientCondition]) -> list[str]:
    """The codes that exclude this one, where nobody said which holds: the form asks."""
    pairs = exclusions.open_pairs([recorded], [row for row in standing if row is not recorded])
    is_refused = form.has_error("holds")
    if pairs or is_refused:
        form.ask_which_holds()
    return [] if is_refused else [pair.question for pair in pairs]


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
    context = _context(request, patient, profile=_scope(request, patient))
    if not form.is_bound or form.errors:
        return responses.form_page(request, "patients/condition_which.html", context, form=form)
    context |= {"form": form, "form_key": responses.form_key(request), "searched": form.cleaned_data["words"]}
    context["hits"] = _shown(form.hits)
    return render(request, "patients/condition_which.html", context)


def _shown(hits: Sequence[Hit]) -> list[tuple[str, dict[str, str]]]:
    """(code, the hit as the page words it, with why it was found) of each."""
    labels = told_apart((hit.condition.code, hit.condition.label) for hit in hits)
    return [
        (hit.condition.code, {"label": labels[hit.condition.code], "why": _why_found(hit)}) for hit in hits
    ]


def _why_found(hit: Hit) -> str:
    also = _("also: %(name)s") % {"name": hit.also} if hit.also else ""
    side = str(SIDE_LABELS[hit.side]) if hit.side else ""
    return " · ".join(part for part in (also, hit.code, side) if part)


def _proposed(hit: Hit | None, families: Iterable[DiagnosisFamily]) -> dict:
    """What the words that led to the condition say of its details."""
    if hit is None:
        return {}
    variants = {family.variant: family.pk for family in families}
    return {"variant": variants.get(hit.variant), "side": hit.side}


def _recorded(patient: Patient, pk: int) -> PatientCondition:
    return responses.row_or_404(
        next((row for row in conditions.open_conditions(patient) if row.pk == pk), None)
    )


def _patient(request: HttpRequest, ref: str) -> Patient:
    """With what the state says where the patient is."""
    return visibility.visible_patient(request, ref, read=seen.placed, on=timezone.localdate())


def _scope(request: HttpRequest, patient: Patient) -> dict | Jurisdiction | None:
    """Of the place where the patient is, else of the practice."""
    here = next(iter(patient.scope_of_place), None)
    return here if here and here["name"] else page_frame.practice_for(request).jurisdiction


def _context(request: HttpRequest, patient: Patient, **more) -> dict:
    today = timezone.localdate()
    strip = banner.banner_for(patient, user=request.user, on=today)
    context = {"patient": patient, "strip": strip, **more, "codes": _codes(**more)}
    code_set = more.get("code_set")
    if code_set is not None:
        context["code_set_label"] = _set_label(code_set)
        context["set_ended_on"] = code_sets.ended_on(code_set, today)
    return context


def _set_label(code_set: CodeSet | None) -> str:
    return code_sets.label(code_set, timezone.localdate())


def _codes(
    condition: Condition | None = None,
    families: Iterable[DiagnosisFamily] = (),
    code_set: CodeSet | None = None,
    **_others,
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
            "year": _set_label(code_set),
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
    recorded = "; ".join(_label(row) for row in rows)
    words = (
        _("Recorded: %(conditions)s.") % {"conditions": recorded}
        if rows
        else _("Not recorded: the other one holds.")
    )
    messages.success(request, words)
    return patient.get_absolute_url()


def _take_theirs(request: HttpRequest, recorded: PatientCondition, form: ConditionForm) -> None:
    """The form gives the onset as two columns."""
    stored = {name: getattr(recorded, name) for name in ("onset_on", "onset_precision")}
    names = request.POST.get("theirs", "").replace("onset", " ".join(stored))
    form_baseline.take_theirs(form, {"theirs": names}, conditions_actions.details(recorded) | stored)


def _change(request, patient, recorded, form, baseline: dict) -> str:
    row = conditions_actions.change(recorded, by=request.user, baseline=baseline, **form.cleaned_data)
    if row.resolved_at:
        messages.success(request, _("Resolved, because the other one holds. It stays in the record."))
    else:
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
