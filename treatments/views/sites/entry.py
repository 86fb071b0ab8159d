"""Sites, measurements and prompts of a draft: added, corrected, removed or answered one by one."""

import uuid
from collections.abc import Container

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.access import Permission, requires
from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import responses
from treatments.actions.session import measurements
from treatments.actions.session.draft_events import Stamp
from treatments.actions.sites import correction as site_correction
from treatments.actions.sites import entry as site_entry
from treatments.actions.sites import prompts as site_prompts
from treatments.forms.session.parts import ReasonForm, StampForm, WhichForm
from treatments.forms.sites.entry import SiteForm, new_key
from treatments.models import Measurement, NeedlingSession
from treatments.rules.sites import muscle_parts
from treatments.selectors.session import draft as drafts
from treatments.views.session import page_parts
from treatments.views.sites import queued


@requires(Permission.SESSION_EDIT)
@require_POST
def site_add(request: HttpRequest, ref: str) -> HttpResponse:
    entry = responses.row_or_404(drafts.site_entry(request.user, ref))
    if page_parts.is_live(request):
        return queued.answer(request, entry)
    form = SiteForm(request.POST, choices=entry.choices)
    if not form.is_valid():
        return _refused_site(request, ref, form)
    data = form.cleaned_data
    earlier = NeedlingSession.objects.filter(patient=entry.patient)
    # 404 for a plan of another patient
    origin = get_object_or_404(earlier, ref=data["adopted_from"]) if data["adopted_from"] else None
    try:
        saved = site_entry.add(
            entry,
            by=request.user,
            key=data["key"],
            stamp=_stamp(request, "adopted" if origin else "typed"),
            origins=form.value_origins(),
            adopted_from=origin,
            **form.values(),
        )
    except RuleViolation as refused:
        errors.add_to_form(form, refused)
        if refused.codes & page_parts.LOCKED:
            return page_parts.refusal(request, page_parts.find(request, ref), refused, sent=form)
        return page_parts.as_conflict(_refused_site(request, ref, form), refused)
    return page_parts.back(saved[0].draft.session, "new-site")


@requires(Permission.SESSION_EDIT)
@require_POST
def site_strike(request: HttpRequest, ref: str, key: uuid.UUID) -> HttpResponse:
    draft = page_parts.find(request, ref)
    _find_site(key, draft.site_numbers)
    undo = "undo" in request.POST
    try:
        saved = site_correction.strike(
            draft.session, by=request.user, key=key, stamp=_stamp(request), undo=undo
        )
    except RuleViolation as refused:
        return page_parts.refusal(request, draft, refused)
    said = _("Site %(number)s is back.") if undo else _("Site %(number)s removed.")
    return page_parts.saved(
        request,
        saved.draft,
        f"site-{key}",
        said=said % {"number": saved.site.number},
    )


@requires(Permission.SESSION_EDIT)
@require_POST
def site_needles(request: HttpRequest, ref: str, key: uuid.UUID) -> HttpResponse:
    """The instant the needles go in, or come out."""
    draft = page_parts.find(request, ref)
    _find_site(key, draft.site_numbers)
    way = "out" if request.POST.get("way") == "out" else "in"
    try:
        saved = site_correction.note_needles(
            draft.session, by=request.user, key=key, way=way, stamp=_stamp(request, "timer")
        )
    except RuleViolation as refused:
        return page_parts.refusal(request, draft, refused)
    said = _("Site %(number)s: needles out.") if way == "out" else _("Site %(number)s: needles in.")
    return page_parts.saved(request, saved.draft, f"site-{key}", said=said % {"number": saved.site.number})


@requires(Permission.SESSION_EDIT)
@require_POST
def site_which(request: HttpRequest, ref: str, key: uuid.UUID) -> HttpResponse:
    """Which of the muscles that its row stands for the site was in."""
    draft = page_parts.find(request, ref)
    _find_site(key, draft.site_numbers)
    muscle = next(site.muscle for site in draft.sites if site.key == str(key))
    form = WhichForm(request.POST, key=key, offered=muscle_parts.parts(muscle) if muscle else ())
    if form.is_valid():
        parts = tuple(form.cleaned_data["parts"])
        try:
            saved = site_correction.name_parts(
                draft.session, by=request.user, key=key, parts=parts, stamp=_stamp(request, "tapped")
            )
            message = _("Site %(number)s kept.") % {"number": saved.site.number}
            return page_parts.saved(request, saved.draft, f"site-{key}", said=message)
        except RuleViolation as refused:
            if refused.codes & page_parts.LOCKED:
                return page_parts.refusal(request, draft, refused, sent=form)
            errors.add_to_form(form, refused)
    return _refused_form(request, draft, form, name="small_form")


@requires(Permission.SESSION_EDIT)
@require_POST
def rule_answer(request: HttpRequest, ref: str) -> HttpResponse:
    """A reason for a rule of a site or of the session."""
    draft = page_parts.find(request, ref)
    form = ReasonForm(request.POST)
    if form.is_valid():
        key = form.cleaned_data["key"]
        if key:
            _find_site(key, draft.site_numbers)
        try:
            site_prompts.answer_prompt(draft.session, by=request.user, **form.cleaned_data)
            part = f"site-{key}" if key else "new-site"
            return _reread_response(request, draft, part, said=_("Reason saved."))
        except RuleViolation as refused:
            if refused.codes & page_parts.LOCKED:
                return page_parts.refusal(request, draft, refused, sent=form)
            errors.add_to_form(form, refused)
    return _refused_form(request, draft, form, name="small_form")


@requires(Permission.SESSION_EDIT)
@require_POST
def measurement_strike(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    draft = page_parts.find(request, ref)
    get_object_or_404(Measurement, session=draft.session.pk, pk=pk)
    try:
        measurements.strike(draft.session, by=request.user, pk=pk)
    except RuleViolation as refused:
        return page_parts.refusal(request, draft, refused)
    return _reread_response(request, draft, "measurements", said=_("Line removed."), parts=("measurements",))


def _stamp(request, origin: str = "typed") -> Stamp:
    form = StampForm(request.POST)
    return Stamp(**{**form.values(), "origin": origin}) if form.is_valid() else Stamp(origin=origin)


def _find_site(key: uuid.UUID, among: Container[str]) -> None:
    """404 for a site that the draft never had."""
    if str(key) not in among:
        raise Http404


def _reread_response(request, draft, anchor: str, **more) -> HttpResponse:
    if page_parts.is_live(request):
        draft = drafts.whole(draft.session.pk)
    return page_parts.saved(request, draft, anchor, **more)


def _refused_site(request, ref: str, form) -> HttpResponse:
    """The whole page with the row as it was typed, in a form that may be corrected."""
    draft = page_parts.find(request, ref)
    # a key of its own: the posted one may be that of a site that stands
    typed = {**request.POST.dict(), "key": new_key()}
    if "region" in form.errors:
        typed["region"] = ""
    shown = SiteForm(typed, choices=draft.site_choices)
    for name, messages in form.errors.items():
        shown.errors[name] = messages
    return page_parts.refused_page(request, draft, site_form=shown)


def _refused_form(request, draft, form, *, name: str) -> HttpResponse:
    if page_parts.is_live(request):
        return _errors_as_data(form)
    return page_parts.refused_page(request, draft, **{name: form})


def _errors_as_data(form) -> JsonResponse:
    messages = {form.add_prefix(key): list(found)[0] for key, found in form.errors.items()}
    return JsonResponse({"errors": messages}, status=responses.UNPROCESSABLE)
