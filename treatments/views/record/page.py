"""One patient's record on one page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.models import Practice
from clinic.values import references
from clinic.web import page_frame, responses
from patients.models import Patient, PatientCondition
from patients.rules import retention
from patients.selectors import banner, restrictions, validity
from treatments.rules.followups import calls
from treatments.rules.record import clinical_part, owed_step
from treatments.rules.record import page as page_rules
from treatments.rules.record import panels as panels_rules
from treatments.rules.record.page import tabs_for
from treatments.selectors import merging
from treatments.selectors.record import page as page_selectors


@requires(Permission.PATIENT_VIEW)
def page(request: HttpRequest, ref: str) -> HttpResponse:
    """States and contact for everybody at work; conditions and sessions for those who may read the chart."""
    user, today = request.user, timezone.localdate()
    patient = page_selectors.patient_visible_to(user, ref)
    if patient is None:
        return _not_visible(ref, user=user)
    if patient.merged_into is not None and "own" not in request.GET:
        audit.look("record.resolved", patient, by=user, patient=patient)
        return redirect(patient.merged_into)
    audit.look("patient.opened", patient, by=user, patient=patient)
    facts = validity.validity_facts([patient], on=today)[patient.pk]
    before = _before_ref(request)
    practice = page_frame.practice_for(request)
    reads = may(user, Permission.CHART_VIEW)
    merged = merging.merged_records(patient, user=user) if patient.banner_merged else []
    opened = [row["patient"] for row in merged if row["patient"].is_open]
    conditions = page_selectors.conditions(patient, merged=_refs(opened)) if reads else []
    is_treated = not reads or page_rules.is_treated(patient, conditions)
    actions = owed_step.banner_actions(patient, facts, user=user, on=today, has_condition=is_treated)
    context = {
        "patient": patient,
        "strip": banner.banner_for(patient, user=user, on=today, facts=facts, actions=_with_keys(actions)),
        "is_today": owed_step.is_expected_or_here(patient, user=user, on=today),
        "tabs": tabs_for(patient, user=user, current="summary"),
        "before": before,
        "waiting_signs": _waiting_signs(patient, reads=reads),
        "merged": merged,
        "duties": page_rules.duties(patient, practice, on=today),
        **panels_rules.side_panels(patient, facts, user=user, on=today),
    }
    if reads:
        context |= _chart(patient, conditions, opened, before=before, practice=practice)
    if may(user, Permission.RECORD_KEEP):
        context["kept_until"] = retention.record_retention_end(patient, practice)
    return render(request, "treatments/record.html", context | {"may": _permissions(user)})


def _chart(
    patient: Patient,
    conditions: list[PatientCondition],
    opened: list[Patient],
    *,
    before: str,
    practice: Practice,
) -> dict:
    """What readers of the chart see, of the merged records that are `opened` to them too."""
    for record in opened:
        patient.session_count += record.session_count
        patient.finished_count += record.session_count
    merged = _refs(opened)
    part = clinical_part.contents(
        patient,
        page_selectors.sessions(patient, before=before, merged=merged),
        conditions,
        steps=practice.followup_steps,
        is_newest=not before,
        general=practice.meaningful_change,
        merged=merged,
    )
    return {**part, "merged_episodes": page_selectors.merged_episodes(merged)}


def _refs(records: list[Patient]) -> dict[int, str]:
    return {record.pk: record.ref for record in records}


def _not_visible(ref: str, *, user) -> HttpResponse:
    """404, or the emergency access page for a restricted record that this person may open there."""
    if restrictions.may_open_in_emergency(ref, user=user):
        return redirect("patients:glass", ref)
    raise Http404


def _before_ref(request: HttpRequest) -> str:
    """The session before which older ones are shown; blank if the parameter is no reference."""
    ref = request.GET.get("before", "")
    return references.normalise(ref) if references.is_valid(ref) else ""


def _with_keys(actions: list[dict]) -> list[dict]:
    """A button that posts has its own form key, so that a second press repeats the first request."""
    return [{**action, "form_key": responses.new_form_key()} for action in actions]


def _waiting_signs(patient, *, reads: bool) -> list[dict]:
    """What each warning sign is on which nobody acted yet, with the follow-up that has it."""
    return [
        {**row, "words": calls.sign_words([row], patient.sign_names, reads=reads)}
        for row in patient.waiting_signs
    ]


def _permissions(user) -> dict[str, bool]:
    """{button: whether this user may use it}."""
    permissions = {
        "read": Permission.CHART_VIEW,
        "record": Permission.CONDITION_RECORD,
        "consent": Permission.CONSENT_TAKE,
        "ask": Permission.SCREENING_ANSWER,
        "hand_over": Permission.SCREENING_HAND_OVER,
        "book": Permission.VISIT_MANAGE,
        "call": Permission.FOLLOWUP_CALL,
        "edit": Permission.PATIENT_EDIT,
        "alerts": Permission.ALERTS_EDIT,
        "history": Permission.HISTORY_VIEW,
        "keep": Permission.RECORD_KEEP,
        "file": Permission.PAPER_FILE,
        "restrict": Permission.RECORD_RESTRICT,
        "merge": Permission.RECORD_MERGE,
    }
    return {name: may(user, permission) for name, permission in permissions.items()}
