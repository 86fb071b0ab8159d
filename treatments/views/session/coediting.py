"""A page that has a draft open polls who else has, and what they changed."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.access import Permission, requires
from clinic.values.errors import RuleViolation
from clinic.web import responses
from treatments.actions.session import coediting, draft_events
from treatments.forms.session.parts import PresenceForm
from treatments.models import NeedlingSession
from treatments.rules.session import coediting as coediting_rules
from treatments.selectors.session import by_ref
from treatments.selectors.session import coediting as coediting_selectors
from treatments.selectors.session import draft as drafts
from treatments.views.session import page_parts


@requires(Permission.SESSION_EDIT)
@require_POST
def beat(request: HttpRequest, ref: str) -> HttpResponse:
    """Sent by the page's script on its own, every 15 seconds.

    No view is recorded in the audit trail: opening the page was one, and the page shows the same draft while
    it stays open. An audit event for each poll would hide the views that somebody intended.
    """
    form = PresenceForm(request.POST)
    if not form.is_valid():
        return _out_of_date(request, ref)
    client_id, after = form.cleaned_data["client_id"], form.cleaned_data["after"]
    draft = _find(request, ref, client_id)
    if form.cleaned_data["gone"]:
        coediting.remove_page(draft, client_id=client_id)
        return HttpResponse(status=204)
    locked = draft_events.locked_reasons(draft)
    if locked:
        return page_parts.refusal_as_data(RuleViolation(locked))
    now = timezone.now()
    coediting.record_page(draft, by=request.user, client_id=client_id, now=now)
    here = coediting_selectors.others(draft, client_id=client_id, now=now)
    state = {
        "with": coediting_rules.others_sentence(here, user=request.user),
        "reasons": draft.newest_reason,
        # timers count by the server's clock, whatever the device's says
        "now": now.isoformat(),
    }
    shown_reasons = form.cleaned_data["reasons"]
    return _changes_response(request, draft, client_id, after, seen_reason=shown_reasons, state=state)


def _find(request: HttpRequest, ref: str, client_id) -> NeedlingSession:
    return responses.row_or_404(by_ref.open_on_page(request.user, ref, client_id=client_id))


def _out_of_date(request: HttpRequest, ref: str) -> HttpResponse:
    """404 for the draft of somebody else, whatever was sent."""
    responses.row_or_404(by_ref.written_by(request.user, ref))
    return HttpResponseBadRequest(_("This page is out of date. Open it again."))


def _changes_response(
    request: HttpRequest, draft, client_id, after: int, *, seen_reason, state: dict
) -> JsonResponse:
    """`seen_reason` None: the page was opened before pages sent which reasons they show."""
    events = coediting_selectors.changes(draft, client_id=client_id, after=after)
    state |= {"fields": coediting_rules.changed_fields(events), "last": events[-1].pk if events else after}
    with_reasons = seen_reason is not None and draft.newest_reason > seen_reason
    parts = coediting_rules.changed_parts(events, with_reasons=with_reasons)
    if parts:
        return page_parts.answer(request, drafts.whole(draft.pk), *parts, **state)
    return JsonResponse({**state, "parts": {}})
