"""A form is saved on top of what somebody else saved since it was opened, and never over it."""

from clinic.rules import form_baseline
from clinic.values.errors import OverwrittenFields


def changes(stored: dict, baseline: dict | None, sent: dict, *, message: str) -> dict:
    """The fields that the form changed. Refuses those that somebody else has set to something else."""
    baseline = baseline or {}
    lost = form_baseline.overwritten_fields(stored, baseline, sent)
    if lost:
        raise OverwrittenFields(message, stored=stored, lost=lost)
    return form_baseline.changed_fields(sent, baseline)
