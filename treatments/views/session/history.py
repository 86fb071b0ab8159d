"""The changes of a draft: all are listed, and the newest of each field can be undone."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.forms.base import StaffForm
from clinic.values import errors
from clinic.values.errors import RuleViolation, StaleRecord
from clinic.web import responses
from patients.selectors import banner
from treatments.actions.session import undo
from treatments.rules.session.draft import Draft
from treatments.selectors.session import draft as drafts
from treatments.selectors.session import history
from treatments.views.session import page_parts


@requires(Permission.CHART_VIEW)
def page(request: HttpRequest, ref: str) -> HttpResponse:
    if request.method == "POST":
        return _take_back(request, ref)
    draft = responses.row_or_404(drafts.changed_parts(request.user, ref))
    audit.look("session.changes_read", draft.session, by=request.user, patient=draft.session.patient)
    return _page(request, draft)


@requires(Permission.SESSION_EDIT)
def _take_back(request: HttpRequest, ref: str) -> HttpResponse:
    draft = page_parts.find(request, ref)
    form, change = StaffForm(request.POST), request.POST.get("change", "")

    def act():
        number = int(change) if re.fullmatch(r"[0-9]{1,18}", change) else 0
        undo.take_back(draft.session, by=request.user, change=number)
        messages.success(request, _("The change was undone."))
        return request.path

    try:
        return responses.perform_once(request, "session.take-back", act)
    except RuleViolation as refused:
        if refused.codes & page_parts.LOCKED:
            return page_parts.refusal(request, draft, refused)
        errors.add_to_form(form, refused)
        return _page(request, draft, form=form)
    except StaleRecord as stale:
        return responses.conflict_page(request, stale)


def _page(request: HttpRequest, draft: Draft, *, form=None) -> HttpResponse:
    session = draft.session
    may_write = page_parts.may_write(request.user, session)
    found = history.page(draft, before=request.GET.get("before", ""), may_write=may_write)
    found["lines"] = [{**line, "key": responses.new_form_key()} for line in found["lines"]]
    actions = [{"url": session.get_absolute_url(), "label": _("Session"), "icon": "back"}]
    context = {
        "session": session,
        "strip": banner.banner_for(
            session.patient, user=request.user, on=timezone.localdate(), actions=actions
        ),
        "may_write": may_write,
        **found,
    }
    return responses.form_page(request, "treatments/draft_history.html", context, form=form or StaffForm())
