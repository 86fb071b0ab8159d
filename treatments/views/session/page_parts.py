"""The session page and its parts: the whole page for a visit, the changed parts for a change."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from clinic.access import Permission, may
from clinic.forms.base import StaffForm
from clinic.values import errors
from clinic.values.errors import RuleViolation
from clinic.web import answers, page_frame
from patients.selectors import banner
from treatments.actions.session import draft_events
from treatments.forms.session.fields import SessionForm
from treatments.forms.session.parts import MeasurementForm, RegionForm
from treatments.forms.sites.entry import SiteForm, new_key, stock_choices
from treatments.forms.sites.shorthand import LineForm
from treatments.models import NeedlingSession
from treatments.rules.session import draft_parts, fields, unsaved
from treatments.rules.session import page_parts as page_parts_rules
from treatments.rules.sites import origins, proposals
from treatments.selectors.session import draft_rows, page_parts
from treatments.selectors.sites import entry, past_visits

LOCKED = {"session-locked", "not-your-draft"}
SITE_PARTS = ("sites", "figures", "foot-facts", "plan")
PARTS = {
    "sites": "treatments/_sites.html",
    "figures": "treatments/_figures.html",
    "foot-facts": "treatments/_foot_facts.html",
    "plan": "treatments/_plan.html",
    "measurements": "treatments/_measurements.html",
}


def find(request: HttpRequest, ref: str) -> NeedlingSession:
    """The user's own draft (or one that was, and is locked now); 404 for everybody else."""
    return answers.found(draft_rows.written_by(request.user, ref))


def writes(user, session) -> bool:
    """Whether this user writes this draft: its author, or the supervisor named on it."""
    named = user.pk in (session.therapist_id, session.supervisor_id)
    return session.is_draft and named and may(user, Permission.SESSION_EDIT)


def is_live(request: HttpRequest) -> bool:
    """Asked by the page's own script, which wants parts and not a page."""
    return request.headers.get("X-Live") == "1"


def page(
    request,
    session,
    *,
    form=None,
    site_form=None,
    line_form=None,
    measurement_form=None,
    small_form=None,
    status=200,
) -> HttpResponse:
    """The whole page. A form that was refused comes back as it was typed."""
    forms = (form, site_form, line_form, measurement_form, small_form)
    posted = [f for f in forms if f is not None and f.is_bound]
    practice, own = page_frame.practice_for(request), entry.sites_of(session)
    visits, regions = past_visits.earlier(session), RegionForm(request.GET)
    muscles = entry.muscles(*entry.habits(session, of=request.user))
    begun = _begun(request, session)
    first = _next_site(request, visits, regions) | begun.row
    stock = stock_choices(practice.needle_stock)
    form = form or SessionForm(session=session)
    context = {
        **_parts(session, own, practice),
        "form": form,
        "versions": [(name, _version(session, name)) for name in form.fields],
        "site_form": site_form or SiteForm(session=session, stock=stock, initial=first),
        "line_form": line_form or _line(session, stock, begun),
        "measurement_form": measurement_form or MeasurementForm(),
        "regions": regions,
        "here": proposals.spoken(muscles, regions.picked[0]),
        "muscles": muscles,
        "visits": visits,
        "plan": proposals.plan(visits, own),
        "helped": past_visits.helped(session),
        **_clients(),
        "last_change": max(draft_parts.versions(session).values(), default=0),
        "last_reason": draft_parts.newest_reason(session),
        "saved": f"Saved {date_format(timezone.localtime(), 'H:i')}",
        "strip": _strip(request, session),
        "refused": posted,
        "again": getattr(small_form, "again", None),
        "begun": begun,
    }
    return render(request, "treatments/session.html", context, status=status)


def _clients() -> dict:
    """Whom a request says it is from: the script, or a form without it, the same one when sent twice."""
    return {"client_id": uuid.uuid4(), "plain_id": uuid.uuid4()}


def answer(request, session, *parts: str, **more) -> JsonResponse:
    """The named parts of `session` as it was just read, with what the script needs besides."""
    context = {**_said(session, parts), "csrf_token": request.META.get("CSRF_COOKIE", "")}
    if "measurements" in parts:
        context["form"] = SessionForm(session=session)
        more["versions"] = {
            name: _version(session, name) for name in context["form"].fields if name.startswith("measure_")
        }
    if "sites" in parts:
        more["reasons"] = draft_parts.newest_reason(session)
    html = {name: render_to_string(PARTS[name], context, request=request) for name in parts}
    return JsonResponse({"parts": html, "saved": clock(), **more})


def _said(session, parts: tuple[str, ...]) -> dict:
    """What the parts say. The foot alone asks nothing more: the draft brought along what it counts."""
    practice = draft_parts.practice(session)
    if parts == ("foot-facts",):
        return {"session": session, "foot": page_parts.foot(session, draft_parts.of(session), practice)}
    own, visits = past_visits.sites_with_plan(session)
    plan = {"visits": visits, "plan": proposals.plan(visits, own)}
    return {**_parts(session, own, practice), **plan}


def refusal(request, session, refused: RuleViolation, **forms) -> HttpResponse:
    """An answer to a change that the rules refuse; a session that was locked meanwhile says so."""
    if is_live(request):
        return refusal_as_data(refused)
    if refused.codes & LOCKED:
        context = {"session": session, "reasons": refused.messages}
        return render(request, "treatments/session_locked.html", context, status=answers.CONFLICT)
    return page(request, session, status=answers.UNPROCESSABLE, **(forms or {"small_form": _bare(refused)}))


def refused_page(request, session, **forms) -> HttpResponse:
    """A form with mistakes comes back; once the session is locked, mending it would be in vain."""
    locked = draft_events.locked_reasons(session)
    if locked:
        return refusal(request, session, RuleViolation(locked))
    return page(request, session, status=answers.UNPROCESSABLE, **forms)


def _bare(refused: RuleViolation) -> StaffForm:
    """A small form of one button has no place for words: the summary says them."""
    form = StaffForm({})
    errors.explain(form, refused)
    return form


def refusal_as_data(refused: RuleViolation) -> JsonResponse:
    locked = bool(refused.codes & LOCKED)
    said = {reason.field: reason.message for reason in refused.reasons}
    return JsonResponse(
        {"locked": locked, "errors": said}, status=answers.CONFLICT if locked else answers.UNPROCESSABLE
    )


def back(session, anchor: str = "") -> HttpResponse:
    return redirect(f"{session.get_absolute_url()}{'#' if anchor else ''}{anchor}")


def clock() -> str:
    return date_format(timezone.localtime(), "H:i")


def _version(session, name: str) -> int:
    field, part = fields.split(name)
    return draft_parts.versions(session).get((field, part, ""), 0)


def _parts(session, own, practice) -> dict:
    return {
        "session": session,
        "rows": page_parts_rules.rows(session, own),
        "asked": page_parts_rules.session_questions(session, own),
        "foot": page_parts.foot(session, own, practice),
        "marks": page_parts_rules.marks(own),
        "next_number": max((site.number for site in own), default=0) + 1,
        "ask_lot": practice.ask_lot_numbers,
    }


def _begun(request, session) -> unsaved.Begun:
    """What its writer began, where the page is just opened; one that answers shows what was sent."""
    if request.method != "GET" or request.GET:
        return unsaved.NOTHING
    return unsaved.read(session.part_unkept, kept=draft_parts.numbers(session))


def _line(session, stock, begun: unsaved.Begun) -> LineForm:
    initial = {"key": new_key(), **begun.line}
    return LineForm(session=session, stock=stock, muscles=[], initial=initial)


def _next_site(request, visits, regions) -> dict:
    """A new row is empty but for its key; a region gives its side, a plan muscle, side and needle."""
    code, side = regions.picked
    initial = {"key": new_key(), "region": code, "side": side}
    wanted = request.GET.get("adopt", "")
    past = next((site for visit in visits for site in visit["sites"] if str(site["pk"]) == wanted), None)
    if past is not None:
        initial |= {"muscle": past["value"], "side": past["side"], "needle": past["needle"]}
        initial |= {"origins": _from_plan(visits[0]["on"]), "adopted_from": visits[0]["ref"]}
    return initial


def _from_plan(on) -> str:
    return origins.written({name: f"{origins.PLAN}@{on.isoformat()}" for name in sorted(proposals.ADOPTED)})


def _strip(request, session) -> dict:
    actions = [{"url": reverse("treatments:today"), "label": "Today", "icon": "back"}]
    today = timezone.localdate()
    facts = page_parts_rules.safety_facts(session)
    return banner.strip_for(session.patient, user=request.user, on=today, facts=facts, actions=actions)
