"""Simulated network faults: disconnected, delayed requests, lost responses."""

import os
import re
import time

from playwright.sync_api import Page, Route, expect

# Milliseconds. The session page is some sixty requests to one Python server, and CI drives three browsers on
# two cores: there a page of ours may need as long, and nothing waits longer than it takes.
TIMEOUT = 30_000 if os.environ.get("CI") == "true" else 10_000
SAVED = re.compile(r"^Saved \d{1,2}:\d\d [AP]M$")
NO_CONNECTION = "Not saved yet, no connection"


def disconnect(page: Page) -> None:
    page.watch.allow("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)


def reconnect(page: Page) -> None:
    """Restores the network; the browser fires its online event."""
    page.context.set_offline(False)


def focus_window(page: Page) -> None:
    """Fires the focus event, at which the page retries at once."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def open_with_paused_clock(page: Page, address: str) -> None:
    """Opens the page with a clock that only the test moves."""
    page.clock.install()
    page.goto(address)
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)


def eventually(page: Page, is_so) -> bool:
    """Whether the condition becomes true in time.

    The page goes on meanwhile: routes, dialogs and events are only handled while Playwright waits.
    """
    until = time.monotonic() + TIMEOUT / 1000
    while not (there := is_so()) and time.monotonic() < until:
        page.wait_for_timeout(50)
    return there


def settle(page: Page) -> None:
    """Waits until the page has loaded and its requests are answered; those of a closed page never are."""
    page.wait_for_load_state("load")
    eventually(page, lambda: not page.watch.unanswered())


class DelayedRequests:
    """Holds requests to one address until they are sent or dropped."""

    def __init__(self, page: Page, where: str):
        self.page, self.where, self.routes, self._is_over = page, re.compile(where), [], False
        page.watch.allow("ERR_CONNECTION_FAILED")
        page.route(self.where, self._answer)

    def _answer(self, route: Route) -> None:
        if self._is_over:
            route.continue_()
        else:
            self.routes.append(route)

    def wait(self) -> None:
        assert eventually(self.page, lambda: self.routes), f"nothing was sent to {self.where.pattern}"

    def send(self) -> None:
        """Lets the held requests go on; later ones pass."""
        self._end(lambda route: route.continue_())

    def drop(self) -> None:
        """Fails the held requests; later ones pass."""
        self._end(lambda route: route.abort("connectionfailed"))

    def _end(self, answer) -> None:
        # a request that comes while these are answered passes too: nobody would answer it later
        self._is_over = True
        for route in self.routes:
            answer(route)
        self.page.unroute(self.where)


class DelayedAnswer:
    """The server handles the next request to one address; its response is held until it is released."""

    def __init__(self, page: Page, where: str):
        self.page, self.held = page, []
        page.route(re.compile(where), self._hold, times=1)

    def _hold(self, route: Route) -> None:
        self.held.append((route, route.fetch()))

    def wait(self) -> None:
        assert eventually(self.page, lambda: self.held), "nothing was sent"

    def release(self) -> None:
        for route, response in self.held:
            route.fulfill(response=response)


def lose_answers(page: Page, where: str, times: int = 1) -> None:
    """The server handles the request, but its response is lost."""

    def answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionfailed")

    page.watch.allow("ERR_CONNECTION_FAILED")
    page.route(re.compile(where), answer, times=times)


def disconnect_after(page: Page, where: str, count: int) -> None:
    """Lets that many requests pass, then fails all others to this address."""
    passed = []

    def answer(route: Route) -> None:
        passed.append(route)
        if len(passed) <= count:
            route.continue_()
        else:
            route.abort("connectionfailed")

    page.watch.allow("ERR_CONNECTION_FAILED")
    page.route(re.compile(where), answer)


def assert_saved(page: Page) -> None:
    expect(page.locator("[data-save]")).to_have_text(SAVED)
    expect(page.locator("[data-offline]")).to_be_hidden()
