"""Builds the demo practice, batch by batch; says what stands in the way of it."""

import datetime as dt
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from clinic.models import Location, Practice, User
from clinic.values.errors import Reason
from demo import playing, regulars, shelf, team, writing
from demo.cast import PARTS
from demo.scene import Clock, Minter, Scene
from demo.writing import Batch
from patients.models import Patient

PATIENTS_AT_ONCE = 250
CACHE_KB = 256 * 1024


@dataclass(frozen=True)
class Plan:
    patients: int = 40
    sessions: int = 3
    seed: str = "filiform"
    password: str = team.PASSWORD


@dataclass(frozen=True)
class Progress:
    """How far the building is. `seconds` since it began."""

    patients: int
    of: int
    seconds: float

    @property
    def per_minute(self) -> int:
        return round(self.patients / max(self.seconds, 0.001) * 60)


def stands() -> bool:
    """Whether this database holds the whole demo. The mark is set with its last patient."""
    return Practice.objects.filter(is_demo=True).exists()


def reasons_not_to() -> list[Reason]:
    """The demo never mixes with real work, nor with one that was stopped half way."""
    if stands():
        return []
    if Practice.objects.filter(name=team.NAME).exists():
        message = (
            "The making of a demo was stopped here before its end. Delete this database, "
            "create and migrate it again, and run the demo once more."
        )
        return [Reason("half-made", message)]
    if Patient.objects.exists():
        message = (
            "This database holds patients that the demo did not make. "
            "Point DATABASE_URL at an empty database, migrate it, and run the demo there."
        )
        return [Reason("real-patients", message)]
    taken = User.objects.filter(username__in=[member.username for member in team.MEMBERS])
    if taken.exists():
        names = ", ".join(sorted(taken.values_list("username", flat=True)))
        message = f"These sign-ins exist already: {names}. Run the demo on a freshly migrated database."
        return [Reason("names-taken", message)]
    return []


def build(plan: Plan, *, now: dt.datetime, tell: Callable[[Progress], None]) -> None:
    _make_room()
    began = time.monotonic()
    scene = None
    for start in range(0, plan.patients, PATIENTS_AT_ONCE):
        stop = min(start + PATIENTS_AT_ONCE, plan.patients)
        with _no_collecting(), transaction.atomic():
            scene = scene or _scene(plan, now=now)
            # the words under a seal tell the time of the place where somebody was treated
            timezone.activate(scene.clock.zone)
            scene.batch = Batch()
            _fill(scene, plan, range(start, stop))
            writing.write(scene.batch)
            if stop == plan.patients:
                Practice.objects.update(is_demo=True)
        tell(Progress(stop, plan.patients, time.monotonic() - began))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """No row leads back to itself, and searching a hundred thousand of them for that takes its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _make_room() -> None:
    """SQLite would read the indexes of a large demo again and again, and journal each row in a file.

    Inside another transaction that journal only grows, and in memory it is slow to take back.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
            cursor.execute("PRAGMA temp_store = MEMORY")


def _scene(plan: Plan, *, now: dt.datetime) -> Scene:
    zone = Location.objects.order_by("pk").values_list("time_zone", flat=True).first()
    staff = team.hire(plan.password, now=now)
    return Scene(
        clock=Clock(now, ZoneInfo(zone)),
        team=staff,
        shelf=shelf.stock_up(staff.practice),
        minter=Minter(Random(f"{plan.seed}:references")),
    )


def _fill(scene: Scene, plan: Plan, numbers: range) -> None:
    """The cast first, then as many regulars as are wanted."""
    for number in numbers:
        if number < len(PARTS):
            playing.play(scene, PARTS[number], seed=plan.seed, number=number)
        else:
            regulars.tell(scene, seed=plan.seed, number=number, sessions=plan.sessions)
