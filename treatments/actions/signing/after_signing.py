"""What follows a note: an addendum, an error mark; and drafts that end without a signature."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import access, audit, formats
from clinic.access import Permission
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from treatments.actions.followups import calls
from treatments.actions.signing import signature
from treatments.models import Addendum, ErrorMark, NeedlingSession
from treatments.rules.signing import after_signing

# stands in the record: never translated
IN_ERROR = "Note entered in error."


@transaction.atomic
def addend(session, *, by, kind: str, reason: str, text: str) -> Addendum:
    """Write an addendum to a locked note; the note itself stays as it was signed."""
    note = signature.lock_note(session)

    errors.refuse(after_signing.addendum_reasons(note, reason=reason, text=text))

    addendum = Addendum.objects.create(session=note, kind=kind, reason=reason, text=text, written_by=by)

    audit.record(
        "addendum.written",
        addendum,
        by=by,
        patient=note.patient,
        changes={"kind": [None, kind]},
        reason=reason,
    )
    return addendum


@transaction.atomic
def mark_error(session, *, by, reason: str, calls_end: str = IN_ERROR) -> ErrorMark:
    """Mark a signed note as entered in error. Its text stays, and is shown struck.

    Its calls that nobody has answered end with it, as `calls_end` says; what a patient reported stays.
    """
    note = signature.lock_note(session)
    standing = ErrorMark.objects.filter(session=note).select_related("marked_by").first()
    if standing is not None:
        when = formats.clock(standing.marked_at)
        raise StaleRecord(
            _("%(marked_by)s marked this note as entered in error at %(when)s.")
            % {"marked_by": standing.marked_by.short_name, "when": when}
        )

    errors.refuse(_error_reasons(note, by=by, reason=reason))

    mark = ErrorMark.objects.create(session=note, reason=reason, marked_by=by)
    ended = calls.end_all(note.followups.filter(reports=None), by=by, reason=calls_end)

    marked = audit.AuditEntry("session.in_error", note, by, note.patient, reason=reason)
    audit.record_many([marked, *ended])
    return mark


@transaction.atomic
def void(session, *, by, reason: str = "") -> NeedlingSession:
    """End a draft that was opened by mistake. Its follow-ups end with it: nobody was treated."""
    draft = signature.lock_draft(session)

    errors.refuse(_void_reasons(draft, by=by, reason=reason))

    signature.end_draft(draft, voided_at=timezone.now(), voided_by=by, close_reason=reason)
    ended = calls.end_all(draft.followups.all(), by=by, reason="The draft was voided.")

    voided = audit.AuditEntry("session.voided", draft, by, draft.patient, reason=reason)
    audit.record_many([voided, *ended])
    return draft


@transaction.atomic
def close_unsigned(session, *, by, reason: str, needles_checked: bool = False) -> NeedlingSession:
    """End somebody's draft unsigned, such as a leaver's. The patient was treated: calls stay due.

    Needles that nobody took out on record cannot be written off by silence: `needles_checked` says that
    the person who closes it made sure that none is left in the patient.
    """
    draft = signature.lock_draft(session)
    still_in = list(draft.sites.with_needles_in())

    errors.refuse(after_signing.close_reasons(reason, still_in=still_in, needles_checked=needles_checked))

    signature.end_draft(draft, closed_unsigned_at=timezone.now(), closed_unsigned_by=by, close_reason=reason)

    changes = {f"site {site.number}, needles": ["in", "made sure: none left"] for site in still_in}
    audit.record("session.closed", draft, by=by, patient=draft.patient, reason=reason, changes=changes)
    return draft


@transaction.atomic
def printed(session, *, by) -> None:
    """Record who printed the note, before it is printed."""
    audit.record("session.printed", session, by=by, patient=session.patient)


def _error_reasons(note, *, by, reason: str) -> list[Reason]:
    found = []
    if note.state != "signed":
        found.append(Reason("not-signed", _("This note is not signed. Void the draft instead.")))
    if by.pk != note.therapist_id and not access.may(by, Permission.SESSION_CLOSE):
        found.append(
            Reason(
                "not-the-author",
                _("Ask %(therapist)s or a lead to mark this note.")
                % {"therapist": note.therapist.display_name},
            )
        )
    if not reason.strip():
        found.append(Reason("reason-missing", _("Say what is wrong with the note."), field="reason"))
    return found


def _void_reasons(draft, *, by, reason: str) -> list[Reason]:
    sites = list(draft.sites.standing())
    found = []
    if by.pk != draft.therapist_id:
        found.append(
            Reason(
                "not-the-author",
                _("Only %(therapist)s can void this draft.") % {"therapist": draft.therapist.display_name},
            )
        )
    if draft.sites.with_needles_in():
        found.append(
            Reason("needles-still-in", _("Needles are still in. Take them out and say so at the site."))
        )
    if draft.adverse_events.standing().exists():
        message = _(
            "An adverse event is on file for this session, so that somebody was treated. Mark the event as "
            "entered in error first, or ask a lead to close the draft unsigned."
        )
        found.append(Reason("adverse-event-on-file", message))
    if sites and not reason.strip():
        message = ngettext(
            "%(count)d sites are recorded. Say why the draft is void all the same.",
            "%(count)d sites are recorded. Say why the draft is void all the same.",
            len(sites),
        ) % {"count": len(sites)}
        found.append(Reason("reason-missing", message, field="reason"))
    return found
