"""The pages of a draft send their unsaved input; what was begun is put away."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from clinic.access import Permission, requires
from clinic.values.errors import RuleViolation
from treatments.actions.session import draft_events, unsaved
from treatments.forms.session.unsaved import Unreadable, posted_edit, posted_input, posted_part
from treatments.models import NeedlingSession
from treatments.views.session import page_parts

OUTDATED = _("This page is out of date. Open it again.")


@requires(Permission.SESSION_EDIT)
@require_POST
def hold(request: HttpRequest, ref: str) -> HttpResponse:
    """Sent by the page's script while somebody types: 204, nothing of the record has changed.

    Nothing is recorded in the audit trail: it is no change of the note yet. Saving the site is one.
    """
    draft = _find(request, ref)
    if locked := draft_events.locked_reasons(draft):
        return page_parts.refusal_as_data(RuleViolation(locked))
    try:
        texts = posted_input(request.POST)
    except Unreadable:
        return HttpResponseBadRequest(OUTDATED)
    unsaved.save(draft, by=request.user, texts=texts, now=timezone.now())
    return HttpResponse(status=204)


@requires(Permission.SESSION_EDIT)
@require_POST
def hold_edit(request: HttpRequest, ref: str, key: uuid.UUID) -> HttpResponse:
    """The same from the page that corrects one site."""
    draft = _find(request, ref)
    if locked := draft_events.locked_reasons(draft):
        return page_parts.refusal_as_data(RuleViolation(locked))
    get_object_or_404(draft.sites, key=key)
    try:
        texts = posted_edit(request.POST, key)
    except Unreadable:
        return HttpResponseBadRequest(OUTDATED)
    unsaved.save_edit(draft, by=request.user, key=key, texts=texts, now=timezone.now())
    return HttpResponse(status=204)


@requires(Permission.SESSION_EDIT)
@require_POST
def put_away(request: HttpRequest, ref: str) -> HttpResponse:
    """One thing that was begun is not wanted any more."""
    draft = _find(request, ref)
    if locked := draft_events.locked_reasons(draft):
        return page_parts.refusal_as_data(RuleViolation(locked))
    try:
        unsaved.put_away(draft, by=request.user, part=posted_part(request.POST), now=timezone.now())
    except Unreadable:
        return HttpResponseBadRequest(OUTDATED)
    if page_parts.is_live(request):
        return HttpResponse(status=204)
    return redirect(draft)


def _find(request: HttpRequest, ref: str) -> NeedlingSession:
    visible = NeedlingSession.objects.visible_to(request.user).written_by(request.user)
    return get_object_or_404(visible, ref=ref)
