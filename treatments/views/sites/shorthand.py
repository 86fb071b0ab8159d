"""Several sites in one line: read back word by word while it is typed, saved all together or not at all."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from clinic.access import Permission, requires
from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import responses
from treatments.actions.session.draft_events import Stamp
from treatments.actions.sites import entry as site_entry
from treatments.forms.session.parts import StampForm
from treatments.forms.sites.entry import new_key
from treatments.forms.sites.shorthand import ShorthandForm
from treatments.rules.session import draft_parts
from treatments.rules.session.draft import Draft
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import entry as entry_selectors
from treatments.views.session import page_parts

READ = "treatments/_line_read.html"


@requires(Permission.SESSION_EDIT)
@require_POST
def site_line(request: HttpRequest, ref: str) -> HttpResponse:
    """The line is judged once, by the draft under its lock; the whole draft is read here to explain it."""
    if page_parts.is_live(request) and "read" in request.POST:
        return _reading(_judged_form(request, page_parts.find(request, ref)))
    entry = responses.row_or_404(drafts.site_entry(request.user, ref))
    form = _form(request, entry.patient, choices=entry.choices, health_answers=entry.health_answers)
    if not form.is_valid():
        return _refused(request, ref, None)
    new = [
        site_entry.NewSite(key, row.form.values(), row.value_origins)
        for key, row in zip(form.keys(), form.rows, strict=True)
    ]
    try:
        saved = site_entry.add_all(entry, by=request.user, sites=new, stamp=_stamp(request))
    except RuleViolation as refused:
        return _refused(request, ref, refused)
    return page_parts.back(saved[0].draft.session, "new-site")


def _reading(form: ShorthandForm) -> JsonResponse:
    form.is_valid()
    return JsonResponse({"parts": {"line-read": render_to_string(READ, {"line_form": form})}})


def _judged_form(request: HttpRequest, draft: Draft) -> ShorthandForm:
    """The form that says of each site what stands against it in this draft."""
    return _form(
        request,
        draft.session.patient.pk,
        choices=draft.site_choices,
        health_answers=draft.health_answers,
        limits=draft_parts.constraints_of(draft),
    )


def _form(request: HttpRequest, patient: int, *, choices, health_answers, **limits) -> ShorthandForm:
    muscles = entry_selectors.muscle_options(
        *entry_selectors.habits(patient, of=request.user), health_answers=health_answers
    )
    return ShorthandForm(request.POST, choices=choices, muscles=muscles, **limits)


def _stamp(request) -> Stamp:
    form = StampForm(request.POST)
    return Stamp(**form.values()) if form.is_valid() else Stamp()


def _refused(request: HttpRequest, ref: str, refused: RuleViolation | None) -> HttpResponse:
    """The page with the line: what stands against each of its sites comes before what the action refused."""
    draft = page_parts.find(request, ref)
    form = _judged_form(request, draft)
    if not form.is_valid() or refused is None:
        return page_parts.refused_page(request, draft, line_form=form)
    if refused.codes & page_parts.LOCKED:
        return page_parts.refusal(request, draft, refused, sent=form)
    errors.add_to_form(form, refused)
    # a key of its own: the posted one may be that of sites that stand
    form.data = {**request.POST.dict(), "line-key": new_key()}
    return page_parts.as_conflict(page_parts.refused_page(request, draft, line_form=form), refused)
