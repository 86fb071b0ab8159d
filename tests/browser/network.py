"""What a network does to a page: it is cut, it holds a request back, or it loses the answer on the way."""

import re
import time

from playwright.sync_api import Page, Route, expect

SAVED = re.compile(r"^Saved \d\d:\d\d$")
NO_CONNECTION = "Not saved yet, no connection"


def disconnect(page: Page) -> None:
    page.watch.allow("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)


def reconnect(page: Page) -> None:
    """The network is back, and the browser says so."""
    page.context.set_offline(False)


def focus_window(page: Page) -> None:
    """The page tries again at once, as it does when it is looked at."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def open_with_paused_clock(page: Page, address: str) -> None:
    """Opens the page with a clock that runs only when it is told to, however busy the machine is."""
    page.clock.install()
    page.goto(address)
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)


def eventually(is_so, seconds: float = 10) -> bool:
    """Whether what is on its way arrives, sooner or later."""
    until = time.monotonic() + seconds
    while not (there := is_so()) and time.monotonic() < until:
        time.sleep(0.05)
    return there


class DelayedRequests:
    """Requests to one address wait here, on their way to the server, until they are dropped."""

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

    def drop(self) -> None:
        """They never arrive; what is sent from now on does."""
        for route in self.routes:
            route.abort("connectionfailed")
        self.page.unroute(self.where)


def lose_answers(page: Page, where: str, times: int = 1) -> None:
    """The server does what it was asked, and its answer never arrives."""

    def answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionfailed")

    page.watch.allow("ERR_CONNECTION_FAILED")
    page.route(re.compile(where), answer, times=times)


def disconnect_after(page: Page, where: str, count: int) -> None:
    """So many requests arrive, and then the network is gone for this address."""
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
