"""The session page and its parts: the whole page for a visit, the changed parts for a change."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import formats
from clinic.access import Permission, may
from clinic.forms import form_baseline
from clinic.forms.base import StaffForm
from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import responses
from patients.selectors import banner
from treatments.actions.session import draft_events
from treatments.forms.session.fields import SessionForm
from treatments.forms.session.parts import RegionForm
from treatments.forms.sites.entry import SiteForm, new_key
from treatments.forms.sites.shorthand import ShorthandForm
from treatments.models import NeedlingSession
from treatments.rules.session import coediting, copied, fields, since_opening, unsaved
from treatments.rules.session import page_parts as page_parts_rules
from treatments.rules.session.draft import Draft, DraftSession
from treatments.rules.session.parts import SiteChoices
from treatments.rules.sites import origins, proposals
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import entry, past_visits

LOCKED = {"session-locked", "not-your-draft"}
PARTS = {
    "sites": "treatments/_sites.html",
    "figures": "treatments/_figures.html",
    "foot-facts": "treatments/_foot_facts.html",
    "plan": "treatments/_plan.html",
    "measurements": "treatments/_measurements.html",
    "first-hours": "treatments/_first_hours.html",
}


def find(request: HttpRequest, ref: str) -> Draft:
    """The user's own draft (or one that was, and is locked now); 404 for everybody else."""
    return responses.row_or_404(drafts.written_by(request.user, ref))


def may_write(user, session: DraftSession | NeedlingSession) -> bool:
    """Whether this user writes this draft: its author, or the supervisor named on it."""
    return session.is_draft and session.is_written_by(user) and may(user, Permission.SESSION_EDIT)


def is_live(request: HttpRequest) -> bool:
    """Whether the page's own script sent the request: it needs parts and not a page."""
    return request.headers.get("X-Live") == "1"


def page(
    request,
    draft: Draft,
    *,
    form=None,
    site_form=None,
    line_form=None,
    small_form=None,
    status=200,
) -> HttpResponse:
    """The whole page. A refused form is shown as it was typed."""
    forms = (form, site_form, line_form, small_form)
    posted = [f for f in forms if f is not None and f.is_bound]
    visits, regions = past_visits.earlier_visits(draft.session), RegionForm(request.GET)
    muscles = _muscles(request, draft)
    unsaved_input = _unsaved_input(request, draft)
    first = _next_site(request, visits, regions) | unsaved_input.row
    choices = draft.site_choices
    form = form or SessionForm(draft=draft)
    context = {
        **parts_of(draft),
        "form": form,
        "versions": _versions(draft, form),
        "seen": form_baseline.pack(form_baseline.values(SessionForm(draft=draft) if form.is_bound else form)),
        "site_form": site_form or SiteForm(choices=choices, initial=first),
        "line_form": line_form or _line(choices, unsaved_input),
        "regions": regions,
        "here": proposals.muscles_in_region(muscles, regions.picked[0]),
        "muscles": muscles,
        "visits": visits,
        "plan": proposals.plan(visits, draft.sites),
        "helped": past_visits.muscle_effects(draft.session, _main_condition(draft)),
        **_clients(),
        "last_change": draft.newest_change,
        "last_reason": draft.newest_answer,
        "saved": _("Saved %(clock)s") % {"clock": clock()},
        "strip": patient_banner(request, draft),
        "refused": posted,
        "again": getattr(small_form, "again", None),
        "unsaved": unsaved_input,
        "unconfirmed": len(copied.unconfirmed_events(draft)),
    }
    return render(request, "treatments/session.html", context, status=status)


def _muscles(request: HttpRequest, draft: Draft) -> list[dict]:
    habits = entry.habits(draft.session.patient.pk, of=request.user)
    return entry.muscle_options(*habits, health_answers=draft.health_answers)


def _main_condition(draft: Draft) -> int | None:
    return draft.conditions[0].patient_condition_id if draft.conditions else None


def _clients() -> dict:
    """The client ids of requests: one for the script, one for a form that is posted without it."""
    return {"client_id": uuid.uuid4(), "plain_id": uuid.uuid4()}


def answer(request, draft: Draft, *parts: str, **more) -> JsonResponse:
    """The named parts of a draft as it was just read, with what the script needs beside them."""
    context = {**_parts_context(draft, parts), "csrf_token": request.META.get("CSRF_COOKIE", "")}
    fresh = _fresh_fields(context["draft"], parts)
    if fresh:
        context["form"] = SessionForm(draft=context["draft"])
        versions = dict(_versions(draft, context["form"]))
        more["versions"] = {name: version for name, version in versions.items() if name.startswith(fresh)}
    if "foot-facts" in parts and draft.practice.two_people_count:
        context["form"] = SessionForm(draft=draft)
    if "sites" in parts:
        more["reasons"] = draft.newest_answer
    html = {name: render_to_string(PARTS[name], context, request=request) for name in parts}
    return JsonResponse({"parts": html, "saved": clock(), "state": draft.number, **more})


def _fresh_fields(draft: Draft, parts: tuple[str, ...]) -> tuple[str, ...]:
    """How the names of fields begin that the parts bring to the page."""
    measured = ("measure_",) if "measurements" in parts else ()
    advised = tuple(f"advice-{item.code}" for item in draft.first_hours) if "first-hours" in parts else ()
    return measured + advised


def saved(request, draft: Draft, anchor: str, *, parts=coediting.SITE_PARTS, **more) -> HttpResponse:
    """The response to a change that was saved: the parts of the page that show it, or the way back to it."""
    if is_live(request):
        return answer(request, draft, *parts, **more)
    return back(draft.session, anchor)


def _parts_context(draft: Draft, parts: tuple[str, ...]) -> dict:
    """The context of the parts. Without the plan no further query: no site was changed."""
    if "plan" not in parts:
        return parts_of(draft)
    own, visits = past_visits.sites_with_plan(draft.session)
    draft = drafts.with_sites(draft, own)
    return {**parts_of(draft), "visits": visits, "plan": proposals.plan(visits, draft.sites)}


def refusal(request, draft: Draft, refused: RuleViolation, *, sent=None, **forms) -> HttpResponse:
    """The response to a change that the rules refuse, or that came after the session was locked.

    `sent` is the form that a locked session cannot take any more: what was typed in it is shown.
    """
    if is_live(request):
        return refusal_as_data(refused)
    if refused.codes & LOCKED:
        sent = sent or next(iter(forms.values()), None)
        typed = sent.typed if sent is not None else []
        context = {"session": draft.session, "reasons": refused.messages, "typed": typed}
        return render(request, "treatments/session_locked.html", context, status=responses.CONFLICT)
    return page(
        request, draft, status=responses.UNPROCESSABLE, **(forms or {"small_form": _error_form(refused)})
    )


def is_key_used(refused: RuleViolation) -> bool:
    """Whether the key of something that stands was sent with other content."""
    return "key-used" in refused.codes


def as_conflict(response: HttpResponse, refused: RuleViolation) -> HttpResponse:
    """The answer with a refused form, as a conflict where its key was used for other content."""
    if is_key_used(refused):
        response.status_code = responses.CONFLICT
    return response


def refused_page(request, draft: Draft, **forms) -> HttpResponse:
    """A form with errors is shown again; once the session is locked, the refusal instead."""
    locked = draft_events.locked_reasons(draft.session)
    if locked:
        return refusal(request, draft, RuleViolation(locked), sent=next(iter(forms.values()), None))
    return page(request, draft, status=responses.UNPROCESSABLE, **forms)


def _error_form(refused: RuleViolation) -> StaffForm:
    """A form of one button has no place for messages: the summary shows them."""
    form = StaffForm({})
    errors.add_to_form(form, refused)
    return form


def refusal_as_data(refused: RuleViolation) -> JsonResponse:
    locked = bool(refused.codes & LOCKED)
    messages = {reason.field: reason.message for reason in refused.reasons}
    status = responses.CONFLICT if locked or is_key_used(refused) else responses.UNPROCESSABLE
    return JsonResponse({"locked": locked, "errors": messages}, status=status)


def back(session: DraftSession, anchor: str = "") -> HttpResponse:
    return redirect(f"{session.get_absolute_url()}{'#' if anchor else ''}{anchor}")


def clock() -> str:
    return formats.clock(timezone.now())


def _versions(draft: Draft, form: SessionForm) -> list[tuple[str, int]]:
    """(name of a field, the version that it shows) of the whole form."""
    versions = draft.versions
    return [(name, versions.get((*fields.split(name), ""), 0)) for name in form.fields]


def parts_of(draft: Draft) -> dict:
    return {
        "draft": draft,
        "session": draft.session,
        "rows": page_parts_rules.site_rows(draft),
        "asked": page_parts_rules.session_prompts(draft),
        "foot": page_parts_rules.foot(draft, now=timezone.now()),
        "marks": page_parts_rules.marks(draft.sites),
        "next_number": max((site.number for site in draft.sites), default=0) + 1,
        "ask_lot": draft.practice.ask_lot_numbers,
    }


def _unsaved_input(request, draft: Draft) -> unsaved.UnsavedInput:
    """The writer's unsaved input where the page is just opened; the response to a post shows the post."""
    return unsaved.NOTHING if request.method != "GET" or request.GET else draft.unsaved


def _line(choices: SiteChoices, unsaved_input: unsaved.UnsavedInput) -> ShorthandForm:
    return ShorthandForm(choices=choices, muscles=[], initial={"key": new_key(), **unsaved_input.line})


def _next_site(request, visits, regions) -> dict:
    """A new row is empty but for its key; a region gives its side, a plan muscle, side and needle."""
    code, side = regions.picked
    initial = {"key": new_key(), "region": code, "side": side}
    adopted = request.GET.get("adopt", "")
    past = next((site for visit in visits for site in visit["sites"] if str(site["pk"]) == adopted), None)
    if past is not None:
        initial |= {"muscle": past["value"], "side": past["side"], "needle": past["needle"]}
        initial |= {"origins": _from_plan(visits[0]["on"]), "adopted_from": visits[0]["ref"]}
    return initial


def _from_plan(on) -> str:
    return origins.serialize(
        {name: f"{origins.PLAN}@{on.isoformat()}" for name in sorted(proposals.PLAN_FIELDS)}
    )


def patient_banner(request, draft: Draft, *, back: str = "") -> dict:
    """The banner with the way back: to the board, or from a part of the session to its page."""
    way = (
        {"url": back, "label": _("Session")}
        if back
        else {"url": reverse("treatments:today"), "label": _("Today")}
    )
    actions = [way | {"icon": "back"}]
    if not back:
        url = reverse("treatments:session-faint", args=[draft.session.ref])
        actions.insert(0, {"url": url, "label": _("Faint"), "icon": "caution"})
    patient, today = draft.session.patient, timezone.localdate()
    facts = since_opening.safety_now(draft, on=today)
    return banner.banner_for(patient, user=request.user, on=today, facts=facts, actions=actions)
