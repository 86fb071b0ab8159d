"""Writes of accounts and the admin: password, idle lock, settings, a depth limit, an account, a room."""

import re

from bench.browser import HttpBrowser
from bench.patient_day import PatientDay

NEW_PASSWORD = "a-sentence-for-the-benchmark"


class AccountWrites:
    """Writes of lead and administrator; every change is reverted."""

    def __init__(self, day: PatientDay, lead: HttpBrowser, admin: HttpBrowser):
        self.day, self.lead, self.admin = day, lead, admin

    def of(self) -> None:
        token = self.lead.get("/").form("csrfmiddlewaretoken").values["csrfmiddlewaretoken"]
        opened = self.lead.post(
            "/accounts/unlock/", {"password": [self.day.password], "csrfmiddlewaretoken": token}
        )
        self.day.check("go on after the lock", opened, expect=200)
        self.saved("change the practice's settings", "/admin/clinic/practice/1/change/")
        self.saved("change a muscle's limit", self.first("/admin/treatments/muscle/"))
        self.saved("change an account", self.first("/admin/clinic/user/"))
        self.saved("change a room", self.first("/admin/clinic/location/"))
        self.one_time_password()

    def passwords(self) -> None:
        """Changes the password and back, once, because of the rate limit of five changes per minute."""
        pair = (self.day.password, NEW_PASSWORD)
        for old, new in (pair, pair[::-1]):
            page = self.lead.get("/accounts/password/change/")
            passwords = {"oldpassword": old, "password1": new, "password2": new}
            self.day.send("change a password", self.lead, page, ("oldpassword",), passwords)

    def first(self, listed: str) -> str:
        return re.findall(rf"{listed}\d+/change/", self.admin.get(listed).text)[0]

    def saved(self, what: str, path: str) -> None:
        """Submits the unchanged form; the cost does not depend on the values."""
        page = self.admin.get(path)
        form = page.form("form_key")
        self.day.check(what, self.admin.post(path, {**form.values, "_save": ["Save"]}), expect=302)

    def one_time_password(self) -> None:
        """For a user who has no session in this run."""
        page = self.admin.get("/admin/clinic/user/?q=therapist2")
        form = page.form("action")
        chosen = {
            "action": ["give_one_time_password"],
            "_selected_action": [form.choices["_selected_action"][0]],
        }
        answer = self.admin.post(page.path, {**form.values, **chosen, "index": ["0"]})
        self.day.check("give a one-time password", answer, expect=302)
