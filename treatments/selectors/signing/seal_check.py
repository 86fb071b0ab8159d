"""Reads every signed note with its seal, its rows and its audit event, to be verified."""

from collections.abc import Callable, Iterator

from django.db.models import Q, QuerySet

from clinic.audit.verification import Fault, RecordCheck
from clinic.models import AuditEvent
from treatments.models import NeedlingSession
from treatments.rules.signing import seal_check
from treatments.selectors.signing import seal, supervision

CHUNK = 200


def notes() -> QuerySet:
    """Notes that are signed or sealed; one without the other is a fault."""
    return NeedlingSession.objects.filter(Q(signed_at__isnull=False) | Q(seal__isnull=False))


def count() -> int:
    return notes().count()


def faults(report_progress: Callable[[int], None]) -> Iterator[Fault]:
    read = supervision.with_cosigner(notes().select_related("jurisdiction", "seal", "cosignature"))
    rows = seal.with_locked_rows(read).order_by("pk")
    done, found = 0, list(rows[:CHUNK])
    while found:
        audited = _audited_digests(found)
        for note in found:
            for kind, description in _faults_of(note, audited.get(note.ref), cosigner=note.cosigner):
                yield Fault(f"session {note.ref}", kind, description)
        done += len(found)
        report_progress(done)
        found = list(rows.filter(pk__gt=found[-1].pk)[:CHUNK])


def _faults_of(
    note: NeedlingSession, audited: str | None, *, cosigner: int | None
) -> Iterator[tuple[str, str]]:
    cosignature = getattr(note, "cosignature", None)
    return seal_check.faults_of(
        getattr(note, "seal", None),
        is_signed=note.signed_at is not None,
        audited=audited,
        now=seal.locked_values(note),
        cosigned=getattr(cosignature, "digest", None),
        is_cosigners=cosignature is None or cosignature.signed_by_id == cosigner,
    )


def _audited_digests(found: list[NeedlingSession]) -> dict[str, str]:
    """The digest in the audit event of each signature; empty where it has none."""
    events = AuditEvent.objects.filter(code="session.signed", object_ref__in=[note.ref for note in found])
    return {
        ref: changes.get("seal", ["", ""])[1]
        for ref, changes in events.order_by("seq").values_list("object_ref", "changes")
    }


CHECK = RecordCheck("Seals", "notes", count, faults)
