"""The sheet that a patient takes home, and that it was handed over."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic import audit
from clinic.access import Permission, requires
from clinic.values.errors import RuleViolation
from clinic.web import page_frame, responses
from patients.selectors import banner
from treatments.actions.session import fields
from treatments.models import AftercareAdvice
from treatments.rules.followups import aftercare
from treatments.rules.followups.warning_levels import Situation
from treatments.rules.session.draft import Draft
from treatments.rules.sites import places
from treatments.selectors.followups import warning_levels
from treatments.selectors.session import draft as drafts
from treatments.views.session import page_parts


@requires(Permission.CHART_VIEW)
@require_GET
def sheet(request: HttpRequest, ref: str) -> HttpResponse:
    draft = responses.row_or_404(drafts.seen_by(request.user, ref))
    session = draft.session
    audit.look("aftercare.opened", session, by=request.user, patient=session.patient)
    actions = [{"url": session.get_absolute_url(), "label": _("Session"), "icon": "back"}]
    context = {
        **_advice(draft),
        "session": session,
        "strip": banner.banner_for(
            session.patient, user=request.user, on=timezone.localdate(), actions=actions
        ),
        "phone": page_frame.practice_for(request).phone,
        "may_record": page_parts.may_write(request.user, session),
        "is_handed_over": aftercare.is_handed_over(draft),
        "printed_at": timezone.now(),
    }
    return render(request, "treatments/aftercare.html", context)


def _advice(draft: Draft) -> dict:
    needled = places.of_sites(draft.standing_sites)
    asked = warning_levels.asked_in(Situation(needled, None))
    return {
        "do": aftercare.advice_of(draft, AftercareAdvice.Kind.DO),
        "expect": aftercare.advice_of(draft, AftercareAdvice.Kind.EXPECT),
        "first_hours": draft.first_hours,
        "signs": aftercare.by_urgency(asked, needled),
        "treated": aftercare.treated(draft),
    }


@requires(Permission.SESSION_EDIT)
@require_POST
def hand_over(request: HttpRequest, ref: str) -> HttpResponse:
    """Records every piece of advice on the sheet as given."""
    draft = page_parts.find(request, ref)
    changes = {
        f"advice-{item.code}": (True, draft.version_of("advice", item.code), number)
        for number, item in enumerate(draft.advice_here, start=1)
        if item.code not in draft.advice_given
    }
    try:
        fields.save_fields(draft.session, by=request.user, changes=changes, client_id=uuid.uuid4())
    except RuleViolation as refused:
        return page_parts.refusal(request, draft, refused)
    messages.success(request, _("On record: the advice was handed over."))
    return redirect(draft.session.get_absolute_url())
