"""The page on which a lead names another supervisor, of a draft or of a note that waits."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.web import responses
from patients.selectors import banner
from treatments.actions.signing import supervision as actions
from treatments.forms.signing import SupervisorForm
from treatments.rules.signing import cosigning
from treatments.rules.signing import supervision as rules
from treatments.selectors.session import by_ref
from treatments.selectors.signing import reading, supervision


@requires(Permission.SUPERVISOR_REPLACE)
def replace(request: HttpRequest, ref: str) -> HttpResponse:
    """From the page of somebody who leaves it leads back there."""
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    session = reading.note_of(responses.row_or_404(by_ref.seen_by(request.user, ref)).pk)
    now = cosigning.cosigner_of(session)
    people = supervision.successors(session, now=now.pk)
    form = SupervisorForm(
        responses.posted_data(request), session=session, people=people, initial={"instead_of": now.pk}
    )
    if form.is_valid():
        leads_to = responses.way_back(request)

        def act():
            change = actions.replace(session, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s is the supervisor now.") % {"name": change.supervisor_name})
            return leads_to or session.get_absolute_url()

        if (response := responses.submit(request, "session.supervisor", act, form)) is not None:
            return response
    if request.method != "POST":
        audit.look("session.read", session, by=request.user, patient=session.patient)
    context = {
        "session": session,
        "strip": banner.banner_for(session.patient, user=request.user, on=timezone.localdate()),
        "now": now,
        "cosignature": getattr(session, "cosignature", None),
        "stops": rules.note_reasons(session, in_error=getattr(session, "error_mark", None) is not None),
        "people": people,
    }
    return responses.form_page(request, "treatments/session_supervisor.html", context, form=form)
