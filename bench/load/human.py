"""A browser whose person pauses before each request, and whose open pages poll meanwhile."""

import http.client
import random
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.browser import HttpBrowser, Response
from bench.load.claims import claim_of
from bench.load.figures import Sample, kind_of, label_of

# own choice: seconds between two requests of a person who reads and types
PAUSE = (2.0, 8.0)
# Of an open board and an open draft. Both ask as the pages' scripts do.
POLL_SECONDS = 15
BACKGROUND = {"X-Background": "1"}


class EndOfShift(Exception):
    """The time is up: the person goes home, wherever they are."""


class NoAnswer(Exception):
    """The server closed the connection or did not answer in time."""


@dataclass
class Journal:
    """What happened to everybody. Lists are only appended to, by all threads."""

    samples: list[Sample] = field(default_factory=list)
    claims: list[list[str]] = field(default_factory=list)
    interrupted: list[str] = field(default_factory=list)


@dataclass
class Shift:
    """The time that everybody works, with the pauses between."""

    ends_at: float
    pause: tuple[float, float] = PAUSE

    def is_over(self) -> bool:
        return time.monotonic() >= self.ends_at


class HumanBrowser(HttpBrowser):
    timeout = 30

    def __init__(self, host: str, port: int, journal: Journal, shift: Shift):
        super().__init__(host, port)
        self.journal, self.shift = journal, shift
        self.polls: dict[str, Callable[[], None]] = {}
        self.due: dict[str, float] = {}
        # a redirect is followed at once
        self.at_once = True
        # and so is a sign-in: a code of the app lasts for half a minute
        self.hurries = False

    def get(self, path: str, headers: dict | None = None) -> Response:
        self._pause()
        answer = super().get(path, headers)
        self.at_once = False
        return answer

    def post(self, path: str, values: dict[str, list[str]], headers: dict | None = None) -> Response:
        self._pause()
        answer = super().post(path, values, headers)
        self.at_once = answer.status == 302
        if claim := claim_of(path, values, answer):
            self.journal.claims.append(claim)
        return answer

    def sign_in(self, username: str, password: str, *, secret: str = "") -> None:
        self.hurries = True
        super().sign_in(username, password, secret=secret)
        self.hurries = False

    def open_board(self, *, every: float = POLL_SECONDS) -> None:
        """From now on a board is open in a tab and asks for news."""
        version = re.findall(r'data-version="([^"]*)"', self.get("/").text)[0]
        state = {"version": version}

        def ask() -> None:
            answer = HttpBrowser.get(self, f"/board/news/?v={state['version']}", BACKGROUND)
            fresh = answer.headers.get("X-Board-Version") or re.findall(
                r'data-version="([^"]*)"', answer.text
            )
            state["version"] = fresh if isinstance(fresh, str) else (fresh or [state["version"]])[0]

        self._poll("board", ask, every)

    def open_draft(self, path: str) -> None:
        """From now on a draft is open in a tab and asks who else has it open."""
        token = self.get(path).form("client_id", "note").values["csrfmiddlewaretoken"]
        here = {
            "csrfmiddlewaretoken": token,
            "client_id": [str(uuid.uuid4())],
            "after": ["0"],
            "reasons": ["0"],
        }
        self._poll(
            "draft", lambda: HttpBrowser.post(self, f"{path}presence/", here, BACKGROUND), POLL_SECONDS
        )

    def close_draft(self) -> None:
        self.polls.pop("draft", None)

    def _poll(self, name: str, ask: Callable, every: float) -> None:
        def again() -> None:
            ask()
            self.due[name] = time.monotonic() + every

        self.polls[name] = again
        self.due[name] = time.monotonic() + random.uniform(0, every)

    def _pause(self) -> None:
        now = time.monotonic()
        wake = now if self.at_once or self.hurries else now + random.uniform(*self.shift.pause)
        while True:
            if self.shift.is_over():
                raise EndOfShift
            due = {name: self.due[name] for name in self.polls}
            name = min(due, key=due.__getitem__, default="")
            if not name or due[name] >= wake:
                break
            time.sleep(max(due[name] - time.monotonic(), 0))
            self.polls[name]()
        time.sleep(max(min(wake, self.shift.ends_at) - time.monotonic(), 0))

    def _ask(self, method: str, path: str, body: str | None, headers: dict) -> Response:
        kind, what = kind_of(method, path), label_of(method, path)
        began = time.perf_counter()
        try:
            answer = super()._ask(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.journal.samples.append(Sample(kind, what, time.perf_counter() - began, 0))
            raise NoAnswer(f"{what}: {type(error).__name__}") from error
        self.journal.samples.append(Sample(kind, what, answer.seconds, answer.status))
        return answer


def start(target: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread
