"""Stores finished batches: parents first, locks last, then the events, linked to the end of the chain."""

from clinic import audit
from clinic.models import AuditEvent
from demo.bulk import keys
from demo.bulk.batch import LAST, ORDER
from demo.bulk.finished import FinishedBatch
from demo.bulk.keys import LastKeys
from demo.bulk.tables import bulk_table


def last_keys() -> LastKeys:
    return keys.last_keys((*ORDER, *LAST))


def store(finished: FinishedBatch) -> None:
    """In the caller's transaction."""
    for model, ready in finished.open_rows:
        bulk_table(model).insert(ready)
    for model, pair, stamps in finished.stamps:
        bulk_table(model).stamp(pair, stamps)
    for model, ready in finished.last_rows:
        bulk_table(model).insert(ready)
    events = bulk_table(AuditEvent)
    events.insert(events.ready(audit.chained_columns(finished.events, rows=finished.covered)))
    keys.advance_sequences(finished.last)
    for action in finished.actions:
        action()
