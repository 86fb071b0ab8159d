"""What keeps a recorded condition from being changed or recorded again."""

from collections.abc import Container, Iterable

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from patients.models import PatientCondition

# Two rows of an episode of care that agree in these are the same condition.
IDENTITY_COLUMNS = ("condition_id", "side", "icd10")


def resolved_reasons(row: PatientCondition) -> list[Reason]:
    if row.resolved_at is None:
        return []
    message = _("This condition is resolved. Record it again when it came back.")
    return [Reason("condition-resolved", message)]


def repeated_reasons(rows: Iterable[PatientCondition], *, existing: Container[tuple]) -> list[Reason]:
    """The same condition on the same side is recorded once; `existing` has tuples of `IDENTITY_COLUMNS`."""
    return [
        Reason(
            "condition-stands",
            _("“%(condition)s” is already recorded. Change that one instead.") % {"condition": row.label},
            field="side",
        )
        for row in rows
        if tuple(getattr(row, name) for name in IDENTITY_COLUMNS) in existing
    ]
