"""What a record needs besides treatment: its course, a hold, what was given away, requests, co-signing."""

import time
import uuid

from bench.browser import HttpBrowser
from bench.patient_day import PatientDay


class Paperwork:
    """Each write once a patient, before the course ends."""

    def __init__(self, day: PatientDay, lead: HttpBrowser):
        self.day, self.hands, self.desk, self.lead = day, day.hands, day.desk, lead

    def of(self, ref: str, session: str) -> None:
        base = f"/patients/{ref}/"
        self.send("change the course", f"{base}episode/", ("access",), {"target_visits": "8"})
        given = {"given_on": time.strftime("%m/%d/%Y"), "recipient": "Dr. Example", "what": "The last note."}
        page = self.hands.get(f"{base}disclosures/")
        choices = page.form("purpose", "way").choices
        chosen = {name: next(one for one in choices[name] if one) for name in ("purpose", "way")}
        self.day.send("note a disclosure", self.hands, page, ("purpose",), {**given, **chosen})
        for what in ("put a record on hold", "lift the hold"):
            why = {"reason": "Letter of a lawyer."}
            self.send(what, f"{base}keeping/", ("reason", "verb"), why, hands=self.lead)
        self.request(session)

    def request(self, session: str) -> None:
        """A patient asks for an amendment, and is answered."""
        said = {"kind": "patient_request", "reason": "The patient asked", "text": "It began in March."}
        self.send("add a patient's request", f"{session}addenda/", ("text",), said)
        waits = self.hands.get(session).text.split("/answer/")[0].rpartition(f"{session}addenda/")[2]
        answer = {"answer": "accepted", "text": "The pain began in March."}
        self.send("answer a patient's request", f"{session}addenda/{waits}/answer/", ("answer",), answer)

    def open_draft(self, path: str) -> None:
        """What a draft's page sends by itself, every 15 seconds."""
        form = self.hands.get(path).form("client_id", "note")
        token = {"csrfmiddlewaretoken": form.values["csrfmiddlewaretoken"]}
        here = {**token, "client_id": [str(uuid.uuid4())], "after": ["0"], "reasons": ["0"]}
        self.day.check("ask who else is here", self.hands.post(f"{path}presence/", here), expect=200)

    def at_the_desk(self, followup: str) -> None:
        token = self.desk.get("/followups/").form("csrfmiddlewaretoken").values["csrfmiddlewaretoken"]
        claim = self.desk.post(f"/followups/{followup}/claim/", {"csrfmiddlewaretoken": token})
        self.day.check("take a call on", claim, expect=302)
        typed = {"family_name": "Lind", "given_name": "Per", "born": "9/30/67", "phone": "(555) 014-2290"}
        values = {name: [text] for name, text in typed.items()}
        found = self.desk.post("/patients/register/matches/", {**values, "csrfmiddlewaretoken": token})
        self.day.check("see possible matches", found, expect=200)

    def copy(self, ref: str) -> None:
        form = self.lead.get("/audit/").form("patient", "first")
        said = {**form.values, "patient": [ref]}
        self.day.check(
            "take an answer of the audit as a file", self.lead.post("/audit/export/", said), expect=200
        )

    def cosign(self, session: str | None) -> None:
        """There is one at most that waits, in a small practice."""
        if session:
            page = self.hands.get(f"/sessions/{session}/co-sign/")
            asked = {"password": self.day.password} if "password" in page.form("addenda_seen").fields else {}
            # it is late where the demo practice is a day old
            said = {**asked, "statement": "Away for some days."}
            self.day.send("co-sign", self.hands, page, ("addenda_seen",), said)

    def send(
        self, what: str, path: str, names: tuple, typed: dict, *, hands: HttpBrowser | None = None
    ) -> None:
        hands = hands or self.hands
        self.day.send(what, hands, hands.get(path), names, typed)
