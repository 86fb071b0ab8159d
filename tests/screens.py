"""Takes the README's pictures of the demo practice anew: `python -m tests.screens`, or `make screens`."""

import json
import secrets
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench import server
from tests import chromium

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screens"
SIZE = {"width": 1280, "height": 800}
# From the database: the session in which needles are in, and the patient who has come most often.
ADDRESSES = """
import json
from django.db.models import Count
from patients.models import Patient
from treatments.models import NeedleSite
draft = NeedleSite.objects.with_needles_in().get().session
regular = Patient.objects.annotate(n=Count("sessions")).order_by("-n", "pk").first()
print(json.dumps({"session": draft.get_absolute_url(), "record": regular.get_absolute_url()}))
"""


def main() -> None:
    password = secrets.token_urlsafe(24)
    with tempfile.TemporaryDirectory(prefix="screens-") as folder:
        database = f"sqlite:///{folder}/demo.sqlite3"
        server.manage(database, "migrate", "--verbosity", "0")
        server.manage(database, "demo", "--password", password)
        found = json.loads(server.manage(database, "shell", "--verbosity", "0", "-c", ADDRESSES))
        # as `make run` serves it: with static files, without second factors
        with server.running(database, DEBUG="true") as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
            _take(browser, f"http://{server.HOST}:{port}", password, found)
            browser.close()


def _take(browser: Browser, origin: str, password: str, found: dict[str, str]) -> None:
    for name, username, address in (
        ("desk", "reception", "/"),
        ("therapist", "therapist", found["session"]),
        ("lead", "lead", found["record"]),
        ("admin", "admin", "/admin/clinic/practice/1/change/"),
    ):
        page = browser.new_page(viewport=SIZE, base_url=origin)
        _sign_in(page, username, password)
        page.goto(address, wait_until="networkidle")
        # the ring of the focus hides what it surrounds
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=FOLDER / f"{name}.png")
        page.close()


def _sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/")


if __name__ == "__main__":
    main()
