"""A review of rows of the muscle catalogue is put on record: who read them, and on which day."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.audit import AuditEntry
from clinic.values import errors
from treatments.models import Muscle
from treatments.rules.sites import muscle_review


@transaction.atomic
def review(contents: Mapping[str, str], *, by, on: dt.date) -> list[Muscle]:
    """Put a review on record. `contents` are {code: the digest of what the page showed of the row}."""
    now = timezone.now()
    locked = Muscle.objects.current().select_for_update(of=("self",)).with_regions()
    rows = list(locked.filter(code__in=contents).order_by("name"))

    changed = [row for row in rows if muscle_review.content_of(row) != contents[row.code]]
    errors.refuse(
        [
            *muscle_review.reasons(on, today=timezone.localdate(now)),
            *(muscle_review.changed_reason(row) for row in changed),
        ]
    )

    entries = []
    for row in rows:
        former = row.reviewed_on.isoformat() if row.reviewed_on else None
        row.reviewed_on, row.reviewed_at, row.reviewed_by = on, now, by
        row.reviewed_content = contents[row.code]
        row.save(update_fields=["reviewed_on", "reviewed_at", "reviewed_by", "reviewed_content"])
        changes = {"muscle": [None, row.code], "reviewed_on": [former, on.isoformat()]}
        entries.append(AuditEntry("muscle.reviewed", row, by, changes=changes))
    audit.record_many(entries)
    return rows
