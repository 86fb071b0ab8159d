"""A supervisor stands in for a note with their own name, beneath the author's."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit, formats
from clinic.models import Practice
from clinic.values import errors
from clinic.values.errors import Reason, StaleRecord
from treatments.actions.signing import signature
from treatments.models import CoSignature, NeedlingSession
from treatments.rules.signing import cosigning as cosigning_rules
from treatments.selectors.signing import cosigning, reading, seal


@transaction.atomic
def cosign(session, *, by, proved: bool, addenda_seen: int, statement: str = "") -> CoSignature:
    """Co-sign what the author sealed. `addenda_seen`: how many addenda stood on the page that was read."""
    locked = signature.lock_note(session)
    read = reading.with_people(reading.notes().get(pk=locked.pk))
    _refuse_stale_page(read, addenda=len(read.note_addenda), addenda_seen=addenda_seen)

    practice, now = Practice.objects.get(pk=1), timezone.now()
    facts = cosigning.facts_for(read, by=by, agrees=_agrees(read))
    errors.refuse(
        [*cosigning_rules.reasons(facts), *_proof_reasons(proved), *_late(read, practice, now, statement)]
    )

    made = CoSignature.objects.create(
        session=locked, digest=read.seal.digest, statement=statement, signed_at=now, signed_by=by
    )

    changes = {"seal": [None, read.seal.digest]}
    audit.record("session.cosigned", locked, by=by, patient=locked.patient, changes=changes, reason=statement)
    return made


def _refuse_stale_page(read: NeedlingSession, *, addenda: int, addenda_seen: int) -> None:
    """Refuse where the page that was read lacks a co-signature or an addendum that was added meanwhile."""
    standing = getattr(read, "cosignature", None)
    if standing is not None:
        at = formats.near_moment(standing.signed_at, today=timezone.localdate())
        raise StaleRecord(
            _("%(signed_by)s co-signed this note %(at)s.")
            % {"signed_by": standing.signed_by.display_name, "at": at}
        )
    if addenda != addenda_seen:
        raise StaleRecord(_("Words were added beneath this note meanwhile. Read them, then co-sign."))


def _agrees(read: NeedlingSession) -> bool:
    return getattr(read, "seal", None) is not None and seal.verify(read).agrees


def _proof_reasons(proved: bool) -> list[Reason]:
    return [] if proved else [Reason("proof-missing", _("Type your password to co-sign."), field="password")]


def _late(read: NeedlingSession, practice: Practice, now, statement: str) -> list[Reason]:
    days = practice.cosign_days
    if (
        statement.strip()
        or not read.signed_at
        or not cosigning_rules.is_late(read.signed_at, now=now, days=days)
    ):
        return []
    message = _("It was signed more than %(days)s days ago. Say why it is co-signed late.") % {"days": days}
    return [Reason("late-reason-missing", message, field="statement")]
