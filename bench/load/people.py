"""What the desk, a therapist and a lead do all day, over and over, each in a thread of their own."""

import queue
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.browser import Response
from bench.draft_writes import DraftWrites
from bench.load.human import POLL_SECONDS, EndOfShift, HumanBrowser, Journal, NoAnswer, Shift
from bench.measure import PASSWORD
from bench.paperwork import Paperwork
from bench.patient_day import LeadSearches, PatientDay, Refused
from bench.server import HOST
from bench.tablet import Tablet

# A tab in the background asks more rarely.
HIDDEN_TAB = 4 * POLL_SECONDS
REPORTS = ("notes", "needles", "calls", "soreness", "overrides", "visits")
# own choice: seconds after the one before that a person comes in; all at once would be another test
COMES_AFTER = 1.0
# What a page lacks stops one piece of work, and the person goes on with the next.
TROUBLE = (NoAnswer, Refused, LookupError, StopIteration)


@dataclass
class Practice:
    """Where people meet: patients who come, calls that are due, and who waits for which therapist."""

    port: int
    journal: Journal
    shift: Shift
    # seconds within which all have come in
    arrivals: float
    therapists: list[dict]
    coming: queue.SimpleQueue
    calls: queue.SimpleQueue
    expected: queue.SimpleQueue
    waiting: dict[str, queue.SimpleQueue] = field(init=False)

    def __post_init__(self):
        self.waiting = {one["username"]: queue.SimpleQueue() for one in self.therapists}

    def browser(self) -> HumanBrowser:
        return HumanBrowser(HOST, self.port, self.journal, self.shift)


def taken(line: queue.SimpleQueue):
    """The next of the line; None from an empty one."""
    try:
        return line.get_nowait()
    except queue.Empty:
        return None


def untimed(what: str, answer: Response) -> None:
    """The browser has written down each request already."""


class Person(ABC):
    board_every = HIDDEN_TAB

    def __init__(self, practice: Practice, account: dict, number: int):
        self.practice, self.account, self.number = practice, account, number
        self.browser = practice.browser()
        self.day = PatientDay(self.browser, self.browser, PASSWORD, untimed)

    def work(self) -> None:
        """Until the shift is over. What interrupts a piece of work is written down, then the next begins."""
        time.sleep(random.uniform(0, self.practice.arrivals))
        signed_in = self._tried(self._sign_in)
        pieces = self.pieces()
        turn = self.number
        while signed_in and not self.practice.shift.is_over():
            self._tried(pieces[turn % len(pieces)])
            turn += 1
        self.browser.connection.close()

    @abstractmethod
    def pieces(self) -> list[Callable[[], None]]:
        """The work of this role, done in turn."""

    def _sign_in(self) -> None:
        try:
            self.browser.sign_in(self.account["username"], PASSWORD, secret=self.account.get("secret", ""))
        except SystemExit as error:
            raise Refused(*error.args) from error
        self.browser.open_board(every=self.board_every)

    def _tried(self, piece: Callable[[], None]) -> bool:
        try:
            piece()
        except EndOfShift:
            return False
        except TROUBLE as error:
            self.practice.journal.interrupted.append(f"{type(self).__name__}: {error}")
            self.browser.close_draft()
            return False
        return True


class Desk(Person):
    board_every = POLL_SECONDS

    def pieces(self) -> list[Callable[[], None]]:
        return [self.receive, self.call, self.receive, self.register, self.check_in]

    def receive(self) -> None:
        """A patient comes: found, opened, started, asked on the tablet; then their therapist may begin."""
        person = taken(self.practice.coming)
        if person is None:
            return self.look()
        ref = person["ref"]
        self.day.find(person)
        self.browser.get(f"/patients/{ref}/")
        therapist = random.choice(self.practice.therapists)
        key = str(therapist["pk"])
        self.day.arrive(ref, therapist=key)
        tablet = Tablet(self.browser, PASSWORD, self.day.check, username=self.account["username"])
        tablet.of(ref, therapist=key)
        self.practice.waiting[therapist["username"]].put(person)
        return self.look()

    def call(self) -> None:
        self.browser.get("/followups/")
        followup = taken(self.practice.calls)
        if followup:
            self.day.answer_call(followup)

    def register(self) -> None:
        self.day.register(self.number)
        self.browser.get(f"/patients/{self.day.newest}/")

    def check_in(self) -> None:
        visit = taken(self.practice.expected)
        if visit:
            self.day.check_in(visit)
        self.look()

    def look(self) -> None:
        self.browser.get("/")


class Therapist(Person):
    def pieces(self) -> list[Callable[[], None]]:
        return [self.treat]

    def treat(self) -> None:
        self.browser.get("/")
        person = taken(self.practice.waiting[self.account["username"]])
        if person is None:
            return
        self.browser.get(f"/patients/{person['ref']}/")
        path = self.day.open_session(person)
        self.browser.open_draft(path)
        DraftWrites(self.day).live(path)
        self.day.write_session(path)
        self.browser.close_draft()
        self.day.sign(path)
        self.browser.get(path)
        self.day.afterwards(person, path)
        self.browser.get(f"/patients/{person['ref']}/chart/")


class Lead(Person):
    def pieces(self) -> list[Callable[[], None]]:
        return [self.read, self.report, self.ask]

    def read(self) -> None:
        self.browser.get("/")
        person = self._somebody()
        self.browser.get(f"/patients/{person['ref']}/")
        self.browser.get(f"/sessions/{person['session']}/")

    def report(self) -> None:
        self.browser.get("/reports/")
        self.browser.get(f"/reports/{random.choice(REPORTS)}/")

    def ask(self) -> None:
        ref = self._somebody()["ref"]
        LeadSearches(self.browser, self.day).asks(ref)
        paper = Paperwork(self.day, self.browser)
        for what in ("put a record on hold", "lift the hold"):
            why = {"reason": "Letter of a lawyer."}
            paper.send(what, f"/patients/{ref}/keeping/", ("reason", "verb"), why, browser=self.browser)

    def _somebody(self) -> dict:
        """Each lead has people of their own: two would hold and lift the same record."""
        return random.choice(self.account["people"])


KINDS: dict[str, type[Person]] = {"desk": Desk, "therapist": Therapist, "lead": Lead}
