"""A row of another system's file once it was read, and what is wrong with a row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from clinic import formats
from clinic.values.errors import Reason
from clinic.values.words import Text
from patients.rules.identity.keys import Identity

# own choice: rows that one fault names
ROWS_NAMED = 20


@dataclass(frozen=True)
class Fault:
    """`row` as a spreadsheet numbers it; `column` as the file calls it, "" where it is the whole row."""

    row: int
    column: str
    message: Text
    code: str

    def __str__(self) -> str:
        where = {"row": self.row, "column": self.column, "message": self.message}
        if self.column:
            return _("Row %(row)s, %(column)s: %(message)s") % where
        return _("Row %(row)s: %(message)s") % where


@dataclass(frozen=True)
class BroughtPatient:
    """The details that registering takes, and the insurance."""

    row: int
    identity: Identity
    details: dict[str, Any]
    payer: str = ""
    payer_kind: str = ""
    member_id: str = ""
    apart_reason: str = ""

    @property
    def external_id(self) -> str:
        return self.details["external_id"]

    @property
    def has_insurance(self) -> bool:
        return bool(self.payer or self.member_id)


@dataclass(frozen=True)
class Likely:
    """A row that is likely somebody else's: of another row, `other` is its number, else a reference."""

    row: int
    other: int | str
    score: int
    same: tuple[Text, ...] = ()

    def __str__(self) -> str:
        other = _("row %(row)s") % {"row": self.other} if isinstance(self.other, int) else self.other
        same = ", ".join(map(str, self.same))
        shown = {"row": self.row, "other": other, "same": same}
        if not same:
            return _("Row %(row)s is likely %(other)s.") % shown
        return _("Row %(row)s is likely %(other)s: %(same)s.") % shown


@dataclass(frozen=True)
class Judged:
    """What is to be written of a file, what stands already as (row, reference), what keeps it from being."""

    new: list[Any] = field(default_factory=list)
    standing: list[tuple[int, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    # of bookings: sentences
    likely: list[Any] = field(default_factory=list)
    # {row: rows and references of the same name and birth date}, each with its reason
    apart: dict[int, tuple[int | str, ...]] = field(default_factory=dict)
    # closed records that a row named wholly, or nearly, by their keys
    named: frozenset[int] = frozenset()
    guessed: frozenset[int] = frozenset()


def reasons_of(faults: Iterable[Fault]) -> list[Reason]:
    """The first of them, in words."""
    faults = sorted(faults, key=lambda fault: fault.row)
    found = [Reason(fault.code, str(fault)) for fault in faults[:ROWS_NAMED]]
    if more := len(faults) - len(found):
        found.append(Reason("more-faults", _("And %(count)s more.") % {"count": formats.whole(more)}))
    return found
