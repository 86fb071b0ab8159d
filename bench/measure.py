"""Times pages and writes, each next to an empty page, and reports the medians."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

from bench.accounts import AccountWrites
from bench.after_session import AfterSession
from bench.browser import HttpBrowser, Response
from bench.draft_writes import DraftWrites
from bench.front_desk import FrontDesk
from bench.pages import PAGES, addresses
from bench.paperwork import Paperwork
from bench.patient_day import LeadSearches, PatientDay
from bench.server import HOST

EMPTY = "/bench/empty/"
ROW = "/bench/row/"
WARM_UP = 1
# Of all users. The demo's own could not be changed back to: nobody may choose it.
PASSWORD = "four kettles on the bench"


@dataclass
class PairedTimes:
    """Seconds of each label, and of the empty page that was requested next to it."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    beside: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, what: str, seconds: float, beside: float) -> None:
        self.taken[what].append(seconds)
        self.beside[what].append(beside)

    def ratios(self) -> dict[str, float]:
        return {what: median(taken) / median(self.beside[what]) for what, taken in self.taken.items()}

    def yardstick_ms(self) -> float:
        return median(seconds for many in self.beside.values() for seconds in many) * 1000


@dataclass(frozen=True)
class Result:
    patients: int
    sessions: int
    pages: dict[str, float]
    writes: dict[str, float]
    by_row: dict[str, float]
    empty_ms: float
    row_ms: float
    seconds: float


def run(port: int, subjects: dict, *, rounds: int) -> Result:
    began = time.monotonic()
    pages, writes, by_row = PairedTimes(), PairedTimes(), PairedTimes()
    people = {name: _sign_in(port, name, subjects["secrets"].get(name, "")) for name in PAGES}
    for role, browser in people.items():
        _open_pages(browser, addresses(subjects, role), pages, rounds)
    _do_writes(people, subjects, (writes, by_row), rounds)
    for browser in people.values():
        browser.connection.close()
    return Result(
        patients=subjects["patients"],
        sessions=subjects["sessions"],
        pages=pages.ratios(),
        writes=writes.ratios(),
        by_row=by_row.ratios(),
        empty_ms=pages.yardstick_ms(),
        row_ms=by_row.yardstick_ms(),
        seconds=time.monotonic() - began,
    )


def _sign_in(port: int, username: str, secret: str) -> HttpBrowser:
    browser = HttpBrowser(HOST, port)
    browser.sign_in(username, PASSWORD, secret=secret)
    return browser


def _open_pages(browser: HttpBrowser, wanted: list[tuple[str, str]], pairs: PairedTimes, rounds: int) -> None:
    """Alternates page and empty page, so that other load affects both alike."""
    for what, path in wanted:
        answer = browser.get(path)
        if answer.status != 200:
            raise SystemExit(f"{what}: {path} answered {answer.status}.")
        for _ in range(WARM_UP):
            browser.get(path)
        for _ in range(rounds):
            pairs.add(what, browser.get(path).seconds, browser.get(EMPTY).seconds)


def _do_writes(
    people: dict[str, HttpBrowser], subjects: dict, pairs: tuple[PairedTimes, PairedTimes], rounds: int
) -> None:
    by_empty, by_row = pairs
    browser = people["therapist"]

    def timed(what: str, answer: Response) -> None:
        by_empty.add(what, answer.seconds, browser.get(EMPTY).seconds)
        by_row.add(what, answer.seconds, browser.get(ROW).seconds)

    day = PatientDay(people["reception"], browser, PASSWORD, timed)
    desk, draft, after = FrontDesk(day), DraftWrites(day), AfterSession(day)
    paper, doors = Paperwork(day, people["lead"]), AccountWrites(day, people["lead"], people["admin"])
    for number, person in enumerate(subjects["treatable"][1 : rounds + 1], start=1):
        session = day.of(person, number, desk.of, lambda path: (paper.open_draft(path), draft.of(path)))
        paper.of(person["ref"], session)
        paper.copy(person["ref"])
        after.behind_glass(person["ref"], people["lead"], subjects["lead"])
        after.of(person["ref"], session)
    spare = subjects["treatable"][rounds + 1 :]
    for person in spare[:rounds]:
        draft.in_vain(person)
    for person in spare[rounds : 2 * rounds]:
        draft.in_vain(person, lead=people["lead"])
    for review in subjects["reviews"][1 : rounds + 1]:
        after.warnings(None, review)
    # the first of each stays unchanged, because the pages above show it
    for visit in subjects["expected"][1 : rounds + 1]:
        day.check_in(visit)
        desk.steps(visit)
    calls = subjects["calls"][1:]
    for followup in calls[::2][:rounds]:
        paper.at_the_desk(followup)
        day.call(followup)
        after.warnings(followup, None)
    for followup in calls[1::2][:rounds]:
        day.close(followup)
    paper.cosign(subjects["cosign"])
    for person in subjects["treatable"][1 : rounds + 1]:
        LeadSearches(people["lead"], day).asks(person["ref"])
        doors.of()
    doors.passwords()
