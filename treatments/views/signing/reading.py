"""A session for those who read it: signed, voided or closed, or a draft that somebody else writes."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic import audit
from clinic.access import Permission, may, requires
from clinic.models.rows import instant
from clinic.web import page_frame, responses
from patients.selectors import banner
from treatments.actions.signing import after_signing
from treatments.models import Addendum
from treatments.rules.adverse_events import event as adverse_events
from treatments.rules.followups import soreness
from treatments.rules.record import amendments
from treatments.rules.session import signed_lock
from treatments.rules.session.draft import Draft
from treatments.rules.signing import cosigning, seal
from treatments.rules.signing import reading as reading_rules
from treatments.rules.sites import origins as origins_rules
from treatments.selectors.session import draft as drafts
from treatments.selectors.signing import reading
from treatments.selectors.sites import origins


def page(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The note as it reads."""
    return render(request, "treatments/session_read.html", _context(request, draft))


@requires(Permission.CHART_VIEW)
@require_GET
def print_sheet(request: HttpRequest, ref: str) -> HttpResponse:
    """The same note for paper. Nothing is printed when that cannot be recorded."""
    draft = responses.row_or_404(drafts.seen_by(request.user, ref))
    after_signing.printed(draft.session, by=request.user)
    context = {**_context(request, draft), "for_paper": True, "printed_at": timezone.now()}
    return render(request, "treatments/session_print.html", context)


def _context(request: HttpRequest, draft: Draft) -> dict:
    session = draft.session
    locked = origins.with_site_changes(reading.notes()).get(pk=session.pk)
    today = timezone.localdate()
    actions = [{"url": session.patient.get_absolute_url(), "label": "Record", "icon": "back"}]
    addenda, note = addenda_of(locked), _note(draft, locked)
    lock = signed_lock.lock_of(locked, user=request.user, today=today, signer=note.signer)
    if note.differs:
        audit.look("session.drifted", locked, by=request.user, patient=session.patient)
    return {
        "session": locked,
        "strip": banner.banner_for(session.patient, user=request.user, on=today, actions=actions),
        "note": note,
        "origins": origins_rules.note_origins(locked.locked_sites, note.standing, origins.changes_of(locked)),
        "leads": reading.lead_names() if note.differs else [],
        "lock": lock,
        "addenda": addenda,
        "may_answer": may(request.user, Permission.SESSION_ADDEND)
        and amendments.may_answer(request.user, locked),
        "amended": _amended(addenda),
        "reports": [_report(row) for row in locked.note_reports],
        "events": adverse_events.lines(locked.note_events, ref=session.ref),
        "error_mark": getattr(locked, "error_mark", None),
        **_cosignature(request, locked),
        "ways": _ways(request.user, locked),
    }


def _note(draft: Draft, locked) -> reading_rules.Note:
    if getattr(locked, "seal", None) is not None:
        return reading.sealed_note(locked)
    found = reading_rules.unsealed_note(draft)
    # signed and without a seal: it was removed
    return replace(found, verdict=seal.MISSING_SEAL) if locked.signed_at else found


def _ways(user, session) -> dict[str, str]:
    """What this user may still do with it, as URLs by name."""
    found = {"print": "session-print", **_way_to_events(user, session)}
    if session.state in ("signed", "closed") and may(user, Permission.SESSION_ADDEND):
        found["addendum"] = "addendum"
    leads = may(user, Permission.SESSION_CLOSE)
    is_author = user.pk == session.therapist_id
    in_error = getattr(session, "error_mark", None) is not None
    if session.signed_at and not in_error and (is_author or leads):
        found["error"] = "session-error"
        found["wrong"] = "session-wrong-patient"
    cosigned = getattr(session, "cosignature", None) is not None
    if cosigning.waits_for(session, user, cosigned=cosigned, in_error=in_error):
        found["cosign"] = "session-cosign"
    if session.is_draft and leads:
        found["close"] = "session-close"
    return {name: reverse(f"treatments:{url_name}", args=[session.ref]) for name, url_name in found.items()}


def _way_to_events(user, session) -> dict[str, str]:
    """An event comes to light after a note too; of a voided draft there is none."""
    acts = may(user, Permission.RED_FLAG_ACT) and session.state != "voided"
    return {"event": "adverse-event"} if acts else {}


def addenda_of(session) -> list[dict]:
    """`session` comes from `with_note_rows`."""
    return [_addendum(row) for row in session.note_addenda]


def _cosignature(request: HttpRequest, session) -> dict:
    """The co-signature of a supervised note, or until when it is due."""
    made, in_error = getattr(session, "cosignature", None), getattr(session, "error_mark", None)
    if made is not None or in_error is not None or session.supervisor is None or not session.signed_at:
        return {"cosignature": made}
    due_at = cosigning.due_at(session.signed_at, days=page_frame.practice_for(request).cosign_days)
    return {"cosignature": None, "cosign_due_at": due_at, "cosign_late": due_at < timezone.now()}


def _amended(addenda: list[dict]) -> str:
    """When the record was last amended: a request counts once it was accepted, from then on."""
    times = [row["answered_at"] if row["is_request"] else row["at"] for row in addenda if row["amends"]]
    return f"Amended {signed_lock.when(max(times), today=timezone.localdate())}" if times else ""


def _addendum(row: dict) -> dict:
    """As it is shown. A request of the patient with its answer, or with the day by which one is due."""
    at, answered_at = instant(row["at"]), instant(row["answered_at"])
    is_request = row["kind"] == Addendum.Kind.PATIENT_REQUEST
    due_on = amendments.due_on(at) if is_request and not answered_at else None
    return {
        **row,
        "kind": Addendum.Kind(row["kind"]).label,
        "at": at,
        "by": row["by_then"],
        "by_now": _signed_name(row["first"], row["last"], row["letters"]),
        "is_request": is_request,
        "amends": not is_request or bool(row["accepted"]),
        "answered_at": answered_at,
        "answered_by": row["answered_by_then"],
        "answered_by_now": _signed_name(row["answered_first"], row["answered_last"], row["answered_letters"]),
        "due_on": due_on,
        "late": due_on is not None and due_on < timezone.localdate(),
    }


def _signed_name(first: str | None, last: str | None, letters: str | None) -> str:
    name = f"{first or ''} {last or ''}".strip()
    return f"{name}, {letters}" if letters else name


def _report(row: dict) -> dict:
    words, kind = soreness.TRIAGE_LABELS[row["triage"]], soreness.TRIAGE_KINDS[row["triage"]]
    return {**row, "at": instant(row["at"]), "words": words, "kind": kind}
