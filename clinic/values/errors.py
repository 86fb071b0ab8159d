"""Refusals: reasons for people and machines, and the exceptions that carry them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

STOP = "stop"
CAUTION = "caution"
INFO = "info"


@dataclass(frozen=True)
class Reason:
    """One thing that is wrong or worth knowing. `url` and `way_out` are the link that resolves it."""

    code: str
    message: str
    level: str = STOP
    field: str = ""
    url: str = ""
    way_out: str = ""


class RuleViolation(ValidationError):
    """An action was refused, with every reason at once."""

    def __init__(self, reasons: Iterable[Reason]):
        self.reasons = tuple(reasons)
        super().__init__([ValidationError(r.message, code=r.code) for r in self.reasons])

    @property
    def codes(self) -> set[str]:
        return {reason.code for reason in self.reasons}


class StaleRecord(Exception):
    """Somebody else changed the record first. `theirs` and `mine` are texts for the 409 page."""

    def __init__(self, message: str, *, theirs: str = "", mine: str = ""):
        super().__init__(message)
        self.message, self.theirs, self.mine = message, theirs, mine


class RecordLocked(Exception):
    """A write to a record that is signed, reviewed, published or written once."""


def refuse(reasons: Iterable[Reason]) -> None:
    """Raise RuleViolation when any reason is a stop; cautions and information pass."""
    stops = [reason for reason in reasons if reason.level == STOP]
    if stops:
        raise RuleViolation(stops)


def add_to_form(form, violation: RuleViolation) -> None:
    """Add the reasons of a refusal as errors of the fields of `form` that they are about."""
    for reason in violation.reasons:
        field = reason.field if reason.field in form.fields else NON_FIELD_ERRORS
        form.add_error(
            field if field != NON_FIELD_ERRORS else None, ValidationError(reason.message, code=reason.code)
        )
