"""What every part of the demo has in hand: the people on duty, the catalogues, the hour and the dice."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from zoneinfo import ZoneInfo

from clinic.models import Jurisdiction, Location, Practice, Room, User
from clinic.values import references
from demo.shelf import Shelf
from demo.writing import Batch


@dataclass(frozen=True)
class Clock:
    """The present of the demo. `now` is an instant; days and hours are the location's."""

    now: dt.datetime
    zone: ZoneInfo

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    def at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=self.zone).astimezone(dt.UTC)

    def day_of(self, at: dt.datetime) -> dt.date:
        return at.astimezone(self.zone).date()


@dataclass(frozen=True)
class Team:
    reception: User
    therapists: tuple[User, User]
    lead: User
    admin: User
    practice: Practice
    jurisdiction: Jurisdiction
    location: Location
    rooms: tuple[Room, ...]


@dataclass
class Minter:
    """References from a seeded source, none of them twice."""

    dice: Random
    minted: set[str] = field(default_factory=set)

    def patient(self) -> str:
        return self._mint(references.PATIENT_LENGTH)

    def record(self) -> str:
        return self._mint(references.RECORD_LENGTH)

    def _mint(self, length: int) -> str:
        while (ref := references.mint(length, below=self.dice.randrange)) in self.minted:
            pass
        self.minted.add(ref)
        return ref


@dataclass
class Scene:
    clock: Clock
    team: Team
    shelf: Shelf
    minter: Minter
    batch: Batch = field(default_factory=Batch)
