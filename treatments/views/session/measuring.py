"""The page that adds a measurement to a draft."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, requires
from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import responses
from treatments.actions.session import measurements, unsaved
from treatments.actions.session.draft_events import Stamp, locked_reasons
from treatments.forms.session.measuring import MeasurementForm
from treatments.forms.session.parts import StampForm
from treatments.models import Measurement
from treatments.rules.session import measuring
from treatments.rules.session.draft import Draft
from treatments.rules.session.unsaved import MEASUREMENT
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import entry
from treatments.views.session import page_parts


@requires(Permission.SESSION_EDIT)
def add(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """A line of the quantity that the address names; the session page has its values as fields."""
    draft = responses.row_or_404(drafts.edited_by(request.user, ref))
    if kind not in measuring.QUANTITIES:
        raise Http404
    if request.method != "POST":
        return _opened(request, draft, kind)
    form = MeasurementForm(request.POST, kind=kind, muscles=entry.CURRENT_MUSCLES())
    is_valid = form.is_valid()
    if locked := locked_reasons(draft.session):
        return page_parts.refusal(request, draft, RuleViolation(locked), sent=form)
    return _saved(request, draft, form) if is_valid else _page(request, draft, form)


def _opened(request: HttpRequest, draft: Draft, kind: str) -> HttpResponse:
    if not draft.session.is_draft:
        return page_parts.back(draft.session)
    begun = _begun(draft, kind)
    audit.look("session.read", draft.session, by=request.user, patient=draft.session.patient)
    form = MeasurementForm(kind=kind, muscles=entry.CURRENT_MUSCLES(), initial=begun)
    return _page(request, draft, form, begun_at=draft.unsaved.at if begun else None)


def _begun(draft: Draft, kind: str) -> dict[str, str]:
    """What was begun of this quantity. An earlier release held one text, which stands as the remark."""
    held = draft.unsaved.measurement
    if held.get("kind") != kind:
        return {}
    return {"remark": held["what"], **held} if "what" in held else dict(held)


def _saved(request: HttpRequest, draft: Draft, form: MeasurementForm) -> HttpResponse:
    """Where the writer goes on, or the form with what stops it."""
    try:
        measurements.add(draft.session, by=request.user, stamp=_stamp(request), **form.values())
    except RuleViolation as refused:
        if refused.codes & page_parts.LOCKED:
            return page_parts.refusal(request, draft, refused, sent=form)
        errors.add_to_form(form, refused)
        return page_parts.as_conflict(_page(request, draft, form), refused)
    if draft.unsaved.measurement:
        unsaved.put_away(draft.session, by=request.user, part=MEASUREMENT, now=timezone.now())
    if "again" in request.POST:
        return redirect(request.path)
    return page_parts.back(draft.session, "measurements")


def _page(request: HttpRequest, draft: Draft, form: MeasurementForm, *, begun_at=None):
    session = draft.session
    tabs = [
        {"label": one.label, "url": _url(session.ref, one.value), "current": one.value == form.kind}
        for one in Measurement.Kind
    ]
    context = {
        "draft": draft,
        "session": session,
        "strip": page_parts.patient_banner(request, draft, back=session.get_absolute_url()),
        "tabs": tabs,
        "implied": [_label(name, word) for name, word in form.quantity.implied.items()],
        "client_id": uuid.uuid4(),
        "begun_at": begun_at,
    }
    return responses.form_page(request, "treatments/measurement_add.html", context, form=form)


def _label(name: str, word: str) -> str:
    return str(next(label for value, label in measuring.WORDS[name].choices if value == word))


def _url(ref: str, kind: str) -> str:
    return reverse("treatments:measurement-add", args=[ref, kind])


def _stamp(request: HttpRequest) -> Stamp:
    form = StampForm(request.POST)
    return Stamp(**form.values()) if form.is_valid() else Stamp()
