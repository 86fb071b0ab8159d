"""Times pages and writes, each next to an empty page, and reports the quartiles."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench import comparison
from bench.accounts import AccountWrites
from bench.after_session import AfterSession
from bench.browser import HttpBrowser, Response
from bench.draft_writes import DraftWrites
from bench.front_desk import FrontDesk
from bench.pages import DUE_PAGES, PAGES, addresses
from bench.paperwork import Paperwork
from bench.patient_day import LeadSearches, PatientDay
from bench.server import HOST
from bench.stock_visitor import StockVisitor
from bench.timings import PairedTimes, Timing
from bench.whole_record import Duration

EMPTY = "/bench/empty/"
ROW = "/bench/row/"
OWN_EMPTY = "an empty page"
# Each of the server's eight threads has a connection of its own, and what is asked first on a new one takes
# PostgreSQL many times as long: it has yet to learn the tables. That is once in the life of a connection.
WARM_UP = 12
# Of all users. The demo's own could not be changed back to: nobody may choose it.
PASSWORD = "four kettles on the bench"


@dataclass(frozen=True)
class Yardsticks:
    """What the pages are measured by: what tells the seconds of an empty page, and the stock admin's port."""

    empty: Callable[[], float] | None = None
    stock: int | None = None


@dataclass(frozen=True)
class Result:
    """`stock` has ours and the stock admin's of each, `password_ms` what checking a password takes."""

    patients: int
    sessions: int
    pages: dict[str, Timing]
    writes: dict[str, Timing]
    by_row: dict[str, Timing]
    empty_ms: float
    row_ms: float
    seconds: float
    stock: dict[str, tuple[Timing, Timing]] = field(default_factory=dict)
    password_ms: float = 0
    whole: dict[str, Duration] = field(default_factory=dict)


@dataclass
class Run:
    """The people who are signed in, what they work on, and the times so far."""

    people: dict[str, HttpBrowser]
    subjects: dict
    rounds: int
    empty: Callable[[], float] | None
    warm_up: int = 0
    pages: PairedTimes = field(default_factory=PairedTimes)
    writes: PairedTimes = field(init=False)
    by_row: PairedTimes = field(init=False)

    def __post_init__(self):
        part = self.warm_up / (self.warm_up + self.rounds)
        self.writes, self.by_row = PairedTimes(part), PairedTimes(part)

    def yardstick(self, browser: HttpBrowser) -> float:
        return self.empty() if self.empty else browser.get(EMPTY).seconds

    def timed(self, what: str, answer: Response) -> None:
        browser = self.people["therapist"]
        self.writes.add(what, answer.seconds, self.yardstick(browser))
        self.by_row.add(what, answer.seconds, browser.get(ROW).seconds)

    def open_pages(self, browser: HttpBrowser, wanted: list[tuple[str, str]]) -> None:
        """Alternates page and empty page, so that other load affects both alike."""
        for what, path in wanted:
            answer = browser.get(path)
            if answer.status != 200:
                raise SystemExit(f"{what}: {path} answered {answer.status}.")
            for _ in range(self.warm_up):
                browser.get(path)
            for _ in range(self.rounds):
                self.pages.add(what, browser.get(path).seconds, self.yardstick(browser))

    def beside_stock(self, port: int) -> dict[str, tuple[Timing, Timing]]:
        browser = self.people["therapist"]
        quiet = PatientDay(self.people["reception"], browser, PASSWORD, lambda *about: None)
        return comparison.measured(
            self.people["reception"],
            DraftWrites(quiet),
            StockVisitor(HOST, port, PASSWORD),
            self.subjects,
            empty=lambda: self.yardstick(browser),
            rounds=self.rounds,
            warm_up=self.warm_up,
        )


def run(
    port: int,
    subjects: dict,
    *,
    rounds: int,
    warm_up: int = 0,
    beside: Yardsticks = Yardsticks(),
    make_due: Callable[[], None] | None = None,
) -> Result:
    """`make_due` lets calls wait, at the end: the pages before show a day of one practice.

    `warm_up` is how often each is asked before it counts.
    """
    began = time.monotonic()
    people = {name: sign_in(port, name, subjects["secrets"].get(name, "")) for name in PAGES}
    run = Run(people, subjects, rounds, beside.empty, warm_up)
    run.open_pages(people["therapist"], [(OWN_EMPTY, EMPTY)])
    for role, browser in people.items():
        run.open_pages(browser, addresses(subjects, role))
    stock = run.beside_stock(beside.stock) if beside.stock else {}
    _do_writes(run)
    if make_due:
        make_due()
        run.open_pages(people["reception"], DUE_PAGES)
    for browser in people.values():
        browser.connection.close()
    return Result(
        patients=subjects["patients"],
        sessions=subjects["sessions"],
        pages=run.pages.timings(),
        writes=run.writes.timings(),
        by_row=run.by_row.timings(),
        empty_ms=run.pages.yardstick_ms(),
        row_ms=run.by_row.yardstick_ms(),
        seconds=time.monotonic() - began,
        stock=stock,
    )


def sign_in(port: int, username: str, secret: str) -> HttpBrowser:
    browser = HttpBrowser(HOST, port)
    browser.sign_in(username, PASSWORD, secret=secret)
    return browser


def _do_writes(run: Run) -> None:
    people, subjects, rounds = run.people, run.subjects, run.rounds + run.warm_up
    day = PatientDay(people["reception"], people["therapist"], PASSWORD, run.timed)
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
