"""Several sites in one line: read back word by word while it is typed, saved all together or not at all."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from clinic.access import Permission, requires
from clinic.values import errors
from clinic.values.errors import RuleViolation
from treatments.actions.session.draft_events import Stamp
from treatments.actions.sites import entry as site_entry
from treatments.forms.session.parts import StampForm
from treatments.forms.sites.entry import new_key
from treatments.forms.sites.shorthand import ShorthandForm
from treatments.rules.session import draft_parts
from treatments.rules.session.draft import Draft
from treatments.selectors.sites import entry
from treatments.views.session import page_parts

READ = "treatments/_line_read.html"


@requires(Permission.SESSION_EDIT)
@require_POST
def site_line(request: HttpRequest, ref: str) -> HttpResponse:
    draft = page_parts.find(request, ref)
    form = _form(request, draft)
    is_valid = form.is_valid()
    if page_parts.is_live(request) and "read" in request.POST:
        return JsonResponse({"parts": {"line-read": render_to_string(READ, {"line_form": form})}})
    if not is_valid:
        return page_parts.refused_page(request, draft, line_form=form)
    new = [
        site_entry.NewSite(key, row.form.values(), row.value_origins)
        for key, row in zip(form.keys(), form.rows, strict=True)
    ]
    try:
        site_entry.add_all(draft.session, by=request.user, sites=new, stamp=_stamp(request))
    except RuleViolation as refused:
        if refused.codes & page_parts.LOCKED:
            return page_parts.refusal(request, draft, refused, sent=form)
        errors.add_to_form(form, refused)
        return page_parts.as_conflict(_refused(request, draft, form), refused)
    return page_parts.back(draft.session, "new-site")


def _form(request: HttpRequest, draft: Draft) -> ShorthandForm:
    habits = entry.habits(draft.session.patient.pk, of=request.user)
    return ShorthandForm(
        request.POST,
        choices=draft.site_choices,
        muscles=entry.muscle_options(*habits, health_answers=draft.health_answers),
        limits=draft_parts.constraints_of(draft),
    )


def _stamp(request) -> Stamp:
    form = StampForm(request.POST)
    return Stamp(**form.values()) if form.is_valid() else Stamp()


def _refused(request, draft, form) -> HttpResponse:
    # a key of its own: the posted one may be that of sites that stand
    form.data = {**request.POST.dict(), "line-key": new_key()}
    return page_parts.refused_page(request, draft, line_form=form)
