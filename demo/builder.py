"""Builds the demo practice, batch by batch, unless the database holds something else."""

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

from clinic import audit
from clinic.models import Location, Practice, User
from clinic.values.errors import Reason
from demo.bulk import batch
from demo.bulk.batch import Batch
from demo.scenarios import ordinary_patients, scenario_builder
from demo.scenarios.definitions import SCENARIOS
from demo.setup import catalogs, practice_setup
from demo.setup.context import BuildContext, Clock, ReferenceGenerator
from patients.models import Patient

PATIENTS_AT_ONCE = 250
CACHE_KB = 256 * 1024


@dataclass(frozen=True)
class DemoPlan:
    patients: int = 40
    sessions: int = 3
    seed: str = "filiform"
    password: str = practice_setup.PASSWORD


@dataclass(frozen=True)
class BuildProgress:
    """How far the build is. `seconds` since it began."""

    patients: int
    total: int
    seconds: float

    @property
    def per_minute(self) -> int:
        return round(self.patients / max(self.seconds, 0.001) * 60)


def is_complete() -> bool:
    """Whether this database holds the whole demo. `is_demo` is set with its last patient."""
    return Practice.objects.filter(is_demo=True).exists()


def refusal_reasons() -> list[Reason]:
    """The demo is never mixed with real records, nor with a demo that was stopped half way."""
    if is_complete():
        return []
    if Practice.objects.filter(name=practice_setup.NAME).exists():
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
    taken = User.objects.filter(username__in=[member.username for member in practice_setup.STAFF])
    if taken.exists():
        names = ", ".join(sorted(taken.values_list("username", flat=True)))
        message = f"These sign-ins exist already: {names}. Run the demo on a freshly migrated database."
        return [Reason("names-taken", message)]
    return []


def build(plan: DemoPlan, *, now: dt.datetime, report_progress: Callable[[BuildProgress], None]) -> None:
    _enlarge_cache()
    began = time.monotonic()
    context = None
    for start in range(0, plan.patients, PATIENTS_AT_ONCE):
        stop = min(start + PATIENTS_AT_ONCE, plan.patients)
        with _without_garbage_collection(), transaction.atomic():
            context = context or _context(plan, now=now)
            # the sentences in a seal use the local time of the practice
            timezone.activate(context.clock.zone)
            context.batch = Batch()
            _add_patients(context, plan, range(start, stop))
            batch.write(context.batch)
            if stop == plan.patients:
                Practice.objects.update(is_demo=True)
            audit.file_written()
        report_progress(BuildProgress(stop, plan.patients, time.monotonic() - began))


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """The rows hold no reference cycles, and searching a hundred thousand of them for cycles is slow."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _enlarge_cache() -> None:
    """Keep SQLite from reading the indexes of a large demo again and again, and its journal out of files.

    Not inside a transaction that is open already: its journal only grows, and is slow to roll back in memory.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
            cursor.execute("PRAGMA temp_store = MEMORY")


def _context(plan: DemoPlan, *, now: dt.datetime) -> BuildContext:
    zone = Location.objects.order_by("pk").values_list("time_zone", flat=True).first()
    staff = practice_setup.set_up(plan.password, now=now)
    return BuildContext(
        clock=Clock(now, ZoneInfo(zone)),
        staff=staff,
        catalogs=catalogs.load(staff.practice),
        references=ReferenceGenerator(Random(f"{plan.seed}:references")),
    )


def _add_patients(context: BuildContext, plan: DemoPlan, numbers: range) -> None:
    """The scenarios first, then as many ordinary patients as are wanted."""
    for number in numbers:
        if number < len(SCENARIOS):
            scenario_builder.add_patient(context, SCENARIOS[number], seed=plan.seed, number=number)
        else:
            ordinary_patients.add_patient(context, seed=plan.seed, number=number, sessions=plan.sessions)
