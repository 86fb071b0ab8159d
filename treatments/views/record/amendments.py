"""The answer to a patient's request to amend the record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.web import responses
from patients.selectors import banner
from treatments.actions.record import amendments as actions
from treatments.forms.record import AmendmentForm
from treatments.models import Addendum
from treatments.rules.record import amendments
from treatments.selectors.record import amendments as amendments_selectors


@requires(Permission.SESSION_ADDEND)
def answer(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    amendment = _find(request, ref, pk)
    session = amendment.session
    form = AmendmentForm(responses.posted_data(request))
    if form.is_valid():

        def act():
            actions.answer(amendment, by=request.user, **form.decision)
            messages.success(request, _("The request is answered. It stands beneath the note."))
            return session.get_absolute_url()

        if (response := responses.submit(request, "amendment.answer", act, form)) is not None:
            return response
    if request.method != "POST":
        audit.look("session.read", session, by=request.user, patient=session.patient)
    context = {
        "session": session,
        "strip": banner.banner_for(session.patient, user=request.user, on=timezone.localdate()),
        "asked": amendment,
        "due_on": amendments.due_on(amendment.written_at),
        "days": amendments.ANSWER_WITHIN.days,
        "answered": getattr(amendment, "answer", None),
    }
    return responses.form_page(request, "treatments/amendment_answer.html", context, form=form)


def _find(request: HttpRequest, ref: str, pk: int) -> Addendum:
    """A request beneath a note that this person may read."""
    return get_object_or_404(amendments_selectors.requests_visible_to(request.user, ref=ref), pk=pk)
