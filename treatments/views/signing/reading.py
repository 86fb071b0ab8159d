"""A session for those who read it: signed, voided or closed, or a draft that somebody else writes."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.web import page_frame, responses
from patients.selectors import banner
from treatments.actions.signing import after_signing
from treatments.models import NeedlingSession
from treatments.rules.adverse_events import event as adverse_events
from treatments.rules.record import amendments
from treatments.rules.session import signed_lock
from treatments.rules.signing import beneath, cosigning, paper, seal
from treatments.rules.signing import reading as reading_rules
from treatments.rules.sites import origins as origins_rules
from treatments.selectors.session import draft as drafts
from treatments.selectors.signing import reading
from treatments.selectors.sites import origins


def page(request: HttpRequest, row: NeedlingSession) -> HttpResponse:
    """The note as it reads."""
    return render(request, "treatments/session_read.html", _context(request, row, reading.note_of(row.pk)))


@requires(Permission.CHART_VIEW)
@require_GET
def print_sheet(request: HttpRequest, ref: str) -> HttpResponse:
    """The same note for paper. Nothing is printed when that cannot be recorded."""
    row = responses.row_or_404(drafts.row_seen_by(request.user, ref))
    after_signing.printed(row, by=request.user)
    context = _context(request, row, reading.paper_of(row.pk))
    locked, practice = context["session"], page_frame.practice_for(request)
    context |= {
        "for_paper": True,
        "printed_at": timezone.now(),
        "letterhead": paper.letterhead(practice, [locked.location]),
        "about": paper.about(locked, today=timezone.localdate()),
        "reasons": paper.reasons(locked),
    }
    return render(request, "treatments/session_print.html", context)


def _context(request: HttpRequest, row: NeedlingSession, locked: NeedlingSession) -> dict:
    patient = row.patient
    today = timezone.localdate()
    actions = [{"url": patient.get_absolute_url(), "label": _("Record"), "icon": "back"}]
    addenda, note = beneath.addenda(locked, today=today), _note(locked)
    lock = signed_lock.lock_of(locked, user=request.user, today=today, signer=note.signer)
    if note.differs:
        audit.look("session.drifted", locked, by=request.user, patient=patient)
    return {
        "session": locked,
        "strip": banner.banner_for(patient, user=request.user, on=today, actions=actions),
        "note": note,
        "origins": origins_rules.note_origins(locked.locked_sites, note.standing, origins.changes_of(locked)),
        "leads": reading.lead_names() if note.differs else [],
        "lock": lock,
        "addenda": addenda,
        "may_answer": may(request.user, Permission.SESSION_ADDEND)
        and amendments.may_answer(request.user, locked),
        "amended": beneath.amended(addenda, today=today),
        "reports": beneath.reports(locked),
        "events": adverse_events.lines(locked.note_events, ref=row.ref),
        "error_mark": getattr(locked, "error_mark", None),
        **beneath.cosignature(locked, days=page_frame.practice_for(request).cosign_days, now=timezone.now()),
        "ways": _ways(request.user, locked),
    }


def _note(locked) -> reading_rules.Note:
    if getattr(locked, "seal", None) is not None:
        return reading.sealed_note(locked)
    found = reading_rules.unsealed_note(drafts.whole(locked.pk))
    # signed and without a seal: it was removed
    return replace(found, verdict=seal.MISSING_SEAL) if locked.signed_at else found


def _ways(user, session) -> dict[str, str]:
    """What this user may still do with it, as URLs by name."""
    found = {"print": "session-print", **_way_to_events(user, session), **_supervision(user, session)}
    if session.state in ("signed", "closed") and may(user, Permission.SESSION_ADDEND):
        found["addendum"] = "addendum"
    leads = may(user, Permission.SESSION_CLOSE)
    is_author = user.pk == session.therapist_id
    in_error = getattr(session, "error_mark", None) is not None
    if session.signed_at and not in_error and (is_author or leads):
        found["error"] = "session-error"
        found["wrong"] = "session-wrong-patient"
    if session.is_draft and leads:
        found["close"] = "session-close"
    return {name: reverse(f"treatments:{url_name}", args=[session.ref]) for name, url_name in found.items()}


def _supervision(user, session) -> dict[str, str]:
    """The co-signer signs; a lead names another, also while it is a draft."""
    waits = cosigning.waits(session)
    is_supervised = waits or session.is_draft and session.supervisor_id
    found = {}
    if waits and cosigning.cosigner_of(session).pk == user.pk:
        found["cosign"] = "session-cosign"
    if is_supervised and may(user, Permission.SUPERVISOR_REPLACE):
        found["supervisor"] = "session-supervisor"
    return found


def _way_to_events(user, session) -> dict[str, str]:
    """An event comes to light after a note too; of a voided draft there is none."""
    acts = may(user, Permission.RED_FLAG_ACT) and session.state != "voided"
    return {"event": "adverse-event"} if acts else {}
