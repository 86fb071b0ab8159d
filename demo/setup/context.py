"""What every part of a build shares: the clock, the staff, the catalogs, the references and the batch."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from zoneinfo import ZoneInfo

from clinic.models import Jurisdiction, Location, Practice, Room, User
from clinic.values import references as references_values
from demo.bulk.batch import Batch
from demo.setup.catalogs import Catalogs


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
class Staff:
    reception: User
    therapists: tuple[User, User]
    practice: Practice
    jurisdiction: Jurisdiction
    location: Location
    rooms: tuple[Room, ...]


@dataclass
class ReferenceGenerator:
    """References from a seeded random source, none of them twice."""

    random_source: Random
    used: set[str] = field(default_factory=set)

    def for_patient(self) -> str:
        return self._unused(references_values.PATIENT_LENGTH)

    def for_record(self) -> str:
        return self._unused(references_values.RECORD_LENGTH)

    def _unused(self, length: int) -> str:
        while (ref := references_values.mint(length, below=self.random_source.randrange)) in self.used:
            pass
        self.used.add(ref)
        return ref


@dataclass
class BuildContext:
    clock: Clock
    staff: Staff
    catalogs: Catalogs
    references: ReferenceGenerator
    batch: Batch = field(default_factory=Batch)
