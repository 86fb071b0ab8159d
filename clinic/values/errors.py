"""Refusals: reasons for people and machines, and the exceptions that carry them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from clinic.values.words import Text

STOP = "stop"
CAUTION = "caution"
INFO = "info"


@dataclass(frozen=True)
class Reason:
    """One thing that is wrong or worth knowing. `url` and `way_out` are the link that resolves it."""

    code: str
    message: Text
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


class CautionsToConfirm(RuleViolation):
    """Cautions that nobody has confirmed yet. Whoever sends `key` back has seen exactly these."""

    def __init__(self, reasons: Iterable[Reason], key: str):
        super().__init__(reasons)
        self.key = key


class StaleRecord(Exception):
    """Somebody else changed the record first. `theirs` and `mine` are texts for the 409 page."""

    def __init__(self, message: str, *, theirs: str = "", mine: str = ""):
        super().__init__(message)
        self.message, self.theirs, self.mine = message, theirs, mine


class OverwrittenFields(StaleRecord):
    """A form would overwrite what somebody else saved since it was opened.

    `stored` are the values of its fields as they stand, `lost` names those that it would overwrite.
    """

    def __init__(self, message: str, *, stored: dict, lost: Iterable[str]):
        super().__init__(message)
        self.stored, self.lost = stored, tuple(lost)


class NotSent(Exception):
    """A mail that no server took. `code` says why: what is not set, or the class of the error."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class RecordLocked(Exception):
    """A write to a record that is signed, reviewed, published or written once."""


def refuse(reasons: Iterable[Reason]) -> None:
    """Raise RuleViolation when any reason is a stop; cautions and information pass."""
    stops = [reason for reason in reasons if reason.level == STOP]
    if stops:
        raise RuleViolation(stops)


def ask(cautions: Iterable[Reason], *, about: str, confirmed: str) -> None:
    """Raise CautionsToConfirm unless these very cautions about this very thing were `confirmed`."""
    found = tuple(cautions)
    key = caution_key(found, about=about)
    if found and confirmed != key:
        raise CautionsToConfirm(found, key)


def caution_key(cautions: Iterable[Reason], *, about: str) -> str:
    """Identifies cautions as they were shown: another one, or another wording, has another key."""
    shown = "\n".join(sorted(f"{caution.code} {caution.message}" for caution in cautions))
    return f"{about}-{hashlib.sha256(shown.encode()).hexdigest()[:16]}"


def add_to_form(form, violation: RuleViolation) -> None:
    """Add the reasons of a refusal as errors of the fields of `form` that they are about."""
    for reason in violation.reasons:
        field = reason.field if reason.field in form.fields else NON_FIELD_ERRORS
        form.add_error(
            field if field != NON_FIELD_ERRORS else None, ValidationError(reason.message, code=reason.code)
        )
