"""Signing: what is missing first, then the read-back, the oath and the proof."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.access import Permission, requires
from clinic.models import Practice, User
from clinic.signin import own_password
from clinic.values.errors import Reason
from clinic.web import answers
from patients.selectors import banner
from treatments.actions.signing import signature
from treatments.forms.signing import ProofForm, SignForm
from treatments.models import NeedlingSession
from treatments.rules import qualification
from treatments.rules.session import draft_parts
from treatments.rules.signing import proof, reading
from treatments.rules.signing import readiness as readiness_rules
from treatments.rules.sites import origins
from treatments.selectors import qualification as qualification_selectors
from treatments.selectors.session import page_parts as page_parts_selectors
from treatments.selectors.signing import readiness
from treatments.selectors.sites import entry, past_visits
from treatments.selectors.sites import origins as origins_selectors
from treatments.views.session import page_parts

# When the password was last typed for a signature. In the sign-in's session: another user has none.
PROVED_AT = "signing_proof_at"
# The oath below the read-back asks for these itself.
ASKED_BELOW = {"identity-unchecked", "not-ended"}
# and these by a field that is there when it is needed
ASKED_BY = {"supervisor-missing": "supervisor", readiness_rules.NEEDLES_DIFFER: "incident_reason"}


@requires(Permission.SESSION_SIGN)
def sign(request: HttpRequest, ref: str) -> HttpResponse:
    draft = _find(request, ref)
    if not draft.is_draft:
        return _told(request, draft)
    who = readiness.who_for(draft)
    supervisors = _supervisors(request, draft, who)
    asks = _asks(request, draft) | ({"supervisor"} if supervisors else set())
    may_try = request.method != "POST" or "password" not in asks or own_password.may_try_password(request)
    form = SignForm(
        answers.posted(request),
        signer=request.user,
        asks=asks,
        supervisors=supervisors,
        start=draft.started_at,
        may_try=may_try,
        initial={"ended_at": proof.likely_end(draft.started_at, now=timezone.now())},
    )
    if form.is_bound and proven(request, draft, form, asks) and form.is_valid():

        def act():
            signature.sign(draft, by=request.user, proved=True, **form.oath)
            messages.success(request, f"Signed: {draft.patient.listed_name}. Only addenda are possible now.")
            return f"{reverse('treatments:today')}#next"

        if (response := answers.submit(request, "session.sign", act, form)) is not None:
            return _onward(request, response)
    return _page(request, draft, form, who)


def _page(request: HttpRequest, draft, form, who) -> HttpResponse:
    if request.method != "POST":
        audit.look("session.read", draft, by=request.user, patient=draft.patient)
    practice = draft_parts.practice(draft)
    sites = entry.sites_of(draft)
    stops = _stops(draft, sites, form, who)
    context = {
        "session": draft,
        "strip": _strip(request, draft),
        "note": _with_origins(reading.unsealed(draft, sites), draft, sites),
        "stops": stops,
        "differ": any(reason.code == readiness_rules.NEEDLES_DIFFER for reason in stops),
        "reading": draft_parts.reading_of(draft),
        "form": form,
    }
    if page_parts.is_live(request):
        return answers.page(request, "treatments/_sign.html", {**context, "live": True}, form=form)
    around = {"foot": page_parts_selectors.foot(draft, sites, practice), "visits": past_visits.earlier(draft)}
    return answers.page(request, "treatments/session_sign.html", {**context, **around}, form=form)


def _stops(draft, sites, form, who) -> list[Reason]:
    """What stands in the way and is not asked by a field of the form."""
    standing = [site for site in sites if not site.struck_at]
    reasons = readiness_rules.sign_reasons(readiness.facts_for(draft, sites=standing, who=who))
    asked = ASKED_BELOW | {code for code, field in ASKED_BY.items() if field in form.fields}
    return [reason for reason in reasons if reason.code not in asked]


def _with_origins(told: reading.Note, draft, sites) -> reading.Note:
    """The read-back's sites, each with where its values came from."""
    found = origins.of_sites(draft)
    for row, site in zip(told.sites, sites, strict=True):
        came = found.get(str(site.key), {})
        row["origins"] = origins.lines(came)
        row["proposals"] = origins.lines(came, only_proposals=True)
    return told


def _onward(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The panel's script cannot read where a redirect leads."""
    leads_on = isinstance(response, HttpResponseRedirect) and page_parts.is_live(request)
    return JsonResponse({"next": response.url}) if leads_on else response


def _find(request: HttpRequest, ref: str) -> NeedlingSession:
    """The author's own draft, or what has become of it. Nobody else signs."""
    return answers.found(origins_selectors.signed_by(request.user, ref))


def _told(request: HttpRequest, session) -> HttpResponse:
    """Two tabs: the second is told who ended it, and when. A form sent twice gets its first answer."""
    if request.method != "POST":
        return redirect(session)
    answered = answers.replay(request)
    return _onward(request, answered) if answered else answers.conflict(request, signature.too_late(session))


def _asks(request: HttpRequest, draft) -> set[str]:
    """The fields that this signature needs."""
    practice, now, asks = draft_parts.practice(draft), timezone.now(), set()
    if draft.identity_checked_at is None:
        asks.add("identity_checked")
    if draft.ended_at is None and draft.started_at is not None:
        asks.add("ended_at")
    if proof.is_late(draft.ended_at, now=now, hours=practice.unsigned_nag_hours):
        asks.add("late_entry_reason")
    if "incident" in request.GET or "incident_reason" in request.POST:
        asks.add("incident_reason")
    if wants_password(request, practice):
        asks.add("password")
    return asks


def wants_password(request: HttpRequest, practice: Practice) -> bool:
    """Whether the last proof on this device is too old for another signature."""
    minutes = practice.sign_reauth_minutes
    return not proof.is_fresh(_proved_at(request), now=timezone.now(), minutes=minutes)


def _supervisors(request: HttpRequest, draft, who) -> list[User]:
    """Who may be named now, for a draft that was opened before its therapist had to have a supervisor."""
    if draft.supervisor_id or "supervisor-missing" not in {r.code for r in qualification.reasons(who)}:
        return []
    return qualification_selectors.supervisors_for(
        request.user, profile=draft.jurisdiction, on=readiness_rules.day_of(draft)
    )


def proven(request: HttpRequest, draft, form: ProofForm, asks: set[str]) -> bool:
    """Whether the password stands. A wrong one is put on record, and changes nothing."""
    if "password" not in asks:
        return True
    if form.was_wrong:
        own_password.note_wrong_password(request)
        audit.look("session.proof_failed", draft, by=request.user, patient=draft.patient)
    elif not form.has_error("password"):
        request.session[PROVED_AT] = timezone.now().isoformat()
    return not form.has_error("password")


def _proved_at(request: HttpRequest) -> dt.datetime | None:
    text = request.session.get(PROVED_AT)
    return dt.datetime.fromisoformat(text) if text else None


def _strip(request: HttpRequest, draft) -> dict:
    actions = [{"url": draft.get_absolute_url(), "label": "Session", "icon": "back"}]
    return banner.strip_for(draft.patient, user=request.user, on=timezone.localdate(), actions=actions)
