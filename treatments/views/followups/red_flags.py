"""The page of a warning sign."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.web import page_frame, responses
from clinic.web.names import about
from patients.selectors import banner
from treatments.actions.followups import red_flags as red_flag_actions
from treatments.forms.followups import ActionForm
from treatments.models import RedFlag
from treatments.rules.followups import warning_levels
from treatments.selectors.followups import red_flags


@requires(Permission.RED_FLAG_ACT)
def red_flag(request: HttpRequest, ref: str) -> HttpResponse:
    flag = _find(request, ref)
    patient = flag.report.followup.session.patient
    form = ActionForm(responses.posted_data(request))
    if form.is_valid():

        def act():
            red_flag_actions.acknowledge(flag, by=request.user, **form.cleaned_data)
            messages.success(request, about(patient, _("{}: noted, and off the board.")))
            return reverse("treatments:today")

        if (response := responses.submit(request, "redflag.acknowledge", act, form)) is not None:
            return response
    audit.look("redflag.opened", flag, by=request.user, patient=patient)
    shown = red_flags.page_context(flag)
    words = page_frame.practice_for(request).emergency_words
    context = {
        **shown,
        "flag": flag,
        "patient": patient,
        "strip": banner.banner_for(patient, user=request.user, on=timezone.localdate()),
        "tell": warning_levels.tell(shown["urgency"], emergency=words),
    }
    return responses.form_page(request, "treatments/red_flag.html", context, form=form)


def _find(request: HttpRequest, ref: str) -> RedFlag:
    """The warning sign of that follow-up: the unacknowledged one, else the newest."""
    flag = red_flags.most_urgent(ref, user=request.user)
    if flag is None:
        raise Http404
    return flag
