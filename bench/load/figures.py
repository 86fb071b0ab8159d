"""The arithmetic of a run under load: shares, percentiles, and what bends first."""

import math
import re
from dataclasses import dataclass, field

READ, SAVE, POLL, SIGN_IN = "read", "save", "poll", "sign-in"
KINDS = (READ, SAVE, POLL, SIGN_IN)
# own choice: what a person still feels as at once, to read and to save, in milliseconds
AIM_MS = {READ: 300, SAVE: 600}
# Sent by POST, and yet only asked: what is searched for stands in no address.
SEARCHES = {"/patients/", "/audit/", "/patients/register/matches/", "/reports/lot/"}
POLLS = ("/board/news/", "/presence/")
# Each checks a password, which is slow on purpose.
DOORS = ("/accounts/", "/handover/return/")
# References are upper case, keys are digits or a UUID; the words of an address are neither.
NAMES = re.compile(r"(?<=/)(?:[0-9A-Z]+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/)")
# Shares from which on a resource counts as used up.
BUSY_CORE, BUSY_MACHINE = 0.85, 0.95


@dataclass(frozen=True)
class Sample:
    kind: str
    what: str
    seconds: float
    status: int

    @property
    def failed(self) -> bool:
        """5xx, or 0 where no answer came."""
        return self.status == 0 or self.status >= 500


@dataclass(frozen=True)
class Stage:
    """What was seen while so many people worked. Shares of processor time are in cores."""

    clients: int
    seconds: float
    samples: list[Sample]
    server_cores: float
    bench_cores: float
    machine_cores: float
    cores: int
    queued: int
    interrupted: list[str] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return sum(sample.failed for sample in self.samples)

    @property
    def per_second(self) -> float:
        return len(self.samples) / self.seconds

    @property
    def server_ms_each(self) -> float:
        """Of the processor for one request: other work on the machine hardly changes it."""
        return self.server_cores * self.seconds * 1000 / max(len(self.samples), 1)

    def of(self, kind: str) -> list[float]:
        return [sample.seconds for sample in self.samples if sample.kind == kind and not sample.failed]

    def p95_ms(self, kind: str) -> float:
        return percentile(self.of(kind), 95) * 1000

    @property
    def holds(self) -> bool:
        return not self.failed and all(self.p95_ms(kind) <= aim for kind, aim in AIM_MS.items())


def kind_of(method: str, path: str) -> str:
    bare = path.partition("?")[0]
    if bare.endswith(POLLS):
        return POLL
    if method == "POST" and bare.startswith(DOORS):
        return SIGN_IN
    return SAVE if method == "POST" and bare not in SEARCHES else READ


def label_of(method: str, path: str) -> str:
    return f"{method} {NAMES.sub('…', path.partition('?')[0])}"


def percentile(values: list[float], percent: float) -> float:
    """The nearest rank: a value that was measured. 0 of none."""
    if not values:
        return 0.0
    rank = max(math.ceil(percent / 100 * len(values)), 1)
    return sorted(values)[rank - 1]


def slowest(samples: list[Sample], kind: str, *, least: int = 5, count: int = 5) -> list[tuple[str, float]]:
    """(label, p95 in seconds) of those asked often enough, the slowest first."""
    by_label: dict[str, list[float]] = {}
    for sample in samples:
        if sample.kind == kind and not sample.failed:
            by_label.setdefault(sample.what, []).append(sample.seconds)
    known = [(what, percentile(taken, 95)) for what, taken in by_label.items() if len(taken) >= least]
    return sorted(known, key=lambda pair: pair[1], reverse=True)[:count]


def bends_at(stages: list[Stage]) -> str:
    """The first stage that is slower than the aims or fails, and what was used up there."""
    for stage in stages:
        if not stage.holds:
            return f"At {stage.clients} it bends: {_used_up(stage)}."
    return f"Up to {stages[-1].clients} it holds."


def _used_up(stage: Stage) -> str:
    if stage.server_cores >= BUSY_CORE:
        return "the one process of the server has used up its core"
    if stage.machine_cores >= BUSY_MACHINE * stage.cores:
        others = stage.machine_cores - stage.server_cores - stage.bench_cores
        return (
            f"the processors are used up, {max(others, 0):.1f} cores of them by the database and other work"
        )
    if stage.queued:
        return "every thread of the server waits for the database, and requests for a thread"
    return "the database, or what it waits for"
