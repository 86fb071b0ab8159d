"""One adverse event: its page, and the pages that correct, report, close or withdraw it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.forms import form_baseline
from clinic.web import responses
from patients.selectors import banner
from treatments.actions import adverse_events
from treatments.forms.adverse_events import CloseEventForm, EventErrorForm, EventFieldsForm, ReportedForm
from treatments.models import AdverseEvent
from treatments.rules.adverse_events import event as rules
from treatments.selectors.adverse_events import event as event_selectors

PAGE_TEXTS = {
    "report": {
        "title": gettext_lazy("Mark the event as reported"),
        "lead": gettext_lazy(
            "For the report itself use the form of who receives it; this notes that it was sent."
        ),
        "button": gettext_lazy("Mark as reported"),
        "done": gettext_lazy("Marked as reported."),
    },
    "close": {
        "title": gettext_lazy("Close the adverse event"),
        "lead": gettext_lazy(
            "Your name and the time stand with it. Nothing of it can be changed afterwards."
        ),
        "button": gettext_lazy("Close the event"),
        "done": gettext_lazy("The event is closed."),
    },
    "error": {
        "title": gettext_lazy("Mark the event as entered in error"),
        "lead": gettext_lazy(
            "It stays readable here and in the register, and counts nowhere. This cannot be undone."
        ),
        "button": gettext_lazy("Mark as entered in error"),
        "done": gettext_lazy("The event is marked as entered in error."),
    },
}


@requires(Permission.CHART_VIEW)
@require_GET
def page(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    event = _find(request, ref, pk)
    acts = may(request.user, Permission.RED_FLAG_ACT) and not (event.closed_at or event.withdrawn_at)
    context = {
        **_context(request, event),
        "acts": acts,
        "may_close": rules.may_close(request.user, event.severity),
        "today": timezone.localdate(),
    }
    return render(request, "treatments/adverse_event_page.html", context)


@requires(Permission.RED_FLAG_ACT)
def change(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    event = _find(request, ref, pk)
    stored = {name: getattr(event, name) for name in EventFieldsForm.base_fields}
    form = EventFieldsForm(responses.posted_data(request), initial=stored)
    seen = request.POST.get("seen") or form_baseline.pack(stored)
    if form.is_valid():

        def act():
            baseline = form_baseline.unpack(seen)
            adverse_events.change(event, by=request.user, baseline=baseline, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return event.get_absolute_url()

        if (response := responses.submit(request, "adverse_event.change", act, form)) is not None:
            return response
    context = {**_context(request, event), "seen": seen}
    return responses.form_page(request, "treatments/adverse_event_change.html", context, form=form)


@requires(Permission.RED_FLAG_ACT)
def report(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    return _submit(request, _find(request, ref, pk), "report", ReportedForm, adverse_events.mark_reported)


@requires(Permission.RED_FLAG_ACT)
def close(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    return _submit(request, _find(request, ref, pk), "close", CloseEventForm, adverse_events.close)


@requires(Permission.RED_FLAG_ACT)
def mark_error(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    return _submit(request, _find(request, ref, pk), "error", EventErrorForm, adverse_events.mark_error)


def _submit(
    request: HttpRequest, event: AdverseEvent, what: str, form_class: type, verb: Callable
) -> HttpResponse:
    form = form_class(responses.posted_data(request))
    if form.is_valid():

        def act():
            verb(event, by=request.user, **form.cleaned_data)
            messages.success(request, PAGE_TEXTS[what]["done"])
            return event.get_absolute_url()

        if (response := responses.submit(request, f"adverse_event.{what}", act, form)) is not None:
            return response
    context = {**_context(request, event), "texts": PAGE_TEXTS[what]}
    return responses.form_page(request, "treatments/adverse_event_act.html", context, form=form)


def _find(request: HttpRequest, ref: str, pk: int) -> AdverseEvent:
    return get_object_or_404(event_selectors.visible_to(request.user), session__ref=ref, pk=pk)


def _context(request: HttpRequest, event: AdverseEvent) -> dict:
    """What every page of an event shows. Each opening of one is a look at the patient's record."""
    if request.method != "POST":
        audit.look("adverse_event.opened", event, by=request.user, patient=event.session.patient)
    shown = banner.banner_for(event.session.patient, user=request.user, on=timezone.localdate())
    return {
        "event": event,
        "session": event.session,
        "strip": shown,
        "severity": f"{event.severity} {rules.SEVERITIES[event.severity]}",
    }
