"""The other writes of the front desk: details, alerts, visits, and consents on paper."""

import datetime as dt
import re
import uuid

from bench.browser import Response
from bench.patient_day import PatientDay

# Far beyond the demo's bookings, so that no booking needs a confirmation for a taken time.
FIRST_DAY, DAYS = 400, 3000


def alerts() -> dict[str, dict[str, str]]:
    """{label: form values} of each kind of alert except the allergy."""
    # not today: the practice may keep another time than this process
    lately = (dt.datetime.now(dt.UTC) - dt.timedelta(days=2)).strftime("%m/%d/%Y")
    return {
        "a medicine": {"what": "medication", "medication-name": "Ibuprofen", "medication-thins_blood": "no"},
        "a contact": {"what": "related", "related-kind": "emergency", "related-name": "Bench Mark"},
        "who pays": {"what": "coverage", "coverage-kind": "commercial"},
        "a referral": {
            "what": "referral", "referral-by_whom": "Dr. Example", "referral-given_on": lately,
        },
        "a duty of state rules": {
            "what": "duty", "duty-kind": "notice", "duty-done_on": lately, "duty-detail": "Dr. Example",
        },
    }  # fmt: skip


class FrontDesk:
    """Each write on the record of one patient, before the tablet goes out."""

    def __init__(self, day: PatientDay):
        self.day, self.desk = day, day.desk

    def of(self, ref: str) -> None:
        self.details(f"/patients/{ref}/")
        # a new patient has no alerts yet
        self.alerts(f"/patients/{self.day.newest}/alerts/")
        self.booking(f"/patients/{ref}/visits/book/")
        self.consents(f"/patients/{ref}/consents/")

    def details(self, base: str) -> None:
        self.send("change details", f"{base}edit/", ("family_name",), {"city": f"Newtown {uuid.uuid4().hex}"})
        self.press(f"{base}alerts/", "end an allergy", "end", r'value="(allergy-\d+)"')

    def alerts(self, path: str) -> None:
        """Adds one alert of each kind and ends the medicine; then answers that there are no medicines."""
        for what, typed in alerts().items():
            self.send(f"note {what}", path, tuple(typed), typed)
        self.press(path, "end a medicine", "end", r'value="(medication-\d+)"')
        self.press(path, "no medicines", "none", r'name="none" value="(medication)"')

    def press(self, path: str, what: str, name: str, value: str) -> None:
        page = self.desk.get(path)
        values = {**page.form("form_key").values, name: re.findall(value, page.text)[:1]}
        self.day.check(what, self.desk.post(path, values), expect=302)

    def booking(self, path: str) -> None:
        free = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=FIRST_DAY + uuid.uuid4().int % DAYS)
        day = free.strftime("%m/%d/%Y")
        therapists = [one for one in self.desk.get(path).form("therapist").choices["therapist"] if one]
        typed = {"booked_for": f"{day} 10:00", "therapist": therapists[1], "kind": "follow_up"}
        self.send("book a visit", path, ("therapist",), typed)
        visit = self.visits_on(free)[0]
        note = {"desk_note": "Comes by bus."}
        self.send("change a visit", f"/visits/{visit}/edit/", ("desk_note",), note)
        self.cancelled(path, therapists[0], day, free)
        days = {"first": day, "last": day, "away": therapists[1], "to": therapists[0]}
        self.send("see a day's visits move", "/visits/move/", ("away",), days, expect=200)
        self.send("move a day's visits", "/visits/move/", ("away",), {**days, "confirm": "yes"})

    def cancelled(self, path: str, therapist: str, day: str, free: dt.date) -> None:
        before = set(self.visits_on(free))
        typed = {"booked_for": f"{day} 11:00", "therapist": therapist, "kind": "follow_up"}
        self.send("book a visit", path, ("therapist",), typed)
        (visit,) = set(self.visits_on(free)) - before
        self.step("cancel a visit", visit, "cancel", reason=["Rang up."])

    def visits_on(self, day: dt.date) -> list[str]:
        return re.findall(r"/visits/(\w+)/edit/", self.desk.get(f"/?day={day}").text)

    def consents(self, base: str) -> None:
        who = {"signer": "representative", "signer_name": "Bench Mark"}
        page = self.desk.get(f"{base}paper/")
        choices = page.form("regions").choices
        therapist = next(one for one in choices["therapist"] if one)
        # not today, because of time zones
        signed_on = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2)
        paper = {"paper_on": signed_on.strftime("%m/%d/%Y"), "paper_place": "Folder A"}
        typed = {
            **who,
            **paper,
            "therapist": therapist,
            "relationship": "Mother",
            "signer_note": "Known to the desk.",
            "regions": choices["regions"][0],
        }
        self.send("consent on paper", page.path, ("regions",), typed)
        consent = max(
            map(int, re.findall(rf"{base}(\d+)/", self.desk.get(base.replace("consents/", "")).text))
        )
        copied = next(filter(None, self.desk.get(f"{base}{consent}/").form("how").choices["how"]))
        self.send("give a copy of a consent", f"{base}{consent}/", ("how",), {"how": copied})
        why = {"reason": "Thought about it again."}
        self.send("consent withdrawn", f"{base}{consent}/withdraw/", ("reason",), why)
        # last: a paper that was signed before is no consent after it
        self.send("consent refused", f"{base}refuse/", ("reason",), {**who, "reason": "Afraid of needles."})

    def steps(self, visit: str) -> None:
        """Moves a visit to a room and to checked out and undoes all steps; then misses it and undoes that."""
        self.step("to a room", visit, "room")
        self.step("leave", visit, "leave")
        self.back(visit, steps=3)
        self.step("missed", visit, "miss")
        self.back(visit, steps=1)

    def step(self, what: str, visit: str, verb: str, **more: list[str]) -> None:
        form = self.desk.get("/").form("form_key", to="/step/")
        answer = self.desk.post(f"/visits/{visit}/step/", {**form.values, "verb": [verb], **more})
        self.day.check(what, answer, expect=302)

    def back(self, visit: str, *, steps: int) -> None:
        for _ in range(steps):
            why = {"reason": "Somebody else came."}
            self.send("take a step back", f"/visits/{visit}/take-back/", ("stamp",), why)

    def send(self, what: str, path: str, names: tuple, typed: dict, *, expect: int = 302) -> Response:
        return self.day.send(what, self.desk, self.desk.get(path), names, typed, expect=expect)
