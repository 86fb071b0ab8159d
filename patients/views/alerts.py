"""The alerts page: allergies, medicines, related persons, coverages and referrals, each with a form."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.values import errors
from clinic.values.errors import Reason, RuleViolation
from clinic.web import page_frame, responses
from patients.actions import alerts, notices
from patients.forms import alerts as forms
from patients.forms.notices import NoticeForm
from patients.models import (
    Allergy,
    Coverage,
    Medication,
    NonCoverageNotice,
    Referral,
    RelatedPerson,
    StateDuty,
)
from patients.rules import alerts as alerts_rules
from patients.rules import notices as notices_rules
from patients.rules import state_duties
from patients.selectors import alerts as alerts_selectors
from patients.selectors import banner
from patients.selectors import visibility as seen

# Noun in the posted form -> model, form and message afterwards.
KINDS = {
    "allergy": (Allergy, forms.AllergyForm, gettext_lazy("The allergy is saved.")),
    "medication": (Medication, forms.MedicationForm, gettext_lazy("The medication is saved.")),
    "related": (RelatedPerson, forms.RelatedPersonForm, gettext_lazy("The contact is saved.")),
    "coverage": (Coverage, forms.CoverageForm, gettext_lazy("The insurance is saved.")),
    "notice": (NonCoverageNotice, NoticeForm, gettext_lazy("The notice is saved.")),
    "referral": (Referral, forms.ReferralForm, gettext_lazy("The referral is saved.")),
    "duty": (StateDuty, forms.StateDutyForm, gettext_lazy("What was done is saved.")),
}
SECTIONS = (
    ("allergy", gettext_lazy("Allergies"), gettext_lazy("Add an allergy")),
    ("medication", gettext_lazy("Medications"), gettext_lazy("Add a medication")),
    ("related", gettext_lazy("Guardian and emergency contact"), gettext_lazy("Add a person")),
    ("coverage", gettext_lazy("Insurance"), gettext_lazy("Add insurance")),
    ("notice", gettext_lazy("Medicare notices"), gettext_lazy("Add a notice that was given")),
    ("referral", gettext_lazy("Referral"), gettext_lazy("Add a referral")),
    ("duty", gettext_lazy("What state rules ask for"), gettext_lazy("Note what was done")),
)
NONE_LABELS = {"allergy": gettext_lazy("No known allergies"), "medication": gettext_lazy("No medications")}


@requires(Permission.ALERTS_EDIT)
def page(request, ref):
    """GET shows the lists. POST adds (`what`), ends a row (`end`) or says that none are known (`none`)."""
    patient = responses.row_or_404(seen.with_lists(request.user, ref))
    if request.method != "POST":
        audit.look("patient.opened", patient, by=request.user, patient=patient)
        return _show(request, patient)
    if "end" in request.POST:
        return _end(request, patient)
    if request.POST.get("none") in NONE_LABELS:
        return _record_none(request, patient, request.POST["none"])
    return _add(request, patient, _known_noun(request.POST.get("what", "")))


def _add(request, patient, noun):
    model, form_class, sentence = KINDS[noun]
    form = form_class(request.POST, prefix=noun)
    if not form.is_valid() or not _may_note(request, form):
        return _show(request, patient, form=form, noun=noun)

    def act():
        if model is NonCoverageNotice:
            notices.give(patient, by=request.user, **form.cleaned_data)
        else:
            alerts.add(model, patient, by=request.user, **form.cleaned_data)
        messages.success(request, sentence)
        return _page_address(patient)

    if (response := responses.submit(request, f"{noun}.note", act, form)) is not None:
        return response
    return _show(request, patient, form=form, noun=noun)


def _end(request, patient):
    noun, _dash, pk = request.POST["end"].partition("-")
    if noun not in alerts.AUDIT_NOUNS.values() or not pk.isdecimal():
        raise Http404
    of_one = Q(patient=patient) | Q(patient__merged_into=patient)
    row = get_object_or_404(KINDS[noun][0].objects.select_related("patient"), of_one, pk=pk[:18])

    def act():
        alerts.end(row, by=request.user, of=patient)
        messages.success(request, _("Ended. It stays in the history."))
        return _page_address(patient)

    return _once(request, patient, noun, f"{noun}.end", act)


def _record_none(request, patient, noun):
    def act():
        alerts.record_none_known(patient, by=request.user, noun=noun)
        messages.success(
            request, _("“%(label)s” is recorded with today's date.") % {"label": NONE_LABELS[noun]}
        )
        return _page_address(patient)

    return _once(request, patient, noun, f"{noun}.none", act)


def _once(request, patient, noun, name, act):
    """The post of one button; when refused, the page shows the reason above the form of that list."""
    try:
        return responses.perform_once(request, name, act)
    except RuleViolation as refused:
        form = KINDS[noun][1]({}, prefix=noun)
        form.full_clean()
        form.errors.clear()
        errors.add_to_form(form, refused)
    return _show(request, patient, form=form, noun=noun)


def _show(request, patient, *, form=None, noun=""):
    today = timezone.localdate()
    lines = alerts_selectors.list_lines(patient)
    sections = [
        {
            "word": name,
            "title": title,
            "add": add,
            "lines": lines[name],
            "form": form if name == noun else KINDS[name][1](prefix=name),
            "open": name == noun,
            "may_end": name not in ("referral", "duty"),
            "card": reverse("patients:paper-file", args=[patient.ref]) if name == "coverage" else "",
            "key": responses.new_form_key(),
            "notes": _notes(name, patient, lines, today)
            if name != "duty"
            else _duties(request, patient, today),
            **_none_context(name, patient, lines),
        }
        for name, title, add in SECTIONS
        if name != "notice" or noun == name or lines[name] or alerts_selectors.medicare_facts(patient)
    ]
    context = {
        "patient": patient,
        "sections": sections,
        "strip": banner.banner_for(patient, user=request.user, on=today),
        "refused": form,
    }
    return responses.form_page(request, "patients/alerts.html", context, form=form)


def _none_context(name, patient, lines) -> dict:
    if name not in NONE_LABELS:
        return {}
    since = getattr(patient, f"{alerts.NONE_KNOWN_FIELDS[name]}_at")
    return {"none_label": "" if lines[name] else NONE_LABELS[name], "none_at": since}


def _notes(name, patient, lines, today) -> list:
    if name == "related":
        return alerts_rules.guardian_reasons(
            patient.born, on=today, has_guardian=alerts_selectors.has_guardian(patient)
        )
    if name == "notice":
        facts = alerts_selectors.medicare_facts(patient)
        return notices_rules.opening_reasons(facts, at=timezone.now())
    if name == "referral" and lines[name]:
        return alerts_rules.referral_reasons(lines[name][0]["expires_on"], on=today)
    return []


def _may_note(request, form) -> bool:
    """An improvement is judged by a therapist; whatever else is on this page the desk may write."""
    is_judged = form.cleaned_data.get("kind") == StateDuty.Kind.IMPROVEMENT
    if not is_judged or may(request.user, Permission.CONDITION_RECORD):
        return True
    form.add_error("kind", _("A therapist notes an improvement. Ask the patient's therapist."))
    return False


def _duties(request, patient, today) -> list[Reason]:
    """The counters of direct access, as the rules of the place where the patient was last have them."""
    limits = state_duties.limits_at(patient.duty_place, page_frame.practice_for(request))
    facts = state_duties.direct_access(patient, on=today)
    return [
        Reason(counter.code, counter.label, counter.kind)
        for counter in state_duties.counters(facts, limits, on=today)
    ]


def _known_noun(noun: str) -> str:
    if noun not in KINDS:
        raise Http404
    return noun


def _page_address(patient) -> str:
    return reverse("patients:alerts", args=[patient.ref])
