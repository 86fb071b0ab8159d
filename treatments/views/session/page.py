"""The session page: one page, saved field by field as it is written."""

import re

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic import audit, formats
from clinic.access import Permission, requires
from clinic.forms import form_baseline
from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import responses
from clinic.web.names import about
from treatments.actions.session import fields as fields_actions
from treatments.actions.session.draft_events import Conflict, Stamp
from treatments.forms.session.fields import SessionForm
from treatments.forms.session.parts import StampForm
from treatments.models import NeedlingSession
from treatments.rules.session import coediting, fields
from treatments.rules.session.draft import Draft, DraftSession
from treatments.selectors.session import draft as drafts
from treatments.views.session import page_parts
from treatments.views.signing import reading


@requires(Permission.CHART_VIEW)
def session(request: HttpRequest, ref: str) -> HttpResponse:
    """The draft for its writers, the note for everybody else who may read it."""
    if request.method == "POST":
        return _save_all(request, ref)
    row = responses.row_or_404(drafts.row_seen_by(request.user, ref))
    if "leave" in request.GET:
        return _left(request, row)
    audit.look("session.read", row, by=request.user, patient=row.patient)
    if not page_parts.may_write(request.user, row):
        return reading.page(request, row)
    return page_parts.page(request, drafts.whole_with_unsaved(row.pk, user=request.user.pk))


def _left(request: HttpRequest, session: NeedlingSession) -> HttpResponse:
    """To the board, which a signature leads to as well: it says which of the two it was."""
    if page_parts.may_write(request.user, session):
        messages.warning(
            request, about(session.patient, _("Not signed: {}. What you wrote is kept as a draft."))
        )
    return redirect("treatments:today")


@requires(Permission.SESSION_EDIT)
@require_POST
def session_field(request: HttpRequest, ref: str) -> HttpResponse:
    """One field, as it was left."""
    name, stamp_form = request.POST.get("field", ""), StampForm(request.POST)
    draft = page_parts.find(request, ref) if fields.is_part(name) else _without_parts(request, ref)
    form = SessionForm(draft=draft)
    if name not in form.fields and fields.is_part(name):
        return _removed(draft, name)
    if not stamp_form.is_valid() or name not in form.fields:
        return HttpResponseBadRequest(_("This page is out of date. Open it again."))
    try:
        value = form.clean_one(name, request.POST.get("value", ""))
    except ValidationError as wrong:
        return JsonResponse({"errors": {name: " ".join(wrong.messages)}}, status=responses.UNPROCESSABLE)
    try:
        stamp = Stamp(**stamp_form.values())
        saved = fields_actions.save_field(
            draft.session, by=request.user, field=name, value=value, stamp=stamp
        )
    except Conflict as conflict:
        return _conflict_response(conflict, form, name, value)
    except RuleViolation as refused:
        return page_parts.refusal_as_data(refused)
    if name in coediting.PARTS_OF_FIELD:
        parts = coediting.PARTS_OF_FIELD[name]
        return page_parts.answer(request, saved.draft, *parts, version=saved.version)
    return JsonResponse({"version": saved.version, "saved": page_parts.clock()})


def _without_parts(request: HttpRequest, ref: str) -> Draft:
    return responses.row_or_404(drafts.own_fields(request.user, ref))


def _removed(draft: Draft, name: str) -> JsonResponse:
    """A refusal for a line that was removed meanwhile; 404 for one that this draft never had."""
    if not drafts.has_line(draft.session.pk, name):
        raise Http404
    return page_parts.refusal_as_data(RuleViolation([fields_actions.REMOVED]))


@requires(Permission.SESSION_EDIT)
def _save_all(request, ref: str) -> HttpResponse:
    """The plain Save: every field at once, each compared with the version that was on the page."""
    draft = page_parts.find(request, ref)
    baseline = form_baseline.unpack(request.POST.get("seen", ""))
    form = _on_top_of(draft, SessionForm(request.POST, draft=draft), baseline)
    stamp_form = StampForm({**request.POST.dict(), "seq": 1})
    if not form.is_valid():
        return page_parts.refused_page(request, draft, form=form)
    if not stamp_form.is_valid():
        raise SuspiciousOperation("A page without the number of its client.")
    changes = {
        name: (value, _posted_version(request, name), number)
        for name, (value, number) in form.changes().items()
    }
    client_id = stamp_form.cleaned_data["client_id"]
    try:
        fields_actions.save_fields(draft.session, by=request.user, changes=changes, client_id=client_id)
    except Conflict:
        return _conflict_page(request, ref, form, baseline)
    except RuleViolation as refused:
        errors.add_to_form(form, refused)
        return page_parts.refusal(request, draft, refused, form=form)
    return redirect(_next(request, draft.session))


def _on_top_of(draft: Draft, form: SessionForm, baseline: dict) -> SessionForm:
    """The form with what stands now in every field that it left alone."""
    if not baseline:
        return form
    stored = form_baseline.values(SessionForm(draft=draft))
    return SessionForm(form_baseline.on_top_of(form, stored=stored, baseline=baseline), draft=draft)


def _conflict_page(request, ref: str, form: SessionForm, baseline: dict) -> HttpResponse:
    """The page with everything that was typed, beside what stands. The next Save is based on it."""
    draft = page_parts.find(request, ref)
    stored = form_baseline.values(SessionForm(draft=draft))
    again = SessionForm(form.data, draft=draft)
    again.is_valid()
    conflict = form_baseline.conflict_with(again, stored=stored, baseline=baseline) if baseline else None
    again.conflict = conflict or form_baseline.unread_differences(again, stored)
    return page_parts.page(request, draft, form=again, status=responses.CONFLICT)


def _next(request, session: DraftSession) -> str:
    sign = reverse("treatments:session-sign", args=[session.ref])
    page = session.get_absolute_url()
    return {"leave": f"{page}?leave", "sign": sign}.get(request.POST.get("then", ""), page)


def _posted_version(request, name: str) -> int:
    """18 digits fit the column; a longer number was never on this page."""
    text = request.POST.get(f"v-{name}", "")
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0


def _conflict_response(conflict: Conflict, form, name: str, mine) -> JsonResponse:
    """Both values, so that the writer chooses."""
    event = conflict.event
    answer = {
        "conflict": True,
        "field": name,
        "version": event.pk,
        "theirs": event.new,
        "theirs_said": _shown_value(form, name, event.new),
        "mine_said": _shown_value(form, name, fields.json_value(mine)),
        "by": event.by.short_name,
        "at": formats.clock(event.at),
    }
    return JsonResponse(answer, status=responses.CONFLICT)


def _shown_value(form, name: str, value) -> str:
    """A value as the page shows it."""
    choices = dict(getattr(form.fields[name], "choices", ())) if name in form.fields else {}
    if value is None or value == "":
        return _("empty")
    if isinstance(value, bool):
        return _("ticked") if value else _("not ticked")
    return str(choices.get(str(value), value))
