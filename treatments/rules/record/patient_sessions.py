"""The sessions of one patient as plain values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from treatments.rules.adverse_events.event import EventLine
from treatments.rules.session.parts import DraftMeasurement, side_text

# {key of a record merged into the one that is read: its reference}
Merged = Mapping[int, str]
NONE_MERGED: Merged = {}
SIDE_LETTERS = {"left": "L", "right": "R", "midline": "M"}


@dataclass(frozen=True)
class PainScore:
    """Pain of one condition, 0 to 10, before and after one session. None: not asked."""

    condition: int
    name: str
    side: str
    before: int | None
    after: int | None
    # of the condition
    region: str = ""


@dataclass(frozen=True)
class TreatedSite:
    muscle: str
    side: str
    insertions: int
    condition: int | None = None
    # code of the body chart; blank where the muscle is not in the list
    region: str = ""

    @property
    def short(self) -> str:
        """“Infraspinatus R”."""
        return f"{self.muscle} {SIDE_LETTERS[self.side]}"


@dataclass(frozen=True)
class SorenessScore:
    """Soreness, 0 to 10, as reported `step` hours after the session."""

    step: int
    now: int
    worst: int | None = None
    hours: int | None = None


@dataclass(frozen=True)
class Treatment:
    """One session that took place. `steps` are its follow-ups by hour, each with its outcome or "".

    `record_ref`: the merged record in which it was written; blank for the record that is read.
    """

    ref: str
    at: dt.datetime
    number: int = 1
    state: str = "signed"
    amended: bool = False
    in_error: bool = False
    not_needled: str = ""
    is_late: bool = False
    pains: tuple[PainScore, ...] = ()
    sites: tuple[TreatedSite, ...] = ()
    soreness: tuple[SorenessScore, ...] = ()
    events: tuple[EventLine, ...] = ()
    steps: dict[int, str] = field(default_factory=dict)
    measurements: tuple[DraftMeasurement, ...] = ()
    plan: str = ""
    record_ref: str = ""

    @property
    def is_draft(self) -> bool:
        return self.state == "draft"

    @property
    def on(self) -> dt.date:
        return timezone.localdate(self.at)


def pain_drop(before: int | None, after: int | None) -> int | None:
    """By how much pain fell in a session; None without both scores."""
    return None if before is None or after is None else before - after


def pain_of(treatments: list[Treatment], condition: int | None) -> PainScore | None:
    """The condition, as named at the first of these treatments that was for it."""
    pains = (pain for one in treatments for pain in one.pains if pain.condition == condition)
    return next(pains, None)


def condition_name(treatments: list[Treatment], condition: int | None) -> str:
    """“Neck pain, left”, of a merged record with its reference; blank where no treatment was for it."""
    pain = pain_of(treatments, condition)
    if pain is None:
        return ""
    ref = next(one.record_ref for one in treatments if pain in one.pains)
    return f"{pain.name}, {side_text(pain.side)}{f' ({ref})' if ref else ''}"
