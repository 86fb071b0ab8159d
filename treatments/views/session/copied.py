"""What was copied from another patient's note, to be confirmed value by value."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.values.errors import RuleViolation
from clinic.web import responses
from patients.selectors import banner
from treatments.actions.session import copied, draft_events
from treatments.forms.session.copied import ConfirmForm
from treatments.rules.session import copied as copied_rules
from treatments.views.session import page_parts


@requires(Permission.SESSION_EDIT)
def page(request: HttpRequest, ref: str) -> HttpResponse:
    draft = page_parts.find(request, ref)
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    session = draft.session
    copies = copied_rules.unconfirmed(draft)
    if request.method == "POST" and not session.is_draft:
        return page_parts.refusal(request, draft, RuleViolation(draft_events.locked_reasons(session)))
    form = ConfirmForm(responses.posted_data(request), copies=copies)
    if form.is_valid():

        def act():
            count = copied.confirm(session, by=request.user, versions=form.versions)
            messages.success(request, _("%(count)s confirmed.") % {"count": count})
            left = len(copies) - count
            return (
                reverse("treatments:session-copied", args=[session.ref])
                if left
                else session.get_absolute_url()
            )

        if (response := responses.submit(request, "session.copied", act, form)) is not None:
            return response
    if request.method != "POST":
        if not copies:
            return redirect(session.get_absolute_url())
        audit.look("session.read", session, by=request.user, patient=session.patient)
    actions = [{"url": session.get_absolute_url(), "label": _("Session"), "icon": "back"}]
    shown = banner.banner_for(session.patient, user=request.user, on=timezone.localdate(), actions=actions)
    context = {"session": session, "strip": shown, "copies": copies}
    return responses.form_page(request, "treatments/session_copied.html", context, form=form)
