"""Opening a session: the reasons against it, or the form that opens it."""

from dataclasses import dataclass, field, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.models import Jurisdiction, User
from clinic.values import errors, references
from clinic.values.errors import STOP, CautionsToConfirm, Reason, RuleViolation
from clinic.web import page_frame, responses
from patients.models import Patient, PatientCondition, Visit
from patients.selectors import banner
from patients.selectors import visibility as seen
from treatments.actions.session import opening
from treatments.forms.session.opening import OpenForm
from treatments.models import NeedlingSession, SorenessReport
from treatments.rules import qualification as qualification_rules
from treatments.rules.qualification import QualificationFacts
from treatments.rules.session import opening as opening_rules
from treatments.selectors import qualification
from treatments.selectors.session import opening as opening_selectors
from treatments.selectors.session.opening import jurisdiction_at, visit_of_today

REPORTS_SHOWN = 3


@dataclass(frozen=True)
class SupervisorChoice:
    """Who may be named as supervisor, and why one is needed; empty where none is. `who` would needle."""

    who: QualificationFacts
    supervisors: list[User] = field(default_factory=list)
    why: str = ""


@requires(Permission.SESSION_OPEN)
def session_open(request: HttpRequest, ref: str) -> HttpResponse:
    patient = responses.row_or_404(seen.patient(request.user, ref))
    occasion = _occasion(request, patient)
    standing = _existing_session(request.user, occasion.visit)
    if standing is not None:
        return redirect(standing)
    training = _training(request, occasion)
    form = _form(request, patient, occasion, training)
    if request.method == "POST" and form.is_valid():

        def act():
            seen = request.POST.get("cautions_seen")
            chosen = form.chosen()
            session = opening.open_session(
                patient, by=request.user, visit=occasion.visit, cautions_seen=seen, **chosen
            )
            return session.get_absolute_url()

        try:
            return responses.perform_once(request, "session.open", act, form)
        except CautionsToConfirm as asked:
            return _page(request, patient, occasion, list(asked.reasons), form, came_since=True)
        except RuleViolation as refused:
            reasons = refused.reasons
            errors.add_to_form(form, refused)
    else:
        reasons = _reasons(request, patient, occasion, training)
    return _page(request, patient, occasion, reasons, form)


def _occasion(request: HttpRequest, patient: Patient) -> opening_rules.Occasion:
    """Today's visit, or one of the last days by its reference; the address may say “without needles”."""
    today, ref = timezone.localdate(), request.GET.get("visit", "")
    if ref and not references.is_valid(ref):
        raise Http404
    if ref:
        known = opening_selectors.visits_to_note(patient, today=today)
        visit = get_object_or_404(known, ref=references.normalise(ref))
    else:
        visit = visit_of_today(patient, user=request.user, on=today)
    return opening_rules.occasion(visit, today=today, needles="without" not in request.GET)


def _training(request, occasion: opening_rules.Occasion) -> SupervisorChoice:
    """Who may be named, where the jurisdiction requires a supervisor or sessions are still counted."""
    practice = page_frame.practice_for(request)
    profile = _profile(request, occasion.visit)
    who = qualification.facts_for(request.user, profile=profile, on=occasion.on)
    if not qualification_rules.offers_supervisor(who):
        return SupervisorChoice(who)
    people = qualification.supervisors_for(request.user, profile=profile, on=occasion.on)
    needed = [r.message for r in qualification_rules.reasons(who) if r.code == "supervisor-missing"]
    return SupervisorChoice(who, people, needed[0] if needed else _cosigns_within(practice.cosign_days))


def _profile(request, visit: Visit | None) -> Jurisdiction:
    return jurisdiction_at(visit.location if visit else None, page_frame.practice_for(request))


def _may_move(request, visit: Visit | None) -> bool:
    """Whether there is another place that the visit may be moved to, with other rules perhaps."""
    return visit is not None and visit.is_one_of_many and may(request.user, Permission.VISIT_MANAGE)


def _cosigns_within(days: int) -> str:
    return ngettext(
        "Who is named co-signs within %(count)d days.", "Who is named co-signs within %(count)d days.", days
    ) % {"count": days}


def _reasons(request, patient, occasion, training: SupervisorChoice) -> list[Reason]:
    practice = page_frame.practice_for(request)
    facts = opening_selectors.open_facts_for(
        patient, user=request.user, practice=practice, occasion=occasion, who=training.who
    )
    return [_with_way_out(reason, patient, training) for reason in opening_rules.open_reasons(facts)]


def _with_way_out(reason: Reason, patient, training: SupervisorChoice) -> Reason:
    """Where a supervisor is needed the form asks for one, unless nobody could be named."""
    if reason.code != "supervisor-missing" or training.supervisors:
        return reason
    message = _("%(reason)s Nobody else here is qualified today; ask an administrator.") % {
        "reason": reason.message
    }
    record = reverse("treatments:record", args=[patient.ref])
    return replace(reason, message=message, url=record, way_out=_("Back to the record"))


def _page(request, patient, occasion, reasons, form, *, came_since: bool = False) -> HttpResponse:
    """The reasons with their ways out; the form only where no reason leads elsewhere."""
    cautions = opening_rules.cautions(reasons)
    stops = [reason for reason in reasons if reason.level == STOP]
    barred = [reason for reason in stops if reason.url]
    _record_refusal(request, patient, stops, barred)
    context = {
        "patient": patient,
        "strip": banner.banner_for(patient, user=request.user, on=timezone.localdate()),
        "visit": occasion.visit,
        "occasion": occasion,
        "profile": _profile(request, occasion.visit),
        "may_move": _may_move(request, occasion.visit),
        "chosen": "visit" in request.GET,
        "unnoted": opening_selectors.unnoted_visits(patient, today=timezone.localdate()),
        "stops": barred,
        "cautions": cautions,
        "cautions_seen": errors.caution_key(cautions, about=patient.ref),
        "came_since": came_since,
        "reports": _reports(patient),
        "record_url": reverse("treatments:record", args=[patient.ref]),
    }
    response = responses.form_page(
        request, "treatments/session_open.html", context, form=None if barred else form
    )
    if request.method == "POST":
        response.status_code = responses.UNPROCESSABLE
    return response


def _record_refusal(request, patient, stops, barred) -> None:
    """A stop without a way out is a refusal only once the form is sent."""
    if barred or (stops and request.method == "POST"):
        codes = ", ".join(reason.code for reason in stops)
        audit.look("session.refused", patient, by=request.user, patient=patient, reason=codes)


def _form(request, patient, occasion, training: SupervisorChoice) -> OpenForm:
    conditions = list(
        PatientCondition.objects.open()
        .filter(episode__patient=patient, episode__discharged_at=None)
        .select_related("condition", "variant", "episode")
    )
    referrals = list(patient.referrals.all()[:5])
    access = conditions[0].episode.access if conditions else ""
    only = [str(conditions[0].pk)] if len(conditions) == 1 else []
    initial = {"access": access, "conditions": only}
    if access == NeedlingSession.Access.REFERRAL and conditions[0].episode.referral_id:
        initial["referral"] = str(conditions[0].episode.referral_id)
    return OpenForm(
        request.POST or None,
        conditions=conditions,
        referrals=referrals,
        supervisors=training.supervisors,
        why_supervised=training.why,
        late=occasion.late,
        needles=occasion.needles,
        initial=initial,
    )


def _existing_session(user, visit) -> NeedlingSession | None:
    if visit is None:
        return None
    return NeedlingSession.objects.counted().filter(visit=visit, therapist=user).first()


def _reports(patient) -> list[SorenessReport]:
    """The patient's reports of the days after the last sessions, newest first."""
    reports = SorenessReport.objects.filter(followup__session__patient=patient, superseded_by=None)
    return list(reports.select_related("followup__session").order_by("-reported_at")[:REPORTS_SHOWN])
