"""Co-signing: the reasons against it, the note once more, the attestation and the proof."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.signin import own_password
from clinic.web import page_frame, responses
from clinic.web.names import about
from patients.selectors import banner
from treatments.actions.signing import cosigning as actions
from treatments.forms.signing import CosignForm
from treatments.models import NeedlingSession
from treatments.rules.adverse_events import event as adverse_events
from treatments.rules.signing import beneath, cosigning
from treatments.rules.sites import origins as origins_rules
from treatments.selectors.signing import cosigning as cosigning_selectors
from treatments.selectors.signing import reading
from treatments.selectors.sites import origins
from treatments.views.signing import signature


@requires(Permission.SESSION_COSIGN)
def cosign(request: HttpRequest, ref: str) -> HttpResponse:
    visible = origins.with_site_changes(
        reading.with_note_rows(NeedlingSession.objects.visible_to(request.user))
    )
    session = reading.with_people(get_object_or_404(visible, ref=ref))
    minutes = page_frame.practice_for(request).sign_reauth_minutes
    needed = {"password"} if signature.wants_password(request, minutes=minutes) else set()
    may_try = request.method != "POST" or own_password.may_try_password(request)
    initial = {"addenda_seen": len(session.note_addenda)}
    form = CosignForm(
        responses.posted_data(request),
        signer=request.user,
        needed_fields=needed,
        may_try=may_try,
        initial=initial,
    )
    if form.is_bound and signature.proven(request, session, form, needed) and form.is_valid():

        def act():
            actions.cosign(session, by=request.user, proved=True, **form.attestation)
            messages.success(request, about(session.patient, _("Co-signed: {}.")))
            return session.get_absolute_url()

        if (response := responses.submit(request, "session.cosign", act, form)) is not None:
            return response
    if request.method != "POST":
        audit.look("session.read", session, by=request.user, patient=session.patient)
    return _page(request, session, form)


def _page(request: HttpRequest, session, form) -> HttpResponse:
    """The form only where no reason is against it."""
    note = reading.sealed_note(session) if getattr(session, "seal", None) else None
    agrees = note is not None and note.verdict.agrees
    changes = origins.changes_of(session)
    stops = cosigning.reasons(cosigning_selectors.facts_for(session, by=request.user, agrees=agrees))
    days = page_frame.practice_for(request).cosign_days
    context = {
        "session": session,
        "strip": banner.banner_for(session.patient, user=request.user, on=timezone.localdate()),
        "note": note if agrees else None,
        "origins": origins_rules.note_origins(session.locked_sites, note.standing, changes) if agrees else [],
        "stops": stops,
        "addenda": beneath.addenda(session, today=timezone.localdate()),
        "events": adverse_events.lines(session.note_events, ref=session.ref),
        "due_at": cosigning.due_at(session.signed_at, days=days) if session.signed_at else None,
        "form": form,
    }
    return responses.form_page(request, "treatments/session_cosign.html", context, form=form)
