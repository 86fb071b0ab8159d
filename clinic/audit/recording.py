"""The audit chain: who did or saw what, each event keyed to the one before it."""

import json
import logging
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from clinic.audit import gaps, macs
from clinic.audit.wording import AuditEntry
from clinic.models import AuditEvent

log = logging.getLogger(__name__)

# A number that only this chain locks on PostgreSQL; SQLite's IMMEDIATE transactions are serial anyway.
CHAIN_LOCK = 0x46696C69


@dataclass(frozen=True)
class RequestFacts:
    """What an event says about the request it came from."""

    request_id: str = ""
    address: str = ""


NO_REQUEST = RequestFacts()
request_facts: ContextVar[RequestFacts] = ContextVar("request_facts", default=NO_REQUEST)


def record(
    code: str, about, *, by, patient=None, changes: dict | None = None, reason: str = ""
) -> AuditEvent:
    """Chain one event inside the caller's transaction: the last line of the outermost action."""
    return record_many([AuditEntry(code, about, by, patient, changes or {}, reason)])[-1]


def record_many(entries: list[AuditEntry]) -> list[AuditEvent]:
    """Chain several events at once, in order, the last of them last. The transaction must be open."""
    facts = request_facts.get()
    return _append([_said(entry, facts) for entry in entries])


def chained_columns(entries: list[AuditEntry]) -> list[dict]:
    """The columns of events keyed to each other and to the chain's end, for the caller's transaction."""
    facts = request_facts.get()
    return _linked([_said(entry, facts) for entry in entries])


def look(code: str, about, *, by, patient=None, reason: str = "") -> None:
    """Record a look in a short transaction of its own. A look that cannot be written never hides a chart:

    it is kept beside the database and filed after the next one that can be, with the time when it was."""
    said = _said(AuditEntry(code, about, by, patient, reason=reason), request_facts.get())
    try:
        with transaction.atomic():
            _append([said])
    except DatabaseError:
        log.exception("audit gap: %s %s by user %s", code, about, getattr(by, "pk", None))
        gaps.store(said)
    else:
        file_gaps()


def file_gaps() -> None:
    """Chain the looks that wait, each with its own time, person and request, and with when it was filed."""
    waiting = gaps.next_batch()
    if not waiting:
        return
    late = {"filed_later_at": [None, timezone.now().isoformat()]}
    try:
        with transaction.atomic():
            _lock_chain()
            _append([{**said, "changes": late} for said in gaps.without_filed(waiting.values())])
    except DatabaseError:
        log.exception("audit gap: %s looks go on waiting", len(waiting))
        return
    gaps.remove(waiting)


def _lock_chain() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _head() -> tuple[int, str, str]:
    newest = AuditEvent.objects.order_by("-seq").values_list("seq", "mac", "key_id").first()
    return newest or (0, macs.GENESIS, "")


def _append(said: list[dict]) -> list[AuditEvent]:
    events = [AuditEvent(**columns) for columns in _linked(said)]
    return AuditEvent.objects.bulk_create(events, batch_size=500)


def _linked(said: list[dict]) -> list[dict]:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An event is recorded inside the action's transaction.")
    _lock_chain()
    head, previous, former = _head()
    key = settings.AUDIT_KEY
    named = macs.key_id(key)
    if said and former not in ("", named):
        said = [_rotated(former, named, said[0]), *said]
    events = []
    for seq, columns in enumerate(said, start=head + 1):
        event = {**columns, "seq": seq, "previous": previous, "key_id": named}
        previous = event["mac"] = macs.event_mac(macs.covered_values(event), key)
        events.append(event)
    return events


def _rotated(former: str, named: str, first: dict) -> dict:
    """The first thing said under another key is that it is another."""
    entry = AuditEntry("audit.key_rotated", changes={"key": [former, named]}, at=first["at"])
    return _said(entry, RequestFacts(first["request_id"], first["address"]))


def _said(entry: AuditEntry, facts: RequestFacts) -> dict:
    """What the event says: its columns without its place in the chain."""
    actor = entry.by if getattr(entry.by, "pk", None) else None
    return {
        "at": entry.at or timezone.now(),
        "actor_id": actor.pk if actor else None,
        "actor_name": actor.username if actor else "",
        "code": entry.code,
        "object_kind": _kind_of(entry.about),
        "object_ref": str(getattr(entry.about, "ref", "") or getattr(entry.about, "pk", "") or ""),
        "patient_ref": entry.patient.ref if entry.patient is not None else "",
        "changes": _plain(entry.changes) if entry.changes else {},
        "reason": entry.reason,
        "request_id": facts.request_id,
        "address": facts.address,
    }


def _kind_of(about) -> str:
    """The model's label. A frozen value that stands for a row names that label itself."""
    if about is None:
        return ""
    return getattr(about, "audit_kind", "") or about._meta.label_lower


def _plain(changes: dict) -> dict:
    """Only what JSON keeps exactly: dates, decimals and keys become text."""
    return json.loads(json.dumps(changes, default=str))
