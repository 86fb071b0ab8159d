"""Simulated network faults: disconnected, delayed requests, lost responses."""

import re
import time

from playwright.sync_api import Page, Route, expect

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


def eventually(is_so, seconds: float = 10) -> bool:
    """Whether the condition becomes true within the given seconds."""
    until = time.monotonic() + seconds
    while not (there := is_so()) and time.monotonic() < until:
        time.sleep(0.05)
    return there


def settle(page: Page) -> None:
    """Waits until the page has loaded and its requests are answered; those of a closed page never are."""
    page.wait_for_load_state("load")
    for _ in range(40):
        if not page.watch.open_requests:
            return
        page.wait_for_timeout(25)


class DelayedRequests:
    """Holds requests to one address until they are sent or dropped."""

    def __init__(self, page: Page, where: str):
        self.page, self.where, self.routes = page, re.compile(where), []
        page.watch.allow("ERR_CONNECTION_FAILED")
        page.route(self.where, lambda route: self.routes.append(route))

    def wait(self) -> None:
        for _ in range(200):
            if self.routes:
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"nothing was sent to {self.where.pattern}")

    def send(self) -> None:
        """Lets the held requests go on; later ones pass."""
        for route in self.routes:
            route.continue_()
        self.page.unroute(self.where)

    def drop(self) -> None:
        """Fails the held requests; later ones pass."""
        for route in self.routes:
            route.abort("connectionfailed")
        self.page.unroute(self.where)


class DelayedAnswer:
    """The server handles the next request to one address; its response is held until it is released."""

    def __init__(self, page: Page, where: str):
        self.page, self.held = page, []
        page.route(re.compile(where), self._hold, times=1)

    def _hold(self, route: Route) -> None:
        self.held.append((route, route.fetch()))

    def wait(self) -> None:
        assert eventually(lambda: self.page.wait_for_timeout(25) or self.held), "nothing was sent"

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
    expect(page.locator("[data-save]")).to_have_text(SAVED, timeout=20_000)
    expect(page.locator("[data-offline]")).to_be_hidden()
