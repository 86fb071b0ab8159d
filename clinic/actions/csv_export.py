"""Lists as files: each is recorded before it is made."""

from django.db import transaction

from clinic import audit


@transaction.atomic
def record(code: str, terms: str = "", *, by, patient=None) -> None:
    """`code` names the list. When the audit event cannot be written, nothing is exported."""
    audit.record("list.exported", patient, by=by, patient=patient, reason=f"{code}: {terms or 'everything'}")
