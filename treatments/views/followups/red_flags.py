"""The pages of a warning sign and of an adverse event."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, requires
from clinic.web import page_frame, responses
from patients.selectors import banner
from treatments.actions.followups import red_flags as red_flag_actions
from treatments.forms.followups import ActionForm, AdverseEventForm
from treatments.models import RedFlag
from treatments.selectors.followups import red_flags


@requires(Permission.RED_FLAG_ACT)
def red_flag(request: HttpRequest, ref: str) -> HttpResponse:
    flag = _find(request, ref)
    patient = flag.report.followup.session.patient
    form = ActionForm(responses.posted_data(request))
    if form.is_valid():

        def act():
            red_flag_actions.acknowledge(flag, by=request.user, **form.cleaned_data)
            messages.success(request, f"{patient.listed_name}: noted, and off the board.")
            return reverse("treatments:today")

        if (response := responses.submit(request, "redflag.acknowledge", act, form)) is not None:
            return response
    audit.look("redflag.opened", flag, by=request.user, patient=patient)
    context = {
        **red_flags.page_context(flag),
        "flag": flag,
        "patient": patient,
        "strip": banner.banner_for(patient, user=request.user, on=timezone.localdate()),
        "emergency": page_frame.practice_for(request).emergency_words,
    }
    return responses.form_page(request, "treatments/red_flag.html", context, form=form)


@requires(Permission.RED_FLAG_ACT)
def adverse_event(request: HttpRequest, ref: str) -> HttpResponse:
    session = get_object_or_404(red_flags.sessions_visible_to(request.user), ref=ref)
    form = AdverseEventForm(
        responses.posted_data(request),
        kinds=red_flags.event_kinds(),
        sites=red_flags.needled_sites(session),
        initial=_proposed(request),
    )
    if form.is_valid():

        def act():
            red_flag_actions.record_event(session, by=request.user, **form.cleaned_data)
            messages.success(request, "The adverse event is on the record.")
            return responses.way_back(request) or session.get_absolute_url()

        if (response := responses.submit(request, "adverse_event.record", act, form)) is not None:
            return response
    if request.method != "POST":
        audit.look("session.read", session, by=request.user, patient=session.patient)
    context = {
        "session": session,
        "patient": session.patient,
        "strip": banner.banner_for(session.patient, user=request.user, on=timezone.localdate()),
        "back": responses.way_back(request),
    }
    return responses.form_page(request, "treatments/adverse_event.html", context, form=form)


def _find(request: HttpRequest, ref: str) -> RedFlag:
    """The warning sign of that follow-up: the unacknowledged one, else the newest."""
    flag = red_flags.most_urgent(ref, user=request.user)
    if flag is None:
        raise Http404
    return flag


def _proposed(request: HttpRequest) -> dict:
    """Initial values that the page of a red flag proposes; the therapist still chooses."""
    code = request.GET.get("kind", "")
    kind = red_flags.event_kind(code)
    if kind is None:
        return {}
    return {"kind": kind, "severity": str(kind.usual_severity), "phase": "later"}
