"""Sites, measurements and prompts of a draft: added, corrected, removed or answered one by one."""

import uuid
from collections.abc import Container

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from clinic.access import Permission, requires
from clinic.forms import form_baseline
from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import responses
from treatments.actions import sites
from treatments.actions.session import measurements
from treatments.actions.session.draft_events import Conflict, Stamp
from treatments.forms.session.parts import MeasurementForm, ReasonForm, StampForm
from treatments.forms.sites.entry import SiteForm, new_key, values_of
from treatments.models import Measurement, NeedleSite, NeedlingSession
from treatments.rules.session import coediting
from treatments.rules.session.draft import Draft
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import entry as entry_selectors
from treatments.views.session import page_parts


@requires(Permission.SESSION_EDIT)
@require_POST
def site_add(request: HttpRequest, ref: str) -> HttpResponse:
    entry = responses.row_or_404(drafts.site_entry(request.user, ref))
    form = SiteForm(request.POST, choices=entry.choices, only_read=True)
    if not form.is_valid():
        return _refused_site(request, ref, form)
    data = form.cleaned_data
    earlier = NeedlingSession.objects.filter(patient=entry.patient)
    # 404 for a plan of another patient
    origin = get_object_or_404(earlier, ref=data["adopted_from"]) if data["adopted_from"] else None
    try:
        saved = sites.add(
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
            return page_parts.refusal(request, page_parts.find(request, ref), refused)
        return page_parts.as_conflict(_refused_site(request, ref, form), refused)
    message = f"Site {saved[0].site.number} kept."
    return _saved_response(
        request, saved[0].draft, "new-site", said=message, key=new_key(), next=saved[-1].site.number + 1
    )


@requires(Permission.SESSION_EDIT)
def site_edit(request: HttpRequest, ref: str, key: uuid.UUID) -> HttpResponse:
    draft = page_parts.find(request, ref)
    if request.method != "POST" and not draft.session.is_draft:
        return page_parts.back(draft.session)
    _find_site(key, {site.key for site in draft.standing_sites})
    form, stamp_form, site = _edit_form(draft, responses.posted_data(request)), StampForm(request.POST), None
    is_older = request.POST.get("base_version") != str(_version(draft, key))
    if form.is_bound and (is_older or "theirs" in request.POST):
        site = _site(draft, key)
        form, stamp_form = _onto_stored(request, draft, site, form)
    if form.is_bound and not form.conflict and form.is_valid() and stamp_form.is_valid():
        try:
            stamp = Stamp(**stamp_form.values())
            saved = sites.change(draft.session, by=request.user, key=key, stamp=stamp, **form.values())
            message = f"Site {saved.site.number} kept."
            return _saved_response(request, saved.draft, f"site-{key}", said=message)
        except Conflict:
            draft, site = page_parts.find(request, ref), site or _site(draft, key)
            site.refresh_from_db()
            form.conflict = form_baseline.unread_differences(form, _stored(draft, site))
        except RuleViolation as refused:
            if refused.codes & page_parts.LOCKED:
                return page_parts.refusal(request, draft, refused)
            errors.add_to_form(form, refused)
    return _edit_page(request, draft, site or _site(draft, key), form)


def _edit_page(request: HttpRequest, draft: Draft, site: NeedleSite, form: SiteForm) -> HttpResponse:
    """The page of one site: its fields as they stand, or as they were typed."""
    form.initial = values_of(site, form.stock)
    context = {
        "session": draft.session,
        "site": site,
        "site_form": form,
        "version": _version(draft, site.key),
        "seen": form_baseline.pack(_stored(draft, site)),
        "client_id": uuid.uuid4(),
        "muscles": entry_selectors.muscle_options([]),
    }
    return responses.form_page(request, "treatments/site_edit.html", context, form=form)


def _onto_stored(request, draft: Draft, site: NeedleSite, form: SiteForm) -> tuple[SiteForm, StampForm]:
    """The form on top of what somebody saved since: what it left alone stays as they saved it."""
    baseline = form_baseline.unpack(request.POST.get("seen", ""))
    if not baseline:
        return form, StampForm(request.POST)
    stored = _stored(draft, site)
    merged = _edit_form(draft, form_baseline.on_top_of(form, stored=stored, baseline=baseline))
    merged.is_valid()
    merged.conflict = form_baseline.conflict_with(merged, stored=stored, baseline=baseline)
    return merged, StampForm({**request.POST.dict(), "base_version": _version(draft, site.key)})


def _edit_form(draft: Draft, data=None, **kwargs) -> SiteForm:
    return SiteForm(data, choices=draft.site_choices, editing=True, auto_id="edit_%s", **kwargs)


def _site(draft: Draft, key: uuid.UUID) -> NeedleSite:
    rows = NeedleSite.objects.select_related("muscle", "region")
    return rows.get(session=draft.session.pk, key=key)


def _stored(draft: Draft, site: NeedleSite) -> dict:
    """The site as its form shows it."""
    form = _edit_form(draft)
    form.initial = values_of(site, form.stock)
    return form_baseline.values(form)


def _version(draft: Draft, key: uuid.UUID) -> int:
    return draft.version_of("site", site_key=str(key))


@requires(Permission.SESSION_EDIT)
@require_POST
def site_strike(request: HttpRequest, ref: str, key: uuid.UUID) -> HttpResponse:
    draft = page_parts.find(request, ref)
    _find_site(key, draft.site_numbers)
    undo = "undo" in request.POST
    try:
        saved = sites.strike(draft.session, by=request.user, key=key, stamp=_stamp(request), undo=undo)
    except RuleViolation as refused:
        return page_parts.refusal(request, draft, refused)
    word = "is back" if undo else "removed"
    return _saved_response(request, saved.draft, f"site-{key}", said=f"Site {saved.site.number} {word}.")


@requires(Permission.SESSION_EDIT)
@require_POST
def site_needles(request: HttpRequest, ref: str, key: uuid.UUID) -> HttpResponse:
    """The instant the needles go in, or come out."""
    draft = page_parts.find(request, ref)
    _find_site(key, draft.site_numbers)
    way = "out" if request.POST.get("way") == "out" else "in"
    try:
        saved = sites.note_needles(
            draft.session, by=request.user, key=key, way=way, stamp=_stamp(request, "timer")
        )
    except RuleViolation as refused:
        return page_parts.refusal(request, draft, refused)
    return _saved_response(
        request, saved.draft, f"site-{key}", said=f"Site {saved.site.number}: needles {way}."
    )


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
            sites.answer_prompt(draft.session, by=request.user, **form.cleaned_data)
            return _reread_response(request, draft, f"site-{key}" if key else "new-site", said="Reason kept.")
        except RuleViolation as refused:
            if refused.codes & page_parts.LOCKED:
                return page_parts.refusal(request, draft, refused)
            errors.add_to_form(form, refused)
    return _refused_form(request, draft, form, name="small_form")


@requires(Permission.SESSION_EDIT)
@require_POST
def measurement_add(request: HttpRequest, ref: str) -> HttpResponse:
    draft = page_parts.find(request, ref)
    form = MeasurementForm(request.POST)
    if not form.is_valid():
        return _refused_form(request, draft, form, name="measurement_form")
    try:
        measurements.add(draft.session, by=request.user, stamp=_stamp(request), **form.values())
    except RuleViolation as refused:
        if page_parts.is_key_used(refused):
            errors.add_to_form(form, refused)
            return page_parts.as_conflict(
                _refused_form(request, draft, form, name="measurement_form"), refused
            )
        return page_parts.refusal(request, draft, refused)
    return _reread_response(request, draft, "measurements", said="Line added.", parts=("measurements",))


@requires(Permission.SESSION_EDIT)
@require_POST
def measurement_strike(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    draft = page_parts.find(request, ref)
    get_object_or_404(Measurement, session=draft.session.pk, pk=pk)
    try:
        measurements.strike(draft.session, by=request.user, pk=pk)
    except RuleViolation as refused:
        return page_parts.refusal(request, draft, refused)
    return _reread_response(request, draft, "measurements", said="Line removed.", parts=("measurements",))


def _stamp(request, origin: str = "typed") -> Stamp:
    form = StampForm(request.POST)
    return Stamp(**{**form.values(), "origin": origin}) if form.is_valid() else Stamp(origin=origin)


def _find_site(key: uuid.UUID, among: Container[str]) -> None:
    """404 for a site that the draft never had."""
    if str(key) not in among:
        raise Http404


def _saved_response(request, draft, anchor: str, *, parts=coediting.SITE_PARTS, **more) -> HttpResponse:
    if page_parts.is_live(request):
        return page_parts.answer(request, draft, *parts, **more)
    return page_parts.back(draft.session, anchor)


def _reread_response(request, draft, anchor: str, **more) -> HttpResponse:
    if page_parts.is_live(request):
        draft = drafts.whole(draft.session.pk)
    return _saved_response(request, draft, anchor, **more)


def _refused_site(request, ref: str, form) -> HttpResponse:
    """The whole page with the row as it was typed, in a form that may be corrected."""
    if page_parts.is_live(request):
        return _errors_as_data(form)
    draft = page_parts.find(request, ref)
    # a key of its own: the posted one may be that of a site that stands
    shown = SiteForm({**request.POST.dict(), "key": new_key()}, choices=draft.site_choices)
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
