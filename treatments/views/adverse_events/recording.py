"""The page that records an adverse event of a session."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.web import responses
from patients.selectors import banner
from treatments.actions import adverse_events
from treatments.forms.adverse_events import AdverseEventForm
from treatments.selectors.adverse_events import event as event_selectors
from treatments.selectors.session import by_ref


@requires(Permission.RED_FLAG_ACT)
def add(request: HttpRequest, ref: str) -> HttpResponse:
    session = responses.row_or_404(by_ref.seen_by(request.user, ref))
    form = AdverseEventForm(
        responses.posted_data(request),
        kinds=event_selectors.kinds(),
        sites=event_selectors.needled_sites(session),
        initial=_proposed(request),
    )
    if form.is_valid():

        def act():
            adverse_events.record(session, by=request.user, **form.cleaned_data)
            messages.success(request, _("The adverse event is on the record."))
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


def _proposed(request: HttpRequest) -> dict:
    """Initial values that the page of a red flag proposes; the therapist still chooses."""
    kind = event_selectors.kind_by_code(request.GET.get("kind", ""))
    if kind is None:
        return {}
    return {"kind": kind, "severity": str(kind.usual_severity), "phase": "later"}
