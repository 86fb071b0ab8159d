"""What follows a session: something went wrong, an error mark, answers reviewed, the course ended."""

import re

from bench.browser import HttpBrowser, Response
from bench.patient_day import PatientDay

ADVERSE_EVENT = {"severity": "1", "phase": "same_day", "outcome": "resolved", "action": "Told to rest."}


class AfterSession:
    """Each write on what one patient's session left behind."""

    def __init__(self, day: PatientDay):
        self.day, self.hands = day, day.hands

    def of(self, ref: str, session: str) -> None:
        page = self.hands.get(f"{session}adverse-events/add/")
        kind = next(one for one in page.form("kind").choices["kind"] if one)
        self.send("enter an adverse event", page.path, ("severity",), {**ADVERSE_EVENT, "kind": kind})
        why = {"reason": "Written in the wrong record."}
        self.send("mark a note in error", f"{session}error/", ("reason",), why)
        summary = {"summary": "Lifts without pain."}
        self.send("discharge", f"/patients/{ref}/discharge/", ("summary",), summary)

    def warnings(self, flag: str | None, review: list | None) -> None:
        """What waited for the therapist: a warning sign of a call and answers to decide about."""
        if flag:
            said = {"action": "Called, sent to a physician."}
            self.send("acknowledge a warning sign", f"/followups/{flag}/flag/", ("action",), said)
        if review:
            path = f"/patients/{review[0]}/screenings/{review[1]}/"
            said = {"decision": "modify", "reason": "Fewer needles, lying down."}
            self.send("review answers", path, ("decision",), said)

    def behind_glass(self, ref: str, lead: HttpBrowser, other: str) -> None:
        """Kept from the therapist, who then opens it in need; the lead is told and opens it to all again."""
        base = f"/patients/{ref}/"
        why = {"reason": "Works at our desk."}
        named = {**why, "people": other}
        self.send("keep a record from others", f"{base}restriction/", ("people",), named, hands=lead)
        self.send("break the glass", f"{base}glass/", ("reason",), why)
        board = lead.get("/")
        seen = re.findall(rf"{base}glass/\d+/seen/", board.text)[0]
        form = board.form("form_key", to=seen)
        self.day.check("see how a glass was broken", lead.post(seen, form.values), expect=302)
        self.send("open a record to all again", f"{base}restriction/lift/", ("reason",), why, hands=lead)

    def send(
        self, what: str, path: str, names: tuple, typed: dict, *, hands: HttpBrowser | None = None
    ) -> Response:
        hands = hands or self.hands
        return self.day.send(what, hands, hands.get(path), names, typed)
