"""The desk's other writes: details, a visit from its booking to a step taken back, and consent on paper."""

import datetime as dt
import re
import uuid

from bench.hands import Answer
from bench.writes import Day

# Far beyond what the demo books, so that no booking asks whether a taken time may be kept.
FIRST_DAY, DAYS = 400, 3000


class Desk:
    """Each write on the record of one patient, before the tablet goes out."""

    def __init__(self, day: Day):
        self.day, self.hands = day, day.desk

    def of(self, ref: str) -> None:
        self.details(f"/patients/{ref}/")
        self.booking(f"/patients/{ref}/visits/book/")
        self.consents(f"/patients/{ref}/consents/")

    def details(self, base: str) -> None:
        self.send("change details", f"{base}edit/", ("family_name",), {"city": f"Newtown {uuid.uuid4().hex}"})
        page = self.hands.get(f"{base}alerts/")
        last = re.findall(r'value="(allergy-\d+)"', page.text)[-1]
        said = {**page.form("form_key").values, "end": [last]}
        self.day.check("end an allergy", self.hands.post(page.path, said), expect=302)

    def booking(self, path: str) -> None:
        free = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=FIRST_DAY + uuid.uuid4().int % DAYS)
        day = free.strftime("%m/%d/%Y")
        therapists = [one for one in self.hands.get(path).form("therapist").choices["therapist"] if one]
        said = {"booked_for": f"{day} 10:00", "therapist": therapists[1], "kind": "follow_up"}
        self.send("book a visit", path, ("therapist",), said)
        visit = re.findall(r"/visits/(\w+)/edit/", self.hands.get(f"/?day={free}").text)[0]
        note = {"desk_note": "Comes by bus."}
        self.send("change a visit", f"/visits/{visit}/edit/", ("desk_note",), note)
        days = {"first": day, "last": day, "away": therapists[1], "to": therapists[0]}
        self.send("see a day's visits move", "/visits/move/", ("away",), days, expect=200)
        self.send("move a day's visits", "/visits/move/", ("away",), {**days, "confirm": "yes"})

    def consents(self, base: str) -> None:
        who = {"signer": "representative", "signer_name": "Bench Mark"}
        self.send("consent refused", f"{base}refuse/", ("reason",), {**who, "reason": "Afraid of needles."})
        page = self.hands.get(f"{base}paper/")
        choices = page.form("regions").choices
        therapist = next(one for one in choices["therapist"] if one)
        # not today: the practice may keep another time than this process
        signed_on = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2)
        paper = {"paper_on": signed_on.strftime("%m/%d/%Y"), "paper_place": "Folder A"}
        said = {
            **who,
            **paper,
            "therapist": therapist,
            "relationship": "Mother",
            "regions": choices["regions"][0],
        }
        self.send("consent on paper", page.path, ("regions",), said)
        consent = max(
            map(int, re.findall(rf"{base}(\d+)/", self.hands.get(base.replace("consents/", "")).text))
        )
        why = {"reason": "Thought about it again."}
        self.send("consent withdrawn", f"{base}{consent}/withdraw/", ("reason",), why)

    def steps(self, visit: str) -> None:
        """Left, and both steps back: whoever was expected is expected again."""
        key = self.hands.get("/").form("form_key", to="/step/")
        said = {**key.values, "verb": ["leave"]}
        self.day.check("leave", self.hands.post(f"/visits/{visit}/step/", said), expect=302)
        why = {"reason": "Somebody else came."}
        for _ in range(2):
            self.send("take a step back", f"/visits/{visit}/take-back/", ("stamp",), why)

    def send(self, what: str, path: str, names: tuple, typed: dict, *, expect: int = 302) -> Answer:
        return self.day.send(what, self.hands, self.hands.get(path), names, typed, expect=expect)
