"""The card for a faint: what to do now, and what was done becomes an adverse event that stays open."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.web import responses
from patients.selectors import banner
from treatments.actions import adverse_events
from treatments.forms.adverse_events import FaintForm
from treatments.models import AdverseEvent, NeedlingSession
from treatments.rules.adverse_events import faint as rules
from treatments.selectors.adverse_events import event as event_selectors
from treatments.selectors.session import by_ref
from treatments.views.session import page_parts


@requires(Permission.RED_FLAG_ACT)
def card(request: HttpRequest, ref: str) -> HttpResponse:
    """`?card` gives the card alone, which the session page fetches as it opens, for when it is offline."""
    session = responses.row_or_404(by_ref.seen_by(request.user, ref))
    form = FaintForm(responses.posted_data(request), initial={"started_at": timezone.localtime()})
    live = page_parts.is_live(request)
    if form.is_valid():

        def act():
            _record(session, form.cleaned_data, by=request.user)
            if not live:
                messages.success(request, _("The faint is on record as an adverse event that stays open."))
            return session.get_absolute_url()

        if (response := responses.submit(request, "faint.record", act, form)) is not None:
            return (
                JsonResponse({"url": response["Location"]}) if live and "Location" in response else response
            )
    if live and form.is_bound:
        errors = {name: " ".join(texts) for name, texts in form.errors.items()}
        return JsonResponse({"errors": errors}, status=responses.UNPROCESSABLE)
    return _page(request, session, form)


def _page(request: HttpRequest, session: NeedlingSession, form: FaintForm) -> HttpResponse:
    context = {"session": session, "steps": form.steps, "source": rules.SOURCE}
    if "card" in request.GET:
        context |= {"form": form, "form_key": responses.new_form_key()}
        return render(request, "treatments/_faint_card.html", context)
    if request.method != "POST":
        audit.look("session.read", session, by=request.user, patient=session.patient)
    context["strip"] = banner.banner_for(session.patient, user=request.user, on=timezone.localdate())
    return responses.form_page(request, "treatments/faint.html", context, form=form)


def _record(session: NeedlingSession, data: dict, *, by) -> AdverseEvent:
    kind = event_selectors.kind_by_code(data["kind"])
    done = {step.code: data[f"at_{step.code}"] for step in rules.STEPS if data[f"did_{step.code}"]}
    return adverse_events.record(
        session,
        by=by,
        kind=kind,
        severity=kind.usual_severity,
        phase=AdverseEvent.Phase.DURING,
        onset_at=rules.onset(data["started_at"], started=session.started_at or session.opened_at),
        detected_by=by.display_name,
        action=rules.action_text(done, data["note"]),
        outcome=data["outcome"],
    )
