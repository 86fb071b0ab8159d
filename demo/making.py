"""Makes the patients of the demo, some numbers at a time: what each is follows from seed and number alone."""

import gc
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone

from demo.bulk import finished, keys
from demo.bulk.batch import Batch
from demo.bulk.finished import FinishedBatch
from demo.bulk.keys import LastKeys
from demo.scenarios import ordinary_patients, scenario_builder
from demo.scenarios.definitions import SCENARIOS
from demo.setup import practice_setup
from demo.setup.context import BuildContext


@dataclass(frozen=True)
class DemoPlan:
    patients: int = 40
    sessions: int = 3
    seed: str = "filiform"
    password: str = practice_setup.PASSWORD


class Maker:
    """Makes the batches of one plan. It needs no database, so that any process may hold one."""

    def __init__(self, context: BuildContext, plan: DemoPlan):
        self.context, self.plan = context, plan

    def packed(self) -> bytes:
        return pickle.dumps(self)

    def made(self, numbers: range) -> Batch:
        """The scenarios first, then as many ordinary patients as are wanted."""
        # the sentences in a seal use the local time of the practice
        timezone.activate(self.context.clock.zone)
        self.context.batch = Batch()
        with without_garbage_collection():
            for number in numbers:
                self._add_patient(number)
        return self.context.batch

    def _add_patient(self, number: int) -> None:
        context, plan = self.context, self.plan
        context.references.begin(number)
        if number < len(SCENARIOS):
            scenario_builder.add_patient(context, SCENARIOS[number], seed=plan.seed, number=number)
        else:
            ordinary_patients.add_patient(context, seed=plan.seed, number=number, sessions=plan.sessions)

    def last_after(self, batch: Batch, last: LastKeys) -> LastKeys:
        """The last keys once this batch stands behind `last`."""
        return keys.after(last, finished.keys_taken(batch))

    def finished(self, batch: Batch, last: LastKeys) -> FinishedBatch:
        with without_garbage_collection():
            self.context.batch = Batch()
            return finished.finish(batch, last, self.context.sealing)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """The rows hold no reference cycles, and searching a hundred thousand of them for cycles is slow."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
