"""Notes that somebody has to write on, as the board lists them."""

from dataclasses import dataclass

from treatments.models import NeedlingSession


@dataclass(frozen=True)
class Waiting:
    """A signed note that waits for its supervisor's name; `late` when the practice's days are over."""

    session: NeedlingSession
    late: bool


@dataclass(frozen=True)
class Notes:
    """Notes that somebody has to write on: one's own, and for a lead what waits for too long."""

    drafts: list[NeedlingSession]
    old_drafts: list[NeedlingSession]
    to_cosign: list[Waiting]
    requests: list[dict]
    late_cosignatures: list[Waiting]
