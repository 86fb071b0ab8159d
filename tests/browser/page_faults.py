"""Collects faults of a page while a test drives it: script errors, policy violations, foreign requests."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext

# Runs before the page's scripts; the page's content-security policy does not apply to it.
LISTENERS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  window.reportFault(`content security: ${violatedDirective} refused ${blockedURI}`);
}, true);
addEventListener("pointerdown", () => window.reportPointer("press"), true);
// A key on a button makes a click too, but one without a count of presses.
addEventListener("click", (event) => { if (event.detail > 0) window.reportPointer("click"); }, true);
// A move counts once the pointer has left the corner that it stands in from the start: a page that opens
// beneath it is told of that by the browser itself.
const hasLeft = (event) => !event.type.endsWith("move") || event.clientX > 0 || event.clientY > 0;
for (const kind of ["pointermove", "mousemove", "mousedown", "touchstart", "wheel"]) {
  addEventListener(kind, (event) => { if (hasLeft(event)) window.reportPointer(kind); }, true);
}
"""

# Refusals have regular pages (422, 409, 410, 401, 403), but Chromium logs them as errors.
REFUSAL = re.compile(
    r"Failed to load resource: the server responded with a status of (401|403|409|410|422)\b"
)


class FaultWatch:
    """Faults and pointer events of one browser context."""

    def __init__(self, context: BrowserContext, *, host: str):
        self.host = host
        self.faults: list[str] = []
        self.allowed: list[re.Pattern] = [REFUSAL]
        self.pointer_presses = 0
        self.pointer_events: list[str] = []
        self.open_requests: set = set()
        context.expose_function("reportFault", self._fault)
        context.expose_function("reportPointer", self._pointer)
        context.add_init_script(LISTENERS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("requestfinished", self._answered)
        context.on("requestfailed", self._answered)

    def allow(self, pattern: str) -> None:
        """Allows faults that match the pattern."""
        self.allowed.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        return [fault for fault in self.faults if not any(allowed.search(fault) for allowed in self.allowed)]

    def unanswered(self) -> list:
        """The requests of pages that are open; those of a page that was closed are never answered."""
        return [
            request for request in self.open_requests
            if request.service_worker or not request.frame.page.is_closed()
        ]  # fmt: skip

    def _fault(self, fault: str) -> None:
        self.faults.append(fault)

    def _pointer(self, kind: str) -> None:
        self.pointer_events.append(kind)
        self.pointer_presses += kind == "press"

    def _console(self, message) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _answered(self, request) -> None:
        self.open_requests.discard(request)

    def _request(self, request) -> None:
        self.open_requests.add(request)
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.netloc != self.host:
            self.faults.append(f"request to another host: {address.scheme}://{address.netloc}")
