"""What somebody who leaves still has, as their page shows it: by reference, without a patient's name."""

import datetime as dt
from dataclasses import dataclass

from clinic.models import Credential, User


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the person. `url` is empty where the reader may not open it.

    `way_url` leads to what the reader may do about it, in one step; `way_out` says what that is.
    """

    at: dt.datetime
    ref: str
    url: str = ""
    way_url: str = ""
    way_out: str = ""


@dataclass(frozen=True)
class Leaving:
    """Everything of one colleague at one moment."""

    person: User
    visits: list[Waiting]
    calls: list[Waiting]
    drafts: list[Waiting]
    supervised: list[Waiting]
    cosignatures: list[Waiting]
    credentials: list[Credential]
    devices: int

    @property
    def can_move(self) -> bool:
        return bool(self.visits or self.calls)

    @property
    def holds_back(self) -> bool:
        """Co-signatures hold nobody back: nobody else may be qualified to take them over."""
        return bool(self.visits or self.calls or self.drafts)
