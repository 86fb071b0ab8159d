"""What every part of a build shares: the clock, the staff, the catalogs, the references and the batch."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from zoneinfo import ZoneInfo

from clinic.models import Jurisdiction, Location, Practice, Room, User
from clinic.values import references as references_values
from demo.bulk.batch import Batch
from demo.bulk.signing import Sealing
from demo.setup.catalogs import Catalogs

LETTERS = len(references_values.ALPHABET)
# Visits, sessions and calls; more than anybody's hundred years of daily visits have.
RECORDS_OF_A_PATIENT = 200_000


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


class ReferenceGenerator:
    """References that follow from the seed and the patient's number alone, none of them twice."""

    def __init__(self, seed: str):
        random_source = Random(f"{seed}:references")
        self._patients = _Shuffle(random_source, references_values.PATIENT_LENGTH - 1)
        self._records = _Shuffle(random_source, references_values.RECORD_LENGTH - 1)
        self._number = self._record = 0

    def begin(self, number: int) -> None:
        """From here on those of the patient of this number, and of their records."""
        self._number, self._record = number, number * RECORDS_OF_A_PATIENT

    def for_patient(self) -> str:
        return self._patients.reference(self._number)

    def for_record(self) -> str:
        self._record += 1
        return self._records.reference(self._record)


class _Shuffle:
    """Puts the numbers below the count of all references of a length into an order of its own."""

    def __init__(self, random_source: Random, length: int):
        self.length, self.count = length, LETTERS**length
        # prime to the count, so that no two numbers meet
        self.factors = [
            random_source.randrange(self.count) // LETTERS * LETTERS + 1 + step for step in (6, 11)
        ]
        self.offset = random_source.randrange(self.count)

    def reference(self, number: int) -> str:
        if number >= self.count:
            raise ValueError(f"There are {self.count:,} references, and number {number:,} is none of them.")
        first, second = self.factors
        digits = self._digits(number * first % self.count + self.offset)
        turned = sum(digit * LETTERS**place for place, digit in enumerate(reversed(digits)))
        letters = iter(self._digits(turned * second))
        return references_values.mint(self.length + 1, below=lambda _: next(letters))

    def _digits(self, number: int) -> list[int]:
        return [number // LETTERS**place % LETTERS for place in range(self.length)]


@dataclass
class BuildContext:
    clock: Clock
    staff: Staff
    catalogs: Catalogs
    sealing: Sealing
    references: ReferenceGenerator
    batch: Batch = field(default_factory=Batch)
