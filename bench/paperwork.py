"""Writes on a record besides treatment: episode of care, legal hold, disclosure, amendment, co-signature."""

import uuid

from bench.browser import HttpBrowser
from bench.patient_day import PatientDay, day_of_practice


class Paperwork:
    """Each write once per patient, before the episode of care ends."""

    def __init__(self, day: PatientDay, lead: HttpBrowser):
        self.day, self.therapist, self.desk, self.lead = day, day.therapist, day.desk, lead

    def of(self, ref: str, session: str) -> None:
        base = f"/patients/{ref}/"
        self.send("change the course", f"{base}episode/", ("access",), {"target_visits": "8"})
        given = {
            "given_on": f"{day_of_practice():%m/%d/%Y}",
            "recipient": "Dr. Example",
            "what": "The last note.",
        }
        page = self.therapist.get(f"{base}disclosures/")
        choices = page.form("purpose", "way").choices
        chosen = {name: next(one for one in choices[name] if one) for name in ("purpose", "way")}
        self.day.send("note a disclosure", self.therapist, page, ("purpose",), {**given, **chosen})
        for what in ("put a record on hold", "lift the hold"):
            why = {"reason": "Letter of a lawyer."}
            self.send(what, f"{base}keeping/", ("reason", "verb"), why, browser=self.lead)
        self.request(session)

    def request(self, session: str) -> None:
        """Files a patient's amendment request and answers it."""
        typed = {"kind": "patient_request", "reason": "The patient asked", "text": "It began in March."}
        self.send("add a patient's request", f"{session}addenda/", ("text",), typed)
        waits = self.therapist.get(session).text.split("/answer/")[0].rpartition(f"{session}addenda/")[2]
        answer = {"answer": "accepted", "text": "The pain began in March."}
        self.send("answer a patient's request", f"{session}addenda/{waits}/answer/", ("answer",), answer)

    def open_draft(self, path: str) -> None:
        """The poll that a draft's page sends every 15 seconds."""
        form = self.therapist.get(path).form("client_id", "note")
        token = {"csrfmiddlewaretoken": form.values["csrfmiddlewaretoken"]}
        here = {**token, "client_id": [str(uuid.uuid4())], "after": ["0"], "reasons": ["0"]}
        self.day.check("ask who else is here", self.therapist.post(f"{path}presence/", here), expect=200)

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
        values = {**form.values, "patient": [ref]}
        self.day.check(
            "take an answer of the audit as a file", self.lead.post("/audit/export/", values), expect=200
        )

    def cosign(self, session: str | None) -> None:
        """In a small practice at most one note waits for a co-signature."""
        if session:
            page = self.therapist.get(f"/sessions/{session}/co-sign/")
            proof = {"password": self.day.password} if "password" in page.form("addenda_seen").fields else {}
            # the co-signature is late if the demo practice was created yesterday
            typed = {**proof, "statement": "Away for some days."}
            self.day.send("co-sign", self.therapist, page, ("addenda_seen",), typed)

    def send(
        self, what: str, path: str, names: tuple, typed: dict, *, browser: HttpBrowser | None = None
    ) -> None:
        browser = browser or self.therapist
        self.day.send(what, browser, browser.get(path), names, typed)
