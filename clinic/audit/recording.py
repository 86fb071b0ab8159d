"""Records audit events: who did or saw what, each event linked to the one before it by its MAC."""

import json
import logging

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from clinic.audit import gaps, macs, packing, rows
from clinic.audit.wording import AuditEntry
from clinic.django_internals import writes
from clinic.django_internals.prepared import PreparedQuery
from clinic.models import AuditEvent
from clinic.values.requests import RequestFacts, request_facts

log = logging.getLogger(__name__)

# The advisory lock of the chain on PostgreSQL; SQLite's IMMEDIATE transactions are serial anyway.
CHAIN_LOCK = 0x46696C69
TAKE_LOCK = f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})"


def record(
    code: str, about, *, by, patient=None, changes: dict | None = None, reason: str = ""
) -> AuditEvent:
    """Append one event to the chain in the caller's transaction: the last line of the outermost action."""
    return record_many([AuditEntry(code, about, by, patient, changes or {}, reason)])[-1]


def record_many(entries: list[AuditEntry]) -> list[AuditEvent]:
    """Append several events to the chain, in their order. The transaction must be open."""
    facts = request_facts.get()
    return _append([_columns(entry, facts) for entry in entries])


def unchained_columns(entries: list[AuditEntry]) -> list[dict]:
    """The columns of events before they have a place in the chain. No database is needed."""
    facts = request_facts.get()
    return [_columns(entry, facts) for entry in entries]


def chained_columns(unchained: list[dict], *, rows: bytes) -> list[dict]:
    """The columns of events linked to each other and to the end of the chain, for a bulk insert.

    `rows` are the packed rows that they answer for, besides those that the ORM wrote.
    """
    return _linked(unchained, rows)


def written_rows() -> bytes:
    """The rows written since the last event, packed, for `record_unchained` in the same transaction.

    What writes many rows keeps them so: the chain is locked only at the end, and nothing else waits for it.
    """
    return _written_rows(settings.AUDIT_KEY)


def record_unchained(unchained: list[dict], *, rows: bytes) -> None:
    """Append events that `unchained_columns` gave; the last answers for these rows of `written_rows`."""
    events = [AuditEvent(**columns) for columns in _linked(unchained, rows)]
    AuditEvent.objects.bulk_create(events, batch_size=500)


def look(code: str, about, *, by, patient=None, reason: str = "") -> None:
    """Record a look in a short transaction of its own. A failure must not keep anybody from a chart:

    the look is then stored as an audit gap and recorded later with its own time."""
    columns = _columns(AuditEntry(code, about, by, patient, reason=reason), request_facts.get())
    try:
        with transaction.atomic():
            _append([columns])
    except DatabaseError:
        log.exception("audit gap: %s %s by user %s", code, about, getattr(by, "pk", None))
        gaps.store(columns)
    else:
        file_gaps()


def file_written() -> None:
    """Record the rows that were written since the last event, if there are any: no act of a person's."""
    if writes.is_waiting(connection):
        with transaction.atomic():
            record("record.covered", None, by=None)


def file_gaps() -> None:
    """Record the audit gaps, each with its own time, actor and request, and the time of the recording."""
    waiting = gaps.next_batch()
    if not waiting:
        return
    late = {"filed_later_at": [None, timezone.now().isoformat()]}
    try:
        with transaction.atomic():
            _lock_chain()
            _append([{**columns, "changes": late} for columns in gaps.without_filed(waiting.values())])
    except DatabaseError:
        log.exception("audit gap: %s looks go on waiting", len(waiting))
        return
    gaps.remove(waiting)


def _lock_chain() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(TAKE_LOCK)


def _locked_head() -> tuple[int, str, str]:
    """The end of the chain, behind its lock: sent together, and one after the other all the same.

    What was committed while the lock was waited for is seen: each statement sees the table as it is by then.
    """
    if connection.vendor != "postgresql":
        return NEWEST.one() or (0, macs.GENESIS, "")
    with connection.execute_wrapper(_behind_the_lock):
        return NEWEST.one() or (0, macs.GENESIS, "")


def _behind_the_lock(execute, sql, params, many, context):
    return execute(f"{TAKE_LOCK}; {sql}", params, many, context)


NEWEST = PreparedQuery(lambda: AuditEvent.objects.order_by("-seq").values_list("seq", "mac", "key_id")[:1])


def _append(entries: list[dict]) -> list[AuditEvent]:
    events = [AuditEvent(**columns) for columns in _linked(entries)]
    return AuditEvent.objects.bulk_create(events, batch_size=500)


def _linked(entries: list[dict], rows: bytes = b"") -> list[dict]:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An event is recorded inside the action's transaction.")
    head, previous, former = _locked_head()
    key = settings.AUDIT_KEY
    key_id = macs.key_id(key)
    if entries and former not in ("", key_id):
        entries = [_key_rotation(former, key_id, entries[0]), *entries]
    if entries:
        entries = [*entries[:-1], {**entries[-1], "rows": packing.joined(_written_rows(key), rows)}]
    events = []
    for seq, columns in enumerate(entries, start=head + 1):
        event = {"rows": b"", **columns, "seq": seq, "previous": previous, "key_id": key_id}
        previous = event["mac"] = macs.event_mac(macs.covered_values(event), key)
        events.append(event)
    return events


def _written_rows(key: str) -> bytes:
    """What was written on this connection since the last event; what has to be read is, behind the lock."""
    if not writes.is_waiting(connection):
        return b""
    written = sorted(writes.take(connection).items())
    return packing.pack(entry for table, found in written for entry in rows.entries(table, found, key))


def _key_rotation(former: str, key_id: str, first: dict) -> dict:
    """The first event under a new key records the change of key."""
    entry = AuditEntry("audit.key_rotated", changes={"key": [former, key_id]}, at=first["at"])
    return _columns(entry, RequestFacts(first["request_id"], first["address"]))


def _columns(entry: AuditEntry, facts: RequestFacts) -> dict:
    """The columns of an event without those of its place in the chain."""
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
    """Values that JSON keeps exactly: dates, decimals and keys become text."""
    return json.loads(json.dumps(changes, default=str))
