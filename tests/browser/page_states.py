"""Opens pages in many states without changing data, with one browser context per user."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser.network import TIMEOUT
from tests.browser.page_faults import FaultWatch
from tests.browser.practice import Practice

TABLET = "tablet: "
VISITOR = "visitor"

# Fills in the form that has these fields and submits it without the page's own validation.
SUBMIT_SCRIPT = """(fields) => {
  const names = Object.keys(fields);
  const forms = Array.from(document.querySelectorAll("main form"));
  const form = forms.find((one) => one.method === "post" && names.every((name) => one.elements[name]));
  if (!form) throw Error(`No form has ${names.join(", ")}.`);
  const boxes = (name) => Array.from(form.elements).filter((box) => box.name === name);
  names.forEach((name) => boxes(name).forEach((box) => {
    if (box.type === "submit") return;
    if (["radio", "checkbox"].includes(box.type)) box.checked = [].concat(fields[name]).includes(box.value);
    else box.value = fields[name];
  }));
  // a button that has the value is the one that is pressed
  const pressed = names.flatMap(boxes).find((box) => box.type === "submit" && box.value === fields[box.name]);
  const { name, value } = pressed || {};
  if (pressed) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  HTMLFormElement.prototype.submit.call(form);
}"""


@dataclass(frozen=True)
class PageState:
    """A page in one state: who, the address, and what was submitted to get there, `first` before `send`."""

    who: str
    name: str
    state: str = "filled"
    at: str = ""
    first: dict | None = None
    send: dict | None = None
    query: str = ""
    status: int = 200

    def __str__(self):
        return f"{self.name}, {self.state}, {self.who}"


class PageViewer:
    def __init__(self, browser: Browser, url: str, practice: Practice):
        self.browser, self.url, self.practice = browser, url, practice
        self.pages: dict[tuple, Page] = {}

    def each(self, rows: list[PageState], look: Callable[[Page], list[str]], **options) -> list[str]:
        """The faults that `look` finds, each with its page, so that one run reports all of them."""
        return [f"{shown}: {fault}" for shown in rows for fault in self._faults(shown, look, **options)]

    def _faults(self, shown: PageState, look, **options) -> list[str]:
        try:
            page = self.open(shown, **options)
        except Error as failure:
            return [failure.message.partition("\n")[0]]
        if page.status != shown.status:
            return [f"answered {page.status} instead of {shown.status}"]
        return look(page) + page.watch.unexpected()

    def open(self, shown: PageState, **options) -> Page:
        """Opens the page as that user, in that state. Faults of earlier pages are cleared."""
        # a signed-out user gets a separate page
        key = (shown.who, shown.status == 401, *options.items())
        if key not in self.pages:
            self.pages[key] = self._new_page(shown.who, **options)
        page = self.pages[key]
        page.watch.faults.clear()
        # the status is expected, but Chromium logs it as an error
        page.watch.allowed[1:] = []
        if shown.status in (400, 404):
            page.watch.allow(f"status of {shown.status}")
        answer = page.goto(self.address_of(shown))
        if shown.status == 401:
            page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        for fields in (shown.first, shown.send):
            if fields is not None:
                with page.expect_navigation() as sent:
                    page.evaluate(SUBMIT_SCRIPT, fields)
                answer = sent.value
        page.status = answer.status
        return page

    def address_of(self, shown: PageState) -> str:
        """`query` may name somebody: ?who={therapist}."""
        keys = {role: person.pk for role, person in self.practice.people.items()}
        place = reverse(shown.name, args=self.practice.places[shown.at] if shown.at else [])
        return place + shown.query.format(**keys)

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()

    def _new_page(self, who: str, **options) -> Page:
        context = self.browser.new_context(
            base_url=self.url, reduced_motion="reduce", locale="en-US", **options
        )
        context.set_default_timeout(TIMEOUT)
        watch = FaultWatch(context, host=urlsplit(self.url).netloc)
        self._let_in(context, who)
        page = context.new_page()
        page.watch = watch
        return page

    def _let_in(self, context: BrowserContext, who: str) -> None:
        client = Client()
        if who.startswith(TABLET):
            session = client.session
            session["handover"] = self.practice.handovers[who.removeprefix(TABLET)].pk
            session.save()
        elif who != VISITOR:
            client.force_login(self.practice.people[who])
        cookies = [client.cookies.get(settings.SESSION_COOKIE_NAME)]
        context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self.url} for cookie in cookies if cookie]
        )
