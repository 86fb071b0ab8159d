"""Writes that follow a session: adverse event, error mark, screening review, discharge."""

import re

from bench.browser import HttpBrowser, Response
from bench.patient_day import PatientDay

ADVERSE_EVENT = {"severity": "1", "phase": "same_day", "outcome": "resolved", "action": "Told to rest."}


class AfterSession:
    """Each write on one patient's signed session."""

    def __init__(self, day: PatientDay):
        self.day, self.therapist = day, day.therapist

    def of(self, ref: str, session: str) -> None:
        page = self.therapist.get(f"{session}adverse-events/add/")
        kind = next(one for one in page.form("kind").choices["kind"] if one)
        self.send("enter an adverse event", page.path, ("severity",), {**ADVERSE_EVENT, "kind": kind})
        why = {"reason": "Written in the wrong record."}
        self.send("mark a note in error", f"{session}error/", ("reason",), why)
        summary = {"summary": "Lifts without pain."}
        self.send("discharge", f"/patients/{ref}/discharge/", ("summary",), summary)

    def warnings(self, flag: str | None, review: list | None) -> None:
        """Reviews a red flag of a call and a screening."""
        if flag:
            typed = {"action": "Called, sent to a physician."}
            self.send("acknowledge a warning sign", f"/followups/{flag}/flag/", ("action",), typed)
        if review:
            path = f"/patients/{review[0]}/screenings/{review[1]}/"
            typed = {"decision": "modify", "reason": "Fewer needles, lying down."}
            self.send("review answers", path, ("decision",), typed)

    def behind_glass(self, ref: str, lead: HttpBrowser, other: str) -> None:
        """Restricts a record, opens it in an emergency, has the lead acknowledge it, lifts it."""
        base = f"/patients/{ref}/"
        why = {"reason": "Works at our desk."}
        named = {**why, "people": other}
        self.send("keep a record from others", f"{base}restriction/", ("people",), named, browser=lead)
        self.send("break the glass", f"{base}glass/", ("reason",), why)
        board = lead.get("/")
        seen = re.findall(rf"{base}glass/\d+/seen/", board.text)[0]
        form = board.form("form_key", to=seen)
        self.day.check("see how a glass was broken", lead.post(seen, form.values), expect=302)
        self.send("open a record to all again", f"{base}restriction/lift/", ("reason",), why, browser=lead)

    def send(
        self, what: str, path: str, names: tuple, typed: dict, *, browser: HttpBrowser | None = None
    ) -> Response:
        browser = browser or self.therapist
        return self.day.send(what, browser, browser.get(path), names, typed)
