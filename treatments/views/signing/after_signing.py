"""What follows a note: an addendum, an error mark, a draft that ends unsigned."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.web import responses
from patients.selectors import banner
from treatments.actions.signing import after_signing
from treatments.forms.signing import AddendumForm, CloseForm, ReasonForm
from treatments.models import NeedlingSession
from treatments.selectors.session import by_ref

PAGE_TEXTS = {
    "addendum": {
        "title": _("Add to the note"),
        "lead": _("The signed text stays as it is; this stands beneath it with your name and the time."),
        "button": _("Add to the note"),
    },
    "error": {
        "title": _("Mark the note as entered in error"),
        "lead": _("Its text stays readable and is shown struck through. This cannot be undone."),
        "button": _("Mark as entered in error"),
    },
    "void": {
        "title": _("Void the draft"),
        "lead": _("For a draft that was opened by mistake. It stays readable and counts as no treatment."),
        "button": _("Void draft"),
    },
    "close": {
        "title": _("Close the draft unsigned"),
        "lead": _("For a draft whose author cannot sign any more. Nobody can change it afterwards."),
        "button": _("Close unsigned"),
    },
}


@requires(Permission.SESSION_ADDEND)
def addendum(request: HttpRequest, ref: str) -> HttpResponse:
    return _submit(request, ref, "addendum", AddendumForm, after_signing.addend)


@requires(Permission.SESSION_ADDEND)
def mark_error(request: HttpRequest, ref: str) -> HttpResponse:
    return _submit(request, ref, "error", ReasonForm, after_signing.mark_error)


@requires(Permission.SESSION_EDIT)
def void(request: HttpRequest, ref: str) -> HttpResponse:
    return _submit(request, ref, "void", ReasonForm, after_signing.void, leads_to=reverse("treatments:today"))


@requires(Permission.SESSION_CLOSE)
def close_unsigned(request: HttpRequest, ref: str) -> HttpResponse:
    """By the page of somebody who leaves it leads back there."""
    leads_to = responses.way_back(request)
    return _submit(request, ref, "close", CloseForm, after_signing.close_unsigned, leads_to)


def _submit(
    request: HttpRequest, ref: str, what: str, form_class: type, verb: Callable, leads_to: str = ""
) -> HttpResponse:
    session = _find(request, ref)
    form = form_class(responses.posted_data(request), session=session)
    if form.is_valid():

        def act():
            verb(session, by=request.user, **form.cleaned_data)
            messages.success(request, DONE_MESSAGES[what])
            return leads_to or session.get_absolute_url()

        if (response := responses.submit(request, f"session.{what}", act, form)) is not None:
            return response
    if request.method != "POST":
        audit.look("session.read", session, by=request.user, patient=session.patient)
    shown = banner.banner_for(session.patient, user=request.user, on=timezone.localdate())
    context = {"session": session, "strip": shown, "texts": PAGE_TEXTS[what]}
    return responses.form_page(request, "treatments/session_after.html", context, form=form)


DONE_MESSAGES = {
    "addendum": _("Added to the note."),
    "error": _("The note is marked as entered in error."),
    "void": _("The draft is voided."),
    "close": _("The draft is closed without a signature."),
}


def _find(request: HttpRequest, ref: str) -> NeedlingSession:
    return responses.row_or_404(by_ref.seen_by(request.user, ref))
