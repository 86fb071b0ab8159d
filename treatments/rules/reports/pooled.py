"""Counts in which patients are pooled: small ones are withheld, and a total that would give one away."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats

# Fewer patients than this could be recognised in a printed or downloaded table.
# own choice: small numbers are not shown
FEWEST_PATIENTS = 5
FEW = f"<{FEWEST_PATIENTS}"
LEAST_NOTE = gettext_lazy("“At least” leaves them out: the whole sum would give their number away.")


def note() -> str:
    return _("%(few)s stands for fewer than %(number)s patients, whose number is withheld.") % {
        "few": FEW,
        "number": FEWEST_PATIENTS,
    }


@dataclass(frozen=True)
class Count:
    """A count of visits, sessions or events, and how many patients stand behind it."""

    value: int
    patients: int

    @property
    def is_small(self) -> bool:
        return 0 < self.patients < FEWEST_PATIENTS


@dataclass(frozen=True)
class Shown:
    """What may be shown of counts and their total; None: withheld. `least`: the sum of what is shown."""

    parts: tuple[int | None, ...]
    total: int | None
    least: int

    @property
    def notes(self) -> tuple[str, ...]:
        if None not in self.parts:
            return ()
        return (note(),) if self.total is not None or not self.least else (note(), str(LEAST_NOTE))

    @property
    def total_text(self) -> str:
        """“21”, “at least 21”, or “<5” where nothing else is known."""
        if self.total is not None:
            return formats.whole(self.total)
        return _("at least %(number)s") % {"number": formats.whole(self.least)} if self.least else FEW


def shown(parts: Sequence[Count], total: Count) -> Shown:
    """The parts and their total without those of few patients.

    The total less the other parts is the part that is withheld, if it is the only one; and several that are
    all 1, or all as many as may be withheld, are known from their sum. Then the total is withheld too.
    """
    small = {part.value for part in parts if part.is_small}
    number = sum(part.is_small for part in parts)
    is_given_away = number == 1 or small in ({1}, {FEWEST_PATIENTS - 1})
    told = tuple(None if part.is_small else part.value for part in parts)
    least = sum(value or 0 for value in told)
    return Shown(told, None if total.is_small or is_given_away else total.value, least)


def text(value: int | None) -> int | str:
    return FEW if value is None else value
