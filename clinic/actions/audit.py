"""What a check of the record came to, kept in the audit for a monitor."""

from django.db import transaction

from clinic import audit


@transaction.atomic
def record_check(*, faults: int) -> None:
    """Of a whole check; one part alone says nothing of the others."""
    changes = {"faults": [None, faults]}
    audit.record("record.check_failed" if faults else "record.checked", None, by=None, changes=changes)
