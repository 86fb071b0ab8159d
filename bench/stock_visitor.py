"""What somebody does in the stock admin, and how long each takes."""

import re

from bench.browser import HttpBrowser, Response
from bench.forms import Form
from bench.stock_server import USERNAME

PEOPLE, SESSIONS = "/admin/stock/patient/", "/admin/stock/session/"
SITE = {
    "side": "right", "gauge_mm": "0.30", "length_mm": "40", "depth_mm": "12", "insertions": "3",
    "twitches": "2", "technique": "piston", "tissue": "trigger_point",
}  # fmt: skip
MUSCLES = ("Upper trapezius", "Levator scapulae", "Splenius capitis")


class StockVisitor:
    """Signed in as the superuser."""

    def __init__(self, host: str, port: int, password: str):
        self.browser = HttpBrowser(host, port)
        door = self.browser.get("/admin/login/")
        values = {**door.form("username", "password").values, "username": [USERNAME], "password": [password]}
        self._checked(self.browser.post(door.path, values), 302)
        listed = self._checked(self.browser.get(f"{SESSIONS}?q="), 200)
        self.empty_sessions = re.findall(rf'href="({SESSIONS}\d+/change/)', listed.text)

    def find(self, words: str) -> Response:
        """Searches as the list's own box does."""
        return self._checked(self.browser.get(f"{PEOPLE}?q={words.replace(' ', '+')}"), 200)

    def page_of(self, ref: str) -> str:
        return re.findall(rf'href="({PEOPLE}\d+/change/)', self.find(ref).text)[0]

    def open(self, page: str) -> Response:
        return self._checked(self.browser.get(page), 200)

    def save_three_sites(self) -> Response:
        """In the next session that has none; the page is opened first, which is not timed."""
        page = self.empty_sessions.pop(0)
        form = self.open(page).form("sites-TOTAL_FORMS")
        return self._checked(self.browser.post(page, three_sites(form)), 302)

    def _checked(self, answer: Response, status: int) -> Response:
        if answer.status != status:
            raise SystemExit(f"The stock admin's {answer.path} answered {answer.status} instead of {status}.")
        return answer


def three_sites(form: Form) -> dict[str, list[str]]:
    """What the browser sends when three rows of the inline are filled in."""
    values = dict(form.values)
    for number, muscle in enumerate(MUSCLES):
        row = {"muscle": muscle, **SITE}
        values |= {f"sites-{number}-{name}": [value] for name, value in row.items()}
    return values
