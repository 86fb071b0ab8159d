"""A note is signed, and what may still happen: an addendum, an error mark, a draft that ends unsigned."""

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from clinic import access, audit
from clinic.access import Permission
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from treatments import billing, drafts, endings, fields, locks, proof, readiness, seal, sealing
from treatments.actions import followups, journal
from treatments.actions.journal import Stamp
from treatments.models import Addendum, DraftEvent, ErrorMark, FollowUp, NeedlingSession, Override, Seal

ENDERS = ("signed_by", "voided_by", "closed_unsigned_by")


@transaction.atomic
def sign(
    session,
    *,
    by,
    proved: bool,
    identity_checked: bool = False,
    late_entry_reason: str = "",
    incident_reason: str = "",
    supervisor=None,
    ended_at: dt.datetime | None = None,
    read: str | None = None,
) -> NeedlingSession:
    """Lock the note for everyone. `proved`: the password was typed for this signature or a moment ago.

    `supervisor` is named where the draft has none and its therapist is not qualified alone; `ended_at` ends a
    session without an end. `read` is the text that a page has shown: what was written since is read first.
    """
    now = timezone.now()
    draft = lock_draft(session)
    ends = ended_at is not None and draft.ended_at is None
    whole, sites = drafts.whole(draft.pk), list(draft.sites.standing().select_related("muscle", "region"))
    who, practice = readiness.who_for(draft, supervisor=supervisor), drafts.practice(whole)
    facts = readiness.facts_for(whole, sites=sites, who=who)
    if ends:
        draft.ended_at, facts = ended_at, replace(facts, ended_at=ended_at)

    errors.refuse(
        [
            *(fields.reasons("ended_at", ended_at, fields.Times(now, draft.started_at)) if ends else []),
            *_signer_reasons(draft, by=by, proved=proved),
            *_reading_reasons(facts, read=read),
            *_open_reasons(facts, identity_checked=identity_checked, incident_reason=incident_reason),
            *_late_reasons(draft, now=now, practice=practice, reason=late_entry_reason),
        ]
    )

    entries = _note_before_the_lock(draft, facts, by=by, ends=ends, incident_reason=incident_reason)
    stamps = _stamps(draft, by=by, at=now, reason=late_entry_reason, supervisor=supervisor)
    _end_draft(draft, **stamps, **_billing(draft, sites, practice))
    note, sealed = _seal(draft, by=by, at=now)
    entries += _calls(draft, whole, by=by)

    said = {"seal": [None, sealed.digest]}
    audit.record_many([*entries, audit.Entry("session.signed", draft, by, draft.patient, said)])
    return note


@transaction.atomic
def addend(session, *, by, kind: str, reason: str, text: str) -> Addendum:
    """Add words beneath a note that is locked; the note itself stays as it was signed."""
    note = lock_note(session)

    errors.refuse(endings.addendum_reasons(note, reason=reason, text=text))

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
def mark_error(session, *, by, reason: str) -> ErrorMark:
    """Mark a signed note as entered in error. Its text stays, and is shown struck."""
    note = lock_note(session)
    standing = ErrorMark.objects.filter(session=note).select_related("marked_by").first()
    if standing is not None:
        when = timezone.localtime(standing.marked_at).strftime("%H:%M")
        raise StaleRecord(f"{standing.marked_by.short_name} marked this note in error at {when}.")

    errors.refuse(_error_reasons(note, by=by, reason=reason))

    mark = ErrorMark.objects.create(session=note, reason=reason, marked_by=by)

    audit.record("session.in_error", note, by=by, patient=note.patient, reason=reason)
    return mark


@transaction.atomic
def void(session, *, by, reason: str = "") -> NeedlingSession:
    """End a draft that was opened by mistake. Its follow-ups end with it: nobody was treated."""
    draft = lock_draft(session)

    errors.refuse(_void_reasons(draft, by=by, reason=reason))

    now = timezone.now()
    _end_draft(draft, voided_at=now, voided_by=by, close_reason=reason)
    FollowUp.objects.open().filter(session=draft).update(
        outcome=FollowUp.Outcome.NOT_NEEDED,
        outcome_reason="The draft was voided.",
        closed_at=now,
        closed_by=by,
    )

    audit.record("session.voided", draft, by=by, patient=draft.patient, reason=reason)
    return draft


@transaction.atomic
def close_unsigned(session, *, by, reason: str, needles_checked: bool = False) -> NeedlingSession:
    """End somebody's draft unsigned, such as a leaver's. The patient was treated: calls stay due.

    Needles that nobody took out on record cannot be written off by silence: `needles_checked` says that
    whoever closes made sure that none is left in the patient.
    """
    draft = lock_draft(session)
    still_in = list(draft.sites.with_needles_in())

    errors.refuse(endings.close_reasons(reason, still_in=still_in, needles_checked=needles_checked))

    _end_draft(draft, closed_unsigned_at=timezone.now(), closed_unsigned_by=by, close_reason=reason)

    changes = {f"site {site.number}, needles": ["in", "made sure: none left"] for site in still_in}
    audit.record("session.closed", draft, by=by, patient=draft.patient, reason=reason, changes=changes)
    return draft


@transaction.atomic
def printed(session, *, by) -> None:
    """Paper leaves the house only when it is on record who printed it."""
    audit.record("session.printed", session, by=by, patient=session.patient)


def lock_draft(session) -> NeedlingSession:
    """The draft, locked until the transaction ends; or the news that somebody ended it first."""
    row = lock_note(session)
    if not row.is_draft:
        raise too_late(row)
    return row


def too_late(session) -> StaleRecord:
    """The news that somebody ended it first: who, how and when."""
    row = NeedlingSession.objects.select_related("therapist", *ENDERS).get(pk=session.pk)
    lock = locks.lock_of(row, user=row.therapist)
    return StaleRecord(f"{lock.title}. {lock.sentence}")


def lock_note(session) -> NeedlingSession:
    """The session as it stands, locked until the transaction ends."""
    rows = NeedlingSession.objects.select_for_update(of=("self",))
    beside = ("patient", "therapist", "supervisor", "jurisdiction", "location", *ENDERS)
    return rows.select_related(*beside).get(pk=session.pk)


def _note_before_the_lock(draft, facts, *, by, ends: bool, incident_reason: str) -> list:
    """Afterwards nothing is added to the draft's history. Gives what the audit is to hear."""
    if incident_reason.strip() and facts.needles_out != facts.needles_in:
        said = {"rule": readiness.NEEDLES_DIFFER, "asked": readiness.differ_words(facts)}
        Override.objects.create(session=draft, reason=incident_reason, by=by, **said)
    if not ends:
        return []
    stamp = Stamp(origin=DraftEvent.Origin.PROPOSED)
    journal.write(draft, stamp, by=by, name="ended_at", new=fields.plain(draft.ended_at))
    return [audit.Entry("session.ended", draft, by, draft.patient)]


def _end_draft(draft, **stamps) -> None:
    if not NeedlingSession.objects.drafts().filter(pk=draft.pk).update(**stamps):
        raise too_late(draft)


def _signer_reasons(draft, *, by, proved: bool) -> list[Reason]:
    found = []
    if by.pk != draft.therapist_id:
        found.append(Reason("not-the-author", f"Only {draft.therapist.display_name} can sign this note."))
    if not proved:
        found.append(Reason("proof-missing", "Type your password to sign.", field="password"))
    return found


def _reading_reasons(facts, *, read: str | None) -> list[Reason]:
    if read is None or read == facts.reading:
        return []
    message = "The note was changed since you read it. It stands here as it is now: read it, then sign."
    return [Reason("changed-since-read", message)]


def _open_reasons(facts, *, identity_checked: bool, incident_reason: str) -> list[Reason]:
    """The checklist, with what the signer has just said."""
    told = bool(incident_reason.strip())
    checked = facts.identity_checked or identity_checked
    return readiness.sign_reasons(replace(facts, identity_checked=checked, incident_told=told))


def _late_reasons(draft, *, now, practice, reason: str) -> list[Reason]:
    if reason.strip() or not proof.is_late(draft.ended_at, now=now, hours=practice.unsigned_nag_hours):
        return []
    hours = practice.unsigned_nag_hours
    said = f"The session ended more than {hours} hours ago. Say why the note is signed late."
    return [Reason("late-reason-missing", said, field="late_entry_reason")]


def _calls(draft, whole, *, by) -> list[audit.Entry]:
    """Calls are due from the end on, unless they stand already. `whole` is the draft with its parts."""
    made = followups.make(whole, at=draft.ended_at, practice=drafts.practice(whole))
    return [followups.scheduled(draft, made, by=by)] if made else []


def _seal(draft, *, by, at) -> tuple[NeedlingSession, Seal]:
    """The note as it stands in the database now, and its seal."""
    note = sealing.reread(draft)
    text = sealing.text_of(note, signer=by, at=at)
    return note, Seal.objects.create(
        session=note, version=seal.VERSION, text=text, digest=seal.digest(text), sealed_at=at, sealed_by=by
    )


def _stamps(draft, *, by, at, reason: str, supervisor) -> dict:
    """What a signature sets beside the billing code."""
    stamps = {"signed_at": at, "signed_by": by, "late_entry_reason": reason, "ended_at": draft.ended_at}
    if supervisor is not None:
        stamps["supervisor"] = supervisor
    if draft.identity_checked_at is None:
        stamps |= {"identity_checked_at": at, "identity_checked_by": by}
    return stamps


def _billing(draft, sites, practice) -> dict:
    """The code at signing: the therapist's where one was chosen with a reason, else the proposal."""
    proposal = billing.proposal_for(sites, practice)
    return {
        "billing_code": draft.billing_code or proposal.code,
        "billing_reason": proposal.reason,
        "billing_muscles": proposal.muscles,
    }


def _error_reasons(note, *, by, reason: str) -> list[Reason]:
    found = []
    if note.state != "signed":
        found.append(Reason("not-signed", "Only a signed note is marked in error. Void the draft instead."))
    if by.pk != note.therapist_id and not access.may(by, Permission.SESSION_CLOSE):
        found.append(
            Reason("not-the-author", f"{note.therapist.display_name} or a lead marks this note in error.")
        )
    if not reason.strip():
        found.append(Reason("reason-missing", "Say what is wrong with the note.", field="reason"))
    return found


def _void_reasons(draft, *, by, reason: str) -> list[Reason]:
    sites = list(draft.sites.standing())
    found = []
    if by.pk != draft.therapist_id:
        found.append(Reason("not-the-author", f"Only {draft.therapist.display_name} can void this draft."))
    if draft.sites.with_needles_in():
        found.append(
            Reason("needles-still-in", "Needles are still in. Take them out and say so at the site.")
        )
    if sites and not reason.strip():
        said = f"{len(sites)} sites are recorded. Say why the draft is void all the same."
        found.append(Reason("reason-missing", said, field="reason"))
    return found
