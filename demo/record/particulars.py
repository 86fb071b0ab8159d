"""What sets the sessions of a patient apart: lots, tone, rules that are answered, how they are tolerated."""

from dataclasses import dataclass

from treatments.models import NeedlingSession

Tolerance = NeedlingSession.Tolerance


@dataclass(frozen=True)
class Particulars:
    """An ordinary patient has none. `overrides` are the rules that each of their sessions raises."""

    has_lots: bool = False
    has_tone: bool = False
    overrides: tuple[str, ...] = ()
    tolerance: str = Tolerance.WELL
    tolerance_detail: str = ""
