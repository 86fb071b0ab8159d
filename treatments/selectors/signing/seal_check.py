"""Whether every signed note still says what was signed: its seal, its rows, and the audit's word for it."""

from collections.abc import Callable, Iterator

from django.db.models import Q, QuerySet

from clinic.audit.verification import Check, Fault
from clinic.models import AuditEvent
from treatments.models import NeedlingSession
from treatments.rules.signing import seal as seal_rules
from treatments.selectors.signing import seal

CHUNK = 200


def notes() -> QuerySet:
    """Notes that are signed or sealed; one without the other is a fault."""
    return NeedlingSession.objects.filter(Q(signed_at__isnull=False) | Q(seal__isnull=False))


def count() -> int:
    return notes().count()


def faults(tell: Callable[[int], None]) -> Iterator[Fault]:
    rows = seal.with_locked_rows(notes().select_related("jurisdiction", "seal", "cosignature")).order_by("pk")
    done, found = 0, list(rows[:CHUNK])
    while found:
        told = _told_by_the_audit(found)
        for note in found:
            for kind, says in _faults_of(note, told.get(note.ref)):
                yield Fault(f"session {note.ref}", kind, says)
        done += len(found)
        tell(done)
        found = list(rows.filter(pk__gt=found[-1].pk)[:CHUNK])


def _told_by_the_audit(found: list[NeedlingSession]) -> dict[str, str]:
    """The digest that the audit was told at each signature; empty where it was told none."""
    events = AuditEvent.objects.filter(code="session.signed", object_ref__in=[note.ref for note in found])
    return {
        ref: changes.get("seal", ["", ""])[1]
        for ref, changes in events.order_by("seq").values_list("object_ref", "changes")
    }


def _faults_of(note: NeedlingSession, told: str | None) -> Iterator[tuple[str, str]]:
    sealed = getattr(note, "seal", None)
    if sealed is None:
        yield "missing", "is signed and its seal is missing"
        return
    if note.signed_at is None:
        yield "inserted", "has a seal and is not signed"
    if told is None:
        yield "inserted", "is sealed, and the audit knows of no signature"
    elif told and told != sealed.digest:
        yield "replaced", "has another seal than the audit was told of"
    if seal_rules.digest(sealed.text) != sealed.digest:
        yield "altered", "has a seal whose text was altered"
        return
    differences = seal.verify(note).differences
    if differences:
        yield "drifted", f"differs from its seal: {', '.join(where for where, _, _ in differences)}"
    countersigned = getattr(note, "cosignature", None)
    if countersigned is not None and countersigned.digest != sealed.digest:
        yield "replaced", "was co-signed over another text"


CHECK = Check("Seals", "notes", count, faults)
