"""The pages of a draft send their unsaved input; what was begun is put away."""

import uuid
from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from clinic.access import Permission, requires
from clinic.values.errors import RuleViolation
from clinic.web import responses
from treatments.actions.session import draft_events, unsaved
from treatments.forms.session.unsaved import (
    Unreadable,
    posted_edit,
    posted_input,
    posted_measurement,
    posted_part,
)
from treatments.models import NeedlingSession
from treatments.selectors.session import by_ref
from treatments.views.session import page_parts

OUTDATED = _("This page is out of date. Open it again.")


@requires(Permission.SESSION_EDIT)
@require_POST
def hold(request: HttpRequest, ref: str) -> HttpResponse:
    """Sent by the page's script while somebody types: 204, nothing of the record has changed.

    Nothing is recorded in the audit trail: it is no change of the note yet. Saving the site is one.
    """
    return _held(request, _find(request, ref), posted_input, unsaved.save)


@requires(Permission.SESSION_EDIT)
@require_POST
def hold_edit(request: HttpRequest, ref: str, key: uuid.UUID) -> HttpResponse:
    """The same from the page that corrects one site."""
    draft = _find(request, ref)
    get_object_or_404(draft.sites, key=key)
    return _held(request, draft, partial(posted_edit, key=key), partial(unsaved.save_edit, key=key))


@requires(Permission.SESSION_EDIT)
@require_POST
def hold_measurement(request: HttpRequest, ref: str) -> HttpResponse:
    """The same from the page that adds a measurement."""
    return _held(request, _find(request, ref), posted_measurement, unsaved.save_measurement)


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


def _held(
    request: HttpRequest, draft: NeedlingSession, read: Callable[..., dict[str, str]], save: Callable
) -> HttpResponse:
    """`read` finds the texts in what was posted, `save` keeps them beside the draft."""
    if locked := draft_events.locked_reasons(draft):
        return page_parts.refusal_as_data(RuleViolation(locked))
    try:
        texts = read(request.POST)
    except Unreadable:
        return HttpResponseBadRequest(OUTDATED)
    save(draft, by=request.user, texts=texts, now=timezone.now())
    return HttpResponse(status=204)


def _find(request: HttpRequest, ref: str) -> NeedlingSession:
    return responses.row_or_404(by_ref.written_by(request.user, ref))
