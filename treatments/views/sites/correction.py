"""The page that corrects one site, on top of what somebody else saved of it meanwhile."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.forms import form_baseline
from clinic.models import BodyRegion
from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import responses
from treatments.actions.session import unsaved
from treatments.actions.session.draft_events import Conflict, Stamp
from treatments.actions.sites import correction as site_correction
from treatments.forms.session.parts import StampForm
from treatments.forms.sites.entry import SiteForm, values_of
from treatments.models import NeedleSite
from treatments.rules.session import page_parts as page_parts_rules
from treatments.rules.session.draft import Draft
from treatments.rules.session.unsaved import edit_name
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import entry
from treatments.views.session import page_parts


@requires(Permission.SESSION_EDIT)
def site_edit(request: HttpRequest, ref: str, key: uuid.UUID) -> HttpResponse:
    draft = responses.row_or_404(drafts.edited_by(request.user, ref))
    if request.method != "POST" and not draft.session.is_draft:
        return page_parts.back(draft.session)
    if str(key) not in {site.key for site in draft.standing_sites}:
        raise Http404
    form = _form(draft, key, responses.posted_data(request))
    if form.is_bound:
        return _saved(request, draft, key, form)
    audit.look("session.read", draft.session, by=request.user, patient=draft.session.patient)
    return _page(request, draft, _site(draft, key), form)


def _saved(request: HttpRequest, draft: Draft, key: uuid.UUID, form: SiteForm) -> HttpResponse:
    """The response to a correction: what was saved, or the page with what stops it."""
    site = None
    if _is_older(request, draft, key) and _baseline(request):
        site = _site(draft, key)
        form = _onto_stored(request, draft, site, form)
    if not form.conflict and form.is_valid():
        response = _save(request, draft, key, form)
        if response is not None:
            return response
    return _page(request, draft, site or _site(draft, key), form)


def _save(request: HttpRequest, draft: Draft, key: uuid.UUID, form: SiteForm) -> HttpResponse | None:
    """The response of a save, or None where `form` says why it was refused."""
    stamp_form = _stamp_form(request, draft, key)
    if not stamp_form.is_valid():
        return None
    try:
        stamp = Stamp(**stamp_form.values())
        saved = site_correction.change(draft.session, by=request.user, key=key, stamp=stamp, **form.values())
    except Conflict:
        site = _site(draft, key)
        form.conflict = form_baseline.unread_differences(form, _stored(draft, site))
        return _page(request, page_parts.find(request, draft.session.ref), site, form)
    except RuleViolation as refused:
        if refused.codes & page_parts.LOCKED:
            return page_parts.refusal(request, draft, refused, sent=form)
        errors.add_to_form(form, refused)
        return None
    if str(key) in draft.unsaved.edits:
        unsaved.put_away(draft.session, by=request.user, part=edit_name(key), now=timezone.now())
    message = _("Site %(number)s kept.") % {"number": saved.site.number}
    return page_parts.saved(request, saved.draft, f"site-{key}", said=message)


def _page(request: HttpRequest, draft: Draft, site: NeedleSite, form: SiteForm) -> HttpResponse:
    """The site's fields as they stand, as they were begun before, or as they were typed."""
    begun = draft.unsaved.edits.get(str(site.key), {}) if not form.is_bound else {}
    form.initial = values_of(site, form.stock) | begun
    context = {
        **page_parts.parts_of(draft),
        "strip": page_parts.patient_banner(request, draft, back=draft.session.get_absolute_url()),
        "figure": _figure(draft, site),
        "begun_at": draft.unsaved.at if begun else None,
        "site": site,
        "edited_key": str(site.key),
        "site_form": form,
        "version": _version(draft, site.key),
        "seen": form_baseline.pack(_stored(draft, site)),
        "client_id": uuid.uuid4(),
        "muscles": entry.muscle_options([]),
    }
    return responses.form_page(request, "treatments/site_edit.html", context, form=form)


def _figure(draft: Draft, site: NeedleSite) -> dict:
    """The side of the body that the site is on, with the sites that are there."""
    view = site.region.view if site.region else BodyRegion.View.BACK
    return {"view": view, "marks": page_parts_rules.marks(draft.sites, chosen=str(site.key))[view]}


def _is_older(request: HttpRequest, draft: Draft, key: uuid.UUID) -> bool:
    """Whether somebody saved the site since the form was opened, or this form takes over what they saved."""
    return request.POST.get("base_version") != str(_version(draft, key)) or "theirs" in request.POST


def _baseline(request: HttpRequest) -> dict[str, str]:
    return form_baseline.unpack(request.POST.get("seen", ""))


def _onto_stored(request, draft: Draft, site: NeedleSite, form: SiteForm) -> SiteForm:
    """The form on top of what somebody saved since: what it left alone stays as they saved it."""
    baseline, stored = _baseline(request), _stored(draft, site)
    merged = _form(draft, site.key, form_baseline.on_top_of(form, stored=stored, baseline=baseline))
    merged.is_valid()
    merged.conflict = form_baseline.conflict_with(merged, stored=stored, baseline=baseline)
    return merged


def _stamp_form(request: HttpRequest, draft: Draft, key: uuid.UUID) -> StampForm:
    """A form with its baseline is based on the site as it was just read."""
    version = {"base_version": _version(draft, key)} if _baseline(request) else {}
    return StampForm({**request.POST.dict(), **version})


def _form(draft: Draft, key: uuid.UUID, data=None) -> SiteForm:
    kept = next((site.muscle.code for site in draft.sites if site.key == str(key) and site.muscle), "")
    return SiteForm(data, choices=draft.site_choices, editing=True, kept=kept, auto_id="edit_%s")


def _site(draft: Draft, key: uuid.UUID) -> NeedleSite:
    rows = NeedleSite.objects.select_related("muscle", "region")
    return rows.get(session=draft.session.pk, key=key)


def _stored(draft: Draft, site: NeedleSite) -> dict:
    """The site as its form shows it."""
    form = _form(draft, site.key)
    form.initial = values_of(site, form.stock)
    return form_baseline.values(form)


def _version(draft: Draft, key: uuid.UUID) -> int:
    return draft.version_of("site", site_key=str(key))
