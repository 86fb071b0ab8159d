"""Puts people to work against the running server, stage after stage, and asks the record what it kept."""

import json
import os
import queue
import time
from dataclasses import dataclass
from pathlib import Path

from bench import processes, server
from bench.load import human
from bench.load.figures import Stage
from bench.load.human import PAUSE, Journal, Shift
from bench.load.people import COMES_AFTER, KINDS, Practice

# Of thirty people: how many are at the desk, treat, and lead.
SHARES = {"desk": 12, "therapist": 15, "lead": 3}
# What waitress writes when a request found no free thread.
QUEUED = "Task queue depth"
# After the shift a request may take its full time.
GOING_HOME = 60


@dataclass(frozen=True)
class Plan:
    """`stages` is how many people work in each, `minutes` how long each lasts."""

    stages: list[int]
    minutes: float
    pause: tuple[float, float] = PAUSE


@dataclass(frozen=True)
class LoadResult:
    stages: list[Stage]
    # what acknowledged saves promised to be in the record, and those of it that are not there
    claims: list[list[str]]
    lost: list[list[str]]
    patients: int
    threads: int


def staffed(people: int) -> dict[str, int]:
    """{kind: number} in the proportions of a practice of thirty, nobody left out."""
    whole = sum(SHARES.values())
    lead = max(people * SHARES["lead"] // whole, 1)
    desk = max(round((people - lead) * SHARES["desk"] / (SHARES["desk"] + SHARES["therapist"])), 1)
    return {"desk": desk, "therapist": people - lead - desk, "lead": lead}


def run(database: str, plan: Plan, folder: Path) -> LoadResult:
    found = json.loads(server.manage(database, "bench_staff", json.dumps(staffed(max(plan.stages)))))
    log = folder / "server.log"
    with server.started(database, log=log) as (port, pid):
        day = WorkingDay(port, pid, log, plan, found)
        for people in plan.stages:
            day.work(people)
    lost = _lost(database, day.claims, folder)
    return LoadResult(day.stages, day.claims, lost, found["patients"], found["threads"])


class WorkingDay:
    """One stage after another with the same server; who waits is left to the next."""

    def __init__(self, port: int, pid: int, log: Path, plan: Plan, found: dict):
        self.port, self.pid, self.log, self.plan, self.found = port, pid, log, plan, found
        self.lines = {name: queue.SimpleQueue() for name in ("coming", "calls", "expected")}
        for name, line in self.lines.items():
            for one in found[name]:
                line.put(one)
        self.stages: list[Stage] = []
        self.claims: list[list[str]] = []

    def work(self, people: int) -> None:
        began, arrivals, journal = time.monotonic(), people * COMES_AFTER, Journal()
        shift = Shift(began + arrivals + self.plan.minutes * 60, self.plan.pause)
        staff = _on_duty(self.found["staff"], staffed(people), self.found["records"])
        practice = Practice(self.port, journal, shift, arrivals, staff["therapist"], **self.lines)
        cpu, queued = _cpu(self.pid), _queued(self.log)
        stuck = _at_work(practice, staff, until=shift.ends_at + GOING_HOME)
        took = time.monotonic() - began
        cores = [(after - before) / took for before, after in zip(cpu, _cpu(self.pid), strict=True)]
        stage = Stage(
            people, took, journal.samples, *cores, os.cpu_count() or 1, _queued(self.log) - queued,
            [*journal.interrupted, *stuck],
        )  # fmt: skip
        self.stages.append(stage)
        self.claims += journal.claims
        print(f"{people} people: {len(stage.samples):,} requests, {stage.failed} failed", flush=True)


def _at_work(practice: Practice, staff: dict[str, list], *, until: float) -> list[str]:
    """Who never came home."""
    workers = [
        human.start(KINDS[kind](practice, account, number).work, account["username"])
        for kind, accounts in staff.items()
        for number, account in enumerate(accounts)
    ]
    for worker in workers:
        worker.join(max(until - time.monotonic(), 0.1))
    return [f"{worker.name} never came home" for worker in workers if worker.is_alive()]


def _on_duty(accounts: dict[str, list], wanted: dict[str, int], records: list[dict]) -> dict[str, list]:
    staff = {kind: accounts[kind][:count] for kind, count in wanted.items()}
    for number, lead in enumerate(staff["lead"]):
        lead["people"] = records[number :: len(staff["lead"])]
    return staff


def _cpu(pid: int) -> tuple[float, float, float]:
    """Seconds of the processors so far: of the server, of this process, of the whole machine."""
    return processes.cpu_seconds(pid), time.process_time(), processes.machine_seconds()


def _queued(log: Path) -> int:
    return log.read_text(encoding="utf-8", errors="replace").count(QUEUED)


def _lost(database: str, claims: list[list[str]], folder: Path) -> list[list[str]]:
    """The claims that the record does not bear out."""
    path = folder / "claims.json"
    path.write_text(json.dumps(claims), encoding="utf-8")
    return json.loads(server.manage(database, "bench_acknowledged", str(path)))
