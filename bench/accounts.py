"""What accounts and the administration write: a password, a lock opened, settings, a limit, an account."""

import re

from bench.browser import HttpBrowser
from bench.patient_day import PatientDay

NEW_PASSWORD = "a-sentence-for-the-benchmark"


class AccountWrites:
    """Each write by whoever keeps the practice's accounts; what it changes is put back."""

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
        """There and back, once: five changes in a minute are one too many."""
        pair = (self.day.password, NEW_PASSWORD)
        for old, new in (pair, pair[::-1]):
            page = self.lead.get("/accounts/password/change/")
            said = {"oldpassword": old, "password1": new, "password2": new}
            self.day.send("change a password", self.lead, page, ("oldpassword",), said)

    def first(self, listed: str) -> str:
        return re.findall(rf"{listed}\d+/change/", self.admin.get(listed).text)[0]

    def saved(self, what: str, path: str) -> None:
        """The form as it stands, sent again: what it costs does not depend on what was typed."""
        page = self.admin.get(path)
        form = page.form("form_key")
        self.day.check(what, self.admin.post(path, {**form.values, "_save": ["Save"]}), expect=302)

    def one_time_password(self) -> None:
        """For somebody who is not signed in here."""
        page = self.admin.get("/admin/clinic/user/?q=therapist2")
        form = page.form("action")
        chosen = {
            "action": ["give_one_time_password"],
            "_selected_action": [form.choices["_selected_action"][0]],
        }
        answer = self.admin.post(page.path, {**form.values, **chosen, "index": ["0"]})
        self.day.check("give a one-time password", answer, expect=302)
