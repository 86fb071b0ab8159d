"""A page that has a draft open sends its unsaved input."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.access import Permission, requires
from clinic.values.errors import RuleViolation
from treatments.actions.session import draft_events, unsaved
from treatments.forms.session.unsaved import Unreadable, posted_input
from treatments.models import NeedlingSession
from treatments.views.session import page_parts


@requires(Permission.SESSION_EDIT)
@require_POST
def hold(request: HttpRequest, ref: str) -> HttpResponse:
    """Sent by the page's script while somebody types: 204, nothing of the record has changed.

    Nothing is recorded in the audit trail: it is no change of the note yet. Saving the site is one.
    """
    visible = NeedlingSession.objects.visible_to(request.user).written_by(request.user)
    draft = get_object_or_404(visible, ref=ref)
    locked = draft_events.locked_reasons(draft)
    if locked:
        return page_parts.refusal_as_data(RuleViolation(locked))
    try:
        texts = posted_input(request.POST)
    except Unreadable:
        return HttpResponseBadRequest("This page is out of date. Open it again.")
    unsaved.save(draft, by=request.user, texts=texts, now=timezone.now())
    return HttpResponse(status=204)
