"""Finishes a batch: its final keys, seals, MACs and rows as its engine takes them. Any process may do it.

What is finished is stored by the one process that links the chain (`demo.bulk.storing`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import models

from clinic import audit
from clinic.audit import packing
from demo.bulk import keys, signing
from demo.bulk.batch import LAST, ORDER, Batch
from demo.bulk.keys import LastKeys
from demo.bulk.signing import Sealing
from demo.bulk.tables import ReadyRows, bulk_table
from patients.models import Screening
from treatments.models import CoSignature, DraftEvent, NeedleSite, NeedlingSession, Seal
from treatments.rules.session import fields as session_fields


@dataclass(frozen=True)
class FinishedBatch:
    """Rows in the order of writing, the stamps that close some of them, and the events, not linked yet.

    `covered` are the packed MACs of all its rows as they stand at the end; `last` its last key by table.
    """

    open_rows: list[tuple[type[models.Model], ReadyRows]]
    stamps: list[tuple[type[models.Model], str, list[tuple]]]
    last_rows: list[tuple[type[models.Model], ReadyRows]]
    events: list[dict]
    covered: bytes
    last: LastKeys
    actions: list[Callable[[], object]]


def keys_taken(batch: Batch) -> LastKeys:
    """How many rows of each table it will have, the history of drafts and the seals included."""
    later = {DraftEvent: _open_sites(batch), Seal: batch.signed, CoSignature: batch.cosigned}
    return {**batch.keys.taken, **{model._meta.db_table: len(rows) for model, rows in later.items()}}


def finish(batch: Batch, last: LastKeys, facts: Sealing) -> FinishedBatch:
    """`last` are the last keys of the batch before it."""
    _refuse_unordered(batch)
    rows, taken = batch.rows, keys_taken(batch)
    for model in ORDER:
        keys.move(model, rows[model], last)
    rows[DraftEvent] = _draft_events(batch, first=_first(DraftEvent, last))
    open_rows = _ready(ORDER, batch)
    stamps = [
        (Screening, "reviewed", _close(batch.reviewed)),
        (NeedlingSession, "signed", signing.sign(batch.signed)),
    ]
    rows[Seal] = signing.seals(batch.signed, rows, facts, first=_first(Seal, last))
    digests = {row["session_id"]: row["digest"] for row in rows[Seal]}
    rows[CoSignature] = signing.cosignatures(batch.cosigned, digests, first=_first(CoSignature, last))
    return FinishedBatch(
        open_rows,
        stamps,
        last_rows=_ready(LAST, batch),
        events=audit.unchained_columns(_events(batch, digests)),
        covered=_covered(batch),
        last=keys.after(last, taken),
        actions=batch.actions,
    )


def _refuse_unordered(batch: Batch) -> None:
    unordered = {model.__name__ for model, rows in batch.rows.items() if rows and model not in ORDER}
    if unordered:
        raise TypeError(f"ORDER does not say when these are written: {unordered}")


def _first(model: type[models.Model], last: LastKeys) -> int:
    return last[model._meta.db_table] + 1


def _ready(order: tuple[type[models.Model], ...], batch: Batch) -> list[tuple]:
    return [(model, bulk_table(model).ready(batch.rows[model])) for model in order if batch.rows[model]]


def _open_sites(batch: Batch) -> list[NeedleSite]:
    """Those of drafts: of a signed note the seal is history enough."""
    signed = {session.pk for session in batch.signed}
    return [site for site in batch.rows[NeedleSite] if site.session_id not in signed]


def _draft_events(batch: Batch, *, first: int) -> list[dict]:
    """A draft's history lists the changes that made it."""
    return [
        {
            "id": key,
            "session_id": site.session_id,
            "client_id": site.key,
            "seq": 1,
            "field": "site",
            "site_key": site.key,
            "new": session_fields.site_values(site),
            "at": site.added_at,
            "by_id": site.added_by_id,
        }
        for key, site in enumerate(_open_sites(batch), start=first)
    ]


def _close(reviewed: list[tuple]) -> list[tuple]:
    """Screenings whose answers are written; gives (at, by, key) for the rows that stand."""
    for screening, at, by in reviewed:
        screening.reviewed_at, screening.reviewed_by = at, by
    return [(at, by.pk, screening.pk) for screening, at, by in reviewed]


def _events(batch: Batch, digests: dict[int, str]) -> list[audit.AuditEntry]:
    """In their order. A signature names the digest of what was signed, as those of the product do."""
    entries = [
        replace(entry, changes={"seal": [None, digests[entry.about.pk]]})
        if entry.code in ("session.signed", "session.cosigned")
        else entry
        for entry in batch.events
    ]
    return sorted(entries, key=lambda entry: entry.at)


def _covered(batch: Batch) -> bytes:
    """The rows as they stand in the end, by table."""
    key = settings.AUDIT_KEY
    found = sorted((model._meta.db_table, model, rows) for model, rows in batch.rows.items() if rows)
    return packing.pack(entry for _, model, rows in found for entry in bulk_table(model).entries(rows, key))
