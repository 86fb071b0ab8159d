"""Files of the reports: each is recorded before it is made."""

from django.db import transaction

from clinic import audit


@transaction.atomic
def record_export(code: str, summary: str, *, by) -> None:
    """When the audit event cannot be written, nothing is exported."""
    audit.record("report.exported", None, by=by, reason=f"{code}: {summary}")
