"""A note is signed: locked, checked, sealed."""

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import Jurisdiction, Location, User
from clinic.models.rows import Beside, put_beside, read_beside
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from clinic.values.words import in_source_words
from treatments.actions.followups import calls
from treatments.actions.session import draft_events
from treatments.actions.session.draft_events import LockedRow, Stamp
from treatments.models import DraftEvent, NeedlingSession, Override, Seal
from treatments.rules import billing
from treatments.rules.session import fields, signed_lock
from treatments.rules.session.draft import Draft
from treatments.rules.session.opened_under import JurisdictionRules
from treatments.rules.signing import begun, readiness
from treatments.rules.signing import seal as seal_rules
from treatments.selectors.session import draft as drafts
from treatments.selectors.signing import seal

ENDED_BY = ("signed_by", "voided_by", "closed_unsigned_by")
BESIDE_A_NOTE = (
    Beside(User, "therapist", "supervisor", *ENDED_BY, columns=User.NAMED_BY),
    Beside(Jurisdiction, "jurisdiction", columns=JurisdictionRules.columns()),
    Beside(Location, "location"),
)


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
    draft, whole = _lock_whole(session)
    ends = ended_at is not None and draft.ended_at is None
    who = drafts.signer_of(draft, supervisor=supervisor)
    facts = readiness.facts_for(whole, who=who)
    if ends:
        draft.ended_at, facts = ended_at, replace(facts, ended_at=ended_at)

    errors.refuse(
        [
            *(fields.reasons("ended_at", ended_at, fields.Times(now, draft.started_at)) if ends else []),
            *_signer_reasons(draft, by=by, proved=proved),
            *_page_reasons(whole, facts, read=read),
            *_readiness_reasons(facts, identity_checked=identity_checked, incident_reason=incident_reason),
            *_late_reasons(draft, now=now, hours=whole.practice.unsigned_nag_hours, reason=late_entry_reason),
        ]
    )

    entries = _record_before_lock(draft, facts, by=by, ends=ends, incident_reason=incident_reason)
    stamps = _stamps(draft, by=by, at=now, reason=late_entry_reason, supervisor=supervisor)
    end_draft(draft, **stamps, **_billing(whole))
    note, sealed = _seal(draft, by=by, at=now)
    entries += _calls(draft, whole, by=by)

    changes = {"seal": [None, sealed.digest]}
    audit.record_many([*entries, audit.AuditEntry("session.signed", draft, by, draft.patient, changes)])
    return note


def _lock_whole(session) -> tuple[NeedlingSession, Draft]:
    """The same as `lock_draft`, with all its parts as they stand under the lock."""
    row, draft = drafts.locked_to_sign(session.pk, lock=draft_events.ROW_LOCK)
    if not row.is_draft:
        raise already_ended(row)
    return row, draft


def lock_draft(session) -> NeedlingSession:
    """The draft under its row lock until the transaction ends; refused where somebody ended it first."""
    row = lock_note(session)
    if not row.is_draft:
        raise already_ended(row)
    return row


def already_ended(session) -> StaleRecord:
    """The refusal where somebody ended it first: who, how and when."""
    row = NeedlingSession.objects.select_related("therapist", *ENDED_BY).get(pk=session.pk)
    lock = signed_lock.lock_of(row, user=row.therapist, today=timezone.localdate())
    return StaleRecord(f"{lock.title}. {lock.sentence}")


def lock_note(session) -> NeedlingSession:
    """The session as it stands, under its row lock until the transaction ends."""
    (row,) = LOCKED_NOTE(pk=session.pk)
    return put_beside(row, *BESIDE_A_NOTE)


def _locked_note(pk: int) -> QuerySet:
    locking = NeedlingSession.objects.select_for_update(of=("self",)).select_related("patient").order_by()
    return read_beside(locking.filter(pk=pk), *BESIDE_A_NOTE)


LOCKED_NOTE = PreparedQuery(_locked_note)


def _record_before_lock(draft, facts, *, by, ends: bool, incident_reason: str) -> list:
    """The last changes of the draft, which takes none once it is signed. Returns their audit entries."""
    if incident_reason.strip() and facts.needles_out != facts.needles_in:
        with in_source_words():
            prompt = {"rule": readiness.NEEDLES_DIFFER, "asked": readiness.needles_differ_message(facts)}
        Override.objects.create(session=draft, reason=incident_reason, by=by, **prompt)
    if not ends:
        return []
    stamp = Stamp(origin=DraftEvent.Origin.PROPOSED)
    draft_events.write(LockedRow(draft), stamp, by=by, name="ended_at", new=fields.json_value(draft.ended_at))
    return [audit.AuditEntry("session.ended", draft, by, draft.patient)]


def end_draft(draft, **stamps) -> None:
    if not NeedlingSession.objects.drafts().filter(pk=draft.pk).update(**stamps):
        raise already_ended(draft)


def _signer_reasons(draft, *, by, proved: bool) -> list[Reason]:
    found = []
    if by.pk != draft.therapist_id:
        found.append(
            Reason(
                "not-the-author",
                _("Only %(therapist)s can sign this note.") % {"therapist": draft.therapist.display_name},
            )
        )
    if not proved:
        found.append(Reason("proof-missing", _("Type your password."), field="password"))
    return found


def _page_reasons(whole: Draft, facts, *, read: str | None) -> list[Reason]:
    """What the page of the signature has not shown, or not as it stands now."""
    if read is None or read == facts.reading:
        return begun.reasons(whole)
    message = _("The note was changed since you read it. It stands here as it is now: read it, then sign.")
    return [Reason("changed-since-read", message), *begun.reasons(whole)]


def _readiness_reasons(facts, *, identity_checked: bool, incident_reason: str) -> list[Reason]:
    """The checklist, with what the signer has just confirmed."""
    reported = bool(incident_reason.strip())
    checked = facts.identity_checked or identity_checked
    return readiness.sign_reasons(replace(facts, identity_checked=checked, incident_reported=reported))


def _late_reasons(draft, *, now, hours: int, reason: str) -> list[Reason]:
    if (
        reason.strip()
        or draft.late_entry_reason
        or not readiness.is_late(draft.ended_at, now=now, hours=hours)
    ):
        return []
    message = _("The session ended more than %(hours)s hours ago. Say why the note is signed late.") % {
        "hours": hours
    }
    return [Reason("late-reason-missing", message, field="late_entry_reason")]


def _calls(draft, whole: Draft, *, by) -> list[audit.AuditEntry]:
    """Calls are due from the end on, unless they stand already. `whole` is the draft with its parts.

    They ask about the needles: where nobody was needled, those that stand are not needed.
    """
    if draft.not_needled:
        return calls.end_all(draft.followups.untouched(), by=by, reason="Nobody was needled")
    made = calls.create(draft, at=draft.ended_at, practice=whole.practice, has_calls=whole.has_calls)
    return [calls.scheduled_entry(draft, made, by=by)] if made else []


def _seal(draft, *, by, at) -> tuple[NeedlingSession, Seal]:
    """The note as it stands in the database now, and its seal."""
    note = seal.reread(draft)
    text = seal.text_of(note, signer=by, at=at)
    return note, Seal.objects.create(
        session=note,
        version=seal_rules.VERSION,
        text=text,
        digest=seal_rules.digest(text),
        sealed_at=at,
        sealed_by=by,
    )


def _stamps(draft, *, by, at, reason: str, supervisor) -> dict:
    """What a signature sets beside the billing code."""
    late = {"late_entry_reason": draft.late_entry_reason or reason}
    stamps = {"signed_at": at, "signed_by": by, "ended_at": draft.ended_at, **late}
    if supervisor is not None:
        stamps["supervisor"] = supervisor
    if draft.identity_checked_at is None:
        stamps |= {"identity_checked_at": at, "identity_checked_by": by}
    return stamps


@in_source_words()
def _billing(draft: Draft) -> dict:
    """The code at signing: the therapist's where one was chosen with a reason, else the proposal."""
    proposal = billing.proposal_for(draft.standing_sites, draft.practice)
    code = draft.session.billing_code or proposal.code
    start = draft.session.started_at or draft.session.opened_at
    modifiers = billing.modifiers_of(draft.medicare, at=start) if code else None
    return {
        "billing_code": code,
        "billing_modifiers": modifiers.words if modifiers else "",
        "billing_modifiers_reason": modifiers.reason if modifiers else "",
        "billing_reason": proposal.reason,
        "billing_muscles": proposal.muscles,
    }
