"""Builds the demo practice, batch by batch, unless the database holds something else."""

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from clinic import audit
from clinic.models import Practice, User
from clinic.values.errors import Reason
from demo import workers
from demo.bulk import signing, storing
from demo.bulk.finished import FinishedBatch
from demo.making import DemoPlan, Maker, without_garbage_collection
from demo.scenarios.definitions import SCENARIOS
from demo.setup import catalogs, practice_setup
from demo.setup.context import BuildContext, Clock, ReferenceGenerator, Staff
from patients.models import Patient
from treatments.models import NeedlingSession

PATIENTS_AT_ONCE = 250
# Fewer are made by this process alone: another one takes seconds to start.
FEWEST_FOR_WORKERS = 1500
CACHE_KB = 256 * 1024


@dataclass(frozen=True)
class BuildProgress:
    """How far the build is: `patients` of `total` stand, `before` of them since an earlier run."""

    patients: int
    total: int
    seconds: float
    before: int = 0

    @property
    def per_minute(self) -> int:
        return round((self.patients - self.before) / max(self.seconds, 0.001) * 60)

    @property
    def minutes_left(self) -> int:
        return round((self.total - self.patients) / max(self.per_minute, 1))


def is_complete() -> bool:
    """Whether this database holds the whole demo. `is_demo` is set with its last patient."""
    return Practice.objects.filter(is_demo=True).exists()


def is_begun() -> bool:
    return Practice.objects.filter(name=practice_setup.NAME).exists()


def patients_made() -> int:
    return Patient.objects.count()


def refusal_reasons(plan: DemoPlan) -> list[Reason]:
    """The demo is never mixed with real records, nor with a demo of another seed or size."""
    if is_complete():
        return []
    if is_begun():
        return _differing_from_begun(plan)
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


def _differing_from_begun(plan: DemoPlan) -> list[Reason]:
    made = patients_made()
    references = ReferenceGenerator(plan.seed)
    references.begin(made - 1)
    newest = Patient.objects.filter(ref=references.for_patient()).first()
    sessions = NeedlingSession.objects.filter(patient=newest).count()
    is_other = newest is None or (made > len(SCENARIOS) and sessions != plan.sessions)
    if not is_other and made <= plan.patients:
        return []
    message = (
        f"A demo of other patients was begun here, and {made:,} patients stand. Run the very command that "
        "began it to go on. Or delete this database, create and migrate it again, and run this one."
    )
    return [Reason("begun-otherwise", message)]


def build(
    plan: DemoPlan,
    *,
    now: dt.datetime,
    report_progress: Callable[[BuildProgress], None],
    processes: int | None = None,
) -> None:
    """Goes on where an earlier run of the same plan was stopped, at that run's present."""
    _enlarge_cache()
    began, before = time.monotonic(), patients_made()
    for stop in _stored(plan, range(before, plan.patients), now=now, processes=processes):
        report_progress(BuildProgress(stop, plan.patients, time.monotonic() - began, before))
    if before == plan.patients:
        with transaction.atomic():
            _complete()
    _count_for_the_planner()


def _stored(plan: DemoPlan, numbers: range, *, now: dt.datetime, processes: int | None) -> Iterator[int]:
    """Stores batch after batch; gives how many patients stand."""
    maker = Maker(_context(plan, practice_setup.standing()), plan) if numbers.start else None
    pieces = [numbers[at : at + PATIENTS_AT_ONCE] for at in range(0, len(numbers), PATIENTS_AT_ONCE)]
    # a scenario ends in acts of this moment, which need the database
    scenarios = [piece for piece in pieces if piece.start < len(SCENARIOS)]
    for piece in scenarios:
        with without_garbage_collection(), transaction.atomic():
            maker = maker or Maker(_context(plan, practice_setup.set_up(plan.password, now=now)), plan)
            _store(_finished_here(maker, piece), plan, piece)
        yield piece.stop
    others = pieces[len(scenarios) :]
    made = _finished(maker, others, processes=processes or _processes(others))
    for piece, finished in zip(others, made, strict=True):
        with without_garbage_collection(), transaction.atomic():
            _store(finished, plan, piece)
        yield piece.stop


def _processes(pieces: list[range]) -> int:
    return (os.cpu_count() or 1) if sum(map(len, pieces)) >= FEWEST_FOR_WORKERS else 1


def _finished(maker: Maker, pieces: list[range], *, processes: int) -> Iterator[FinishedBatch]:
    if processes > 1 and pieces:
        return workers.finished_batches(maker.packed(), pieces, storing.last_keys(), processes=processes)
    return (_finished_here(maker, piece) for piece in pieces)


def _finished_here(maker: Maker, piece: range) -> FinishedBatch:
    with without_garbage_collection():
        return maker.finished(maker.made(piece), storing.last_keys())


def _store(finished: FinishedBatch, plan: DemoPlan, piece: range) -> None:
    storing.store(finished)
    if piece.stop == plan.patients:
        _complete()
    else:
        audit.file_written()


def _complete() -> None:
    Practice.objects.update(is_demo=True)
    audit.file_written()


def _count_for_the_planner() -> None:
    """PostgreSQL plans by what it knows of its tables, and counts them by itself only minutes later.

    Until then a board of 8,000 patients took 250 ms.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _enlarge_cache() -> None:
    """Keep SQLite from reading the indexes of a large demo again and again, and its journal out of files.

    Not inside a transaction that is open already: its journal only grows, and is slow to roll back in memory.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
            cursor.execute("PRAGMA temp_store = MEMORY")


def _context(plan: DemoPlan, staff: Staff) -> BuildContext:
    """Its present is that of the setting up, whenever the build goes on."""
    now = staff.reception.date_joined
    return BuildContext(
        clock=Clock(now, ZoneInfo(staff.location.time_zone)),
        staff=staff,
        catalogs=catalogs.load(staff.practice),
        sealing=signing.sealing(staff.therapists, now=now),
        references=ReferenceGenerator(plan.seed),
    )
