"""Times pages and writes, each beside an empty page asked a moment later, and keeps the medians."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

from bench.hands import Answer, Hands
from bench.pages import addresses
from bench.server import HOST
from bench.writes import Day

EMPTY = "/bench/empty/"
WARM_UP = 1
# The demo prints it for everybody.
PASSWORD = "needles-and-notes-2026"


@dataclass
class Pairs:
    """Seconds of each thing and of the empty page asked beside it."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    empty: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, what: str, seconds: float, empty: float) -> None:
        self.taken[what].append(seconds)
        self.empty[what].append(empty)

    def ratios(self) -> dict[str, float]:
        return {what: median(taken) / median(self.empty[what]) for what, taken in self.taken.items()}

    def milliseconds(self) -> dict[str, float]:
        return {what: median(taken) * 1000 for what, taken in self.taken.items()}


@dataclass(frozen=True)
class Result:
    patients: int
    sessions: int
    pages: dict[str, float]
    writes: dict[str, float]
    empty_ms: float
    seconds: float


def run(port: int, subjects: dict, *, rounds: int) -> Result:
    began = time.monotonic()
    pages, writes = Pairs(), Pairs()
    people = {name: _signed_in(port, name) for name in ("reception", "therapist")}
    for role, hands in people.items():
        _open_pages(hands, addresses(subjects, role), pages, rounds)
    _do_writes(people["reception"], people["therapist"], subjects, writes, rounds)
    empties = [seconds for pairs in (pages, writes) for many in pairs.empty.values() for seconds in many]
    return Result(
        patients=subjects["patients"],
        sessions=subjects["sessions"],
        pages=pages.ratios(),
        writes=writes.ratios(),
        empty_ms=median(empties) * 1000,
        seconds=time.monotonic() - began,
    )


def _signed_in(port: int, username: str) -> Hands:
    hands = Hands(HOST, port)
    hands.sign_in(username, PASSWORD)
    return hands


def _open_pages(hands: Hands, wanted: list[tuple[str, str]], pairs: Pairs, rounds: int) -> None:
    """Page, empty, page, empty: what the machine does besides falls on both alike."""
    for what, path in wanted:
        answer = hands.get(path)
        if answer.status != 200:
            raise SystemExit(f"{what}: {path} answered {answer.status}.")
        for _ in range(WARM_UP):
            hands.get(path)
        for _ in range(rounds):
            pairs.add(what, hands.get(path).seconds, hands.get(EMPTY).seconds)


def _do_writes(desk: Hands, hands: Hands, subjects: dict, pairs: Pairs, rounds: int) -> None:
    def timed(what: str, answer: Answer) -> None:
        pairs.add(what, answer.seconds, hands.get(EMPTY).seconds)

    day = Day(desk, hands, PASSWORD, timed)
    for number, person in enumerate(subjects["treatable"][1 : rounds + 1], start=1):
        day.of(person, number)
    # the first of each stays as it is: the pages above show it
    for visit in subjects["expected"][1 : rounds + 1]:
        day.check_in(visit)
    for followup in subjects["calls"][1 : rounds + 1]:
        day.call(followup)
