"""Signing: what is missing first, then the read-back, the attestation and the proof."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.models import User
from clinic.signin import last_proof, own_password
from clinic.values.errors import Reason
from clinic.web import responses
from clinic.web.names import about
from patients.selectors import banner
from treatments.actions.signing import signature
from treatments.forms.signing import ProofForm, SignForm
from treatments.rules import qualification
from treatments.rules.session import draft_parts
from treatments.rules.session import page_parts as page_parts_rules
from treatments.rules.session.draft import Draft, DraftSession
from treatments.rules.signing import begun, proof, readiness, reading
from treatments.rules.sites import origins
from treatments.selectors import qualification as qualification_selectors
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import past_visits
from treatments.views.session import page_parts

# Reasons that the attestation below the read-back has a field for.
ASKED_BY_FORM = {"identity-unchecked", "not-ended"}
# and those whose field is there only when it is needed
ASKED_BY_FIELD = {"supervisor-missing": "supervisor", readiness.NEEDLES_DIFFER: "incident_reason"}


@requires(Permission.SESSION_SIGN)
def sign(request: HttpRequest, ref: str) -> HttpResponse:
    draft = _find(request, ref)
    session = draft.session
    if not session.is_draft:
        return _already_ended(request, session)
    supervisors = _supervisors(request, draft)
    needed_fields = _needed_fields(request, draft) | ({"supervisor"} if supervisors else set())
    is_attempt = request.method == "POST" and "password" in needed_fields
    may_try = not is_attempt or own_password.may_try_password(request)
    form = SignForm(
        responses.posted_data(request),
        signer=request.user,
        needed_fields=needed_fields,
        supervisors=supervisors,
        start=session.started_at,
        may_try=may_try,
        initial={"ended_at": proof.likely_end(session.started_at, now=timezone.now())},
    )
    may_sign = form.is_bound and not begun.reasons(draft)
    if may_sign and proven(request, session, form, needed_fields) and form.is_valid():

        def act():
            signature.sign(session, by=request.user, proved=True, **form.attestation)
            messages.success(request, about(session.patient, _("Signed: {}. Only addenda are possible now.")))
            return f"{reverse('treatments:today')}#next"

        if (response := responses.submit(request, "session.sign", act, form, is_held=False)) is not None:
            return _as_data(request, response)
    return _page(request, _with_parts(request, draft), form)


def _page(request: HttpRequest, draft: Draft, form) -> HttpResponse:
    session = draft.session
    if not session.is_draft:
        # it ended while its signature was refused
        return _already_ended(request, session)
    if request.method != "POST":
        audit.look("session.read", session, by=request.user, patient=session.patient)
    stops = _stops(draft, form)
    context = {
        "session": session,
        "strip": _patient_banner(request, session),
        "note": _with_origins(reading.unsealed_note(draft), draft),
        "stops": stops,
        "differ": any(reason.code == readiness.NEEDLES_DIFFER for reason in stops),
        "reading": draft_parts.reading_of(draft),
        "medicare": page_parts_rules.medicare(draft, now=timezone.now()),
        "form": form,
    }
    if page_parts.is_live(request):
        return responses.form_page(request, "treatments/_sign.html", {**context, "live": True}, form=form)
    foot = page_parts_rules.foot(draft, now=timezone.now())
    beside = {"foot": foot, "visits": past_visits.earlier_visits(session)}
    return responses.form_page(request, "treatments/session_sign.html", {**context, **beside}, form=form)


def _stops(draft: Draft, form) -> list[Reason]:
    """The stops that no field of the form resolves."""
    reasons = [*begun.reasons(draft), *readiness.sign_reasons(readiness.facts_for(draft))]
    in_form = ASKED_BY_FORM | {code for code, field in ASKED_BY_FIELD.items() if field in form.fields}
    return [reason for reason in reasons if reason.code not in in_form]


def _with_origins(note: reading.Note, draft: Draft) -> reading.Note:
    """The read-back's sites, each with the origins of its values."""
    found = origins.site_origins(draft.site_changes)
    for row, site in zip(note.sites, draft.sites, strict=True):
        sources = found.get(site.key, {})
        row["origins"] = origins.origin_lines(sources)
        row["proposals"] = origins.origin_lines(sources, only_proposals=True)
    return note


def _as_data(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The panel's script cannot read where a redirect leads."""
    leads_on = isinstance(response, HttpResponseRedirect) and page_parts.is_live(request)
    return JsonResponse({"next": response.url}) if leads_on else response


def _find(request: HttpRequest, ref: str) -> Draft:
    """The author's own draft, or what has become of it. Nobody else signs.

    What was posted is judged by the draft's own fields: the signature reads the rest under its lock.
    """
    if request.method != "POST":
        return responses.row_or_404(drafts.signed_by(request.user, ref))
    draft = responses.row_or_404(drafts.signature_of(request.user, ref))
    return _with_parts(request, draft) if draft.unsaved.may_stop_signature else draft


def _with_parts(request: HttpRequest, draft: Draft) -> Draft:
    """The draft as its page shows it."""
    if draft.site_changes is not None:
        return draft
    return responses.row_or_404(drafts.signed_by(request.user, draft.session.ref))


def _already_ended(request: HttpRequest, session: DraftSession) -> HttpResponse:
    """The second of two tabs shows who ended it, and when. A form sent twice gets its first answer."""
    if request.method != "POST":
        return redirect(session.get_absolute_url())
    answered = responses.earlier_redirect(request)
    return (
        _as_data(request, answered)
        if answered
        else responses.conflict_page(request, signature.already_ended(session))
    )


def _needed_fields(request: HttpRequest, draft: Draft) -> set[str]:
    """The fields that this signature needs."""
    session, practice, needed_fields = draft.session, draft.practice, set()
    if session.identity_checked_at is None:
        needed_fields.add("identity_checked")
    if session.ended_at is None and session.started_at is not None:
        needed_fields.add("ended_at")
    if not session.late_entry_reason and readiness.is_late(
        session.ended_at, now=timezone.now(), hours=practice.unsigned_nag_hours
    ):
        needed_fields.add("late_entry_reason")
    if "incident" in request.GET or "incident_reason" in request.POST:
        needed_fields.add("incident_reason")
    if wants_password(request, minutes=practice.sign_reauth_minutes):
        needed_fields.add("password")
    return needed_fields


def wants_password(request: HttpRequest, *, minutes: int) -> bool:
    """Whether the last proof on this device is too old for another signature; `minutes` is the practice's."""
    return not proof.is_fresh(last_proof.given_at(request), now=timezone.now(), minutes=minutes)


def _supervisors(request: HttpRequest, draft: Draft) -> list[User]:
    """Who may be named now, for a draft that was opened before its therapist had to have a supervisor."""
    session, missing = draft.session, {reason.code for reason in qualification.reasons(draft.signer)}
    if session.supervisor or "supervisor-missing" not in missing:
        return []
    on = draft_parts.day_of(session)
    return qualification_selectors.supervisors_for(request.user, profile=session.jurisdiction, on=on)


def proven(request: HttpRequest, session, form: ProofForm, needed_fields: set[str]) -> bool:
    """Whether the password stands. A wrong one is recorded, and changes nothing."""
    if "password" not in needed_fields:
        return True
    if form.was_wrong:
        own_password.note_wrong_password(request)
        audit.look("session.proof_failed", session, by=request.user, patient=session.patient)
    elif not form.has_error("password"):
        last_proof.note(request.session, request.user)
    return not form.has_error("password")


def _patient_banner(request: HttpRequest, session: DraftSession) -> dict:
    actions = [{"url": session.get_absolute_url(), "label": _("Session"), "icon": "back"}]
    return banner.banner_for(session.patient, user=request.user, on=timezone.localdate(), actions=actions)
