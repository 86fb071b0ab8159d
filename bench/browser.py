"""An HTTP client with cookies that finds forms and submits them."""

import base64
import hmac
import http.client
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from bench.forms import Form, forms_in

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# The server closes a connection that is idle for two minutes.
IDLE_SECONDS = 60


@dataclass(frozen=True)
class Response:
    status: int
    text: str
    location: str
    seconds: float
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def form(self, *names: str, to: str = "") -> Form:
        """The first form with these fields whose action ends with `to`."""
        forms = forms_in(self.text)
        for form in forms:
            if set(names) <= form.fields.keys() and form.action.endswith(to):
                return form
        there = [sorted(form.fields) for form in forms]
        raise LookupError(f"{self.path} ({self.status}) has no form with {names}; it has {there}")


def totp_code(secret: str) -> str:
    """The current code of an authenticator app. source: RFC 6238, thirty seconds and six digits"""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    at = digest[-1] & 0xF
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


class HttpBrowser:
    """One signed-in user with one connection."""

    timeout = 120

    def __init__(self, host: str, port: int):
        self.connection = http.client.HTTPConnection(host, port, timeout=self.timeout)
        self.cookies: dict[str, str] = {}
        self.origin = f"http://{host}:{port}"
        self.heard_at = time.monotonic()

    def get(self, path: str, headers: dict | None = None) -> Response:
        return self._ask("GET", path, None, headers or {})

    def post(self, path: str, values: dict[str, list[str]], headers: dict | None = None) -> Response:
        body = urlencode(values, doseq=True)
        return self._ask("POST", path, body, {**FORM, "Referer": self.origin + path, **(headers or {})})

    def sign_in(self, username: str, password: str, *, secret: str = "") -> None:
        """`secret` is that of the authenticator app, for users who must have a second factor."""
        door = self.get("/accounts/login/")
        form = door.form("login", "password")
        answer = self.post(door.path, {**form.values, "login": [username], "password": [password]})
        if answer.status != 302:
            raise SystemExit(f"{username} could not sign in ({answer.status}). Is this the demo's password?")
        if secret:
            self._second_step(username, self.get(answer.location), secret)

    def _second_step(self, username: str, page: Response, secret: str) -> None:
        code = totp_code(secret)
        answer = self.post(page.path, {**page.form("code").values, "code": [code]})
        if answer.status != 302:
            raise SystemExit(f"The second factor of {username} was refused ({answer.status}).")

    def _ask(self, method: str, path: str, body: str | None, headers: dict) -> Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if time.monotonic() - self.heard_at > IDLE_SECONDS:
            self.connection.close()
            self.connection.connect()
        self.heard_at = time.monotonic()
        began = time.perf_counter()
        self.connection.request(method, path, body, {**headers, "Cookie": cookie})
        response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        location = urlsplit(response.headers.get("Location", "")).path
        text = content.decode(errors="replace")
        return Response(response.status, text, location, seconds, path, dict(response.headers.items()))
