"""Every write of the main workflow, done for one patient after another."""

import datetime as dt
import re
import uuid
from collections.abc import Callable

from bench.browser import HttpBrowser, Response
from bench.forms import Form
from bench.tablet import Tablet, answers_of

# How the page writes a time of day.
CLOCK, MINUTE = "%I:%M %p", dt.timedelta(minutes=1)
REPORTED = {"now": "2", "worst": "4", "hours": "20", "bruise": "none"}
LETTERS = str.maketrans("0123456789", "ghijklmnop")


def day_of_practice() -> dt.date:
    """Today or yesterday in every time zone of the country, and never tomorrow."""
    return (dt.datetime.now(dt.UTC) - dt.timedelta(hours=12)).date()


class Refused(SystemExit):
    """A write was refused: a defect of the benchmark or of the product, so nothing is measured."""


class PatientDay:
    """One patient's day in the practice. `timed(what, answer)` records the duration of each write."""

    def __init__(
        self, desk: HttpBrowser, therapist: HttpBrowser, password: str, timed: Callable[[str, Response], None]
    ):
        self.desk, self.therapist, self.password, self.timed = desk, therapist, password, timed
        # the reference of the patient who was registered last
        self.newest = ""

    def of(self, person: dict, number: int, desk: Callable[[str], None], draft: Callable[[str], None]) -> str:
        """The address of the signed session. `desk` runs before the handover, `draft` before the sites."""
        self.desk_work(person, number)
        desk(person["ref"])
        Tablet(self.desk, self.password, self.check).of(person["ref"])
        self.conditions(person)
        session = self.open_session(person)
        draft(session)
        self.write_session(session)
        self.sign(session)
        self.afterwards(person, session)
        return session

    def desk_work(self, person: dict, number: int) -> None:
        self.register(number)
        self.find(person)
        self.find_by_reference(person["ref"])
        alerts = self.desk.get(f"/patients/{person['ref']}/alerts/")
        allergy = {"allergy-substance": f"Nickel {number}", "what": "allergy"}
        self.send("note an allergy", self.desk, alerts, ("allergy-substance",), allergy)
        self.arrive(person["ref"])

    def register(self, number: int) -> None:
        born = f"{number % 12 + 1}/{number % 28 + 1}/{1940 + number % 60}"
        # a name unlike any other, also in later runs: else the page would ask for a confirmation
        new = uuid.uuid4()
        family, phone = new.hex.translate(LETTERS).capitalize(), f"(555) {new.int % 10**7:07d}"
        name = {"family_name": family, "given_name": f"Newly {family[::-1]}", "born": born}
        register = self.desk.get("/patients/register/")
        typed = {**name, "phone": phone, "next": "start"}
        answer = self.send("register", self.desk, register, ("family_name",), typed)
        self.newest = answer.location.split("/")[2]

    def find(self, person: dict) -> None:
        find = self.desk.get("/patients/")
        self.send("find by name", self.desk, find, ("q",), {"q": person["name"]}, expect=200)

    def find_by_reference(self, ref: str) -> None:
        find = self.desk.get("/patients/")
        self.send("find by reference", self.desk, find, ("q",), {"q": ref}, expect=200)

    def arrive(self, ref: str, *, therapist: str = "") -> None:
        """For the first therapist of the list, or for the one with this key."""
        start = self.desk.get(f"/patients/{ref}/visits/start/")
        form = start.form("therapist", "minutes")
        therapist = therapist or next(value for value in form.choices["therapist"] if value)
        typed = {"therapist": therapist, "kind": "follow_up"}
        self.send("start a visit", self.desk, start, ("therapist",), typed)

    def check_in(self, visit: str) -> None:
        """Presses the board's button for an expected patient."""
        form = self.desk.get("/").form("form_key", to="/step/")
        values = {**form.values, "verb": ["arrive"]}
        self.check("check in", self.desk.post(f"/visits/{visit}/step/", values), expect=302)

    def call(self, followup: str) -> None:
        self.answer_call(followup)
        # corrects the call to report a warning sign, which raises a red flag for the therapist
        page = self.desk.get(f"/followups/{followup}/correct/")
        signs = sorted(name for name in page.form("now").fields if name.startswith("sign_"))
        answers = {**dict.fromkeys(signs, "no"), signs[0]: "yes"}
        self.send("correct a call", self.desk, page, ("now",), {**REPORTED, **answers})

    def answer_call(self, followup: str) -> None:
        page = self.desk.get(f"/followups/{followup}/")
        typed = {"result": "spoke", **REPORTED, "none_of_these": "on"}
        self.send("answer a call", self.desk, page, ("result", "now"), typed)

    def close(self, followup: str) -> None:
        typed = {"outcome": "not_needed", "reason": "Came in the morning and said that all is well."}
        page = self.desk.get(f"/followups/{followup}/close/")
        self.send("close a call", self.desk, page, ("outcome", "reason"), typed)

    def conditions(self, person: dict) -> None:
        """Adds a condition, changes it and resolves it."""
        base = f"/patients/{person['ref']}/conditions/"
        page = self.therapist.get(f"{base}add/")
        form = page.form("words")
        chosen = self.check(
            "choose a condition",
            self.therapist.post(page.path, {**form.values, "condition": ["tennis-elbow"]}),
            expect=200,
        )
        self.send(
            "add a condition", self.therapist, chosen, ("side",), {"side": "right", "goal": "Lift a pan."}
        )
        record = self.therapist.get(f"/patients/{person['ref']}/").text
        newest = max(int(key) for key in re.findall(rf"{base}(\d+)/edit/", record))
        edit = self.therapist.get(f"{base}{newest}/edit/")
        self.send("change a condition", self.therapist, edit, ("side",), {"goal": "Carry a child."})
        resolve = self.therapist.get(f"{base}{newest}/resolve/")
        self.send(
            "resolve a condition", self.therapist, resolve, ("reason",), {"reason": "No pain for a month."}
        )

    def open_session(self, person: dict) -> str:
        ask = self.therapist.get(f"/patients/{person['ref']}/screenings/visit/")
        answers = answers_of(ask.form("answer-fever-today"))
        self.send("anything changed?", self.therapist, ask, ("answer-fever-today",), answers)
        page = self.therapist.get(f"/patients/{person['ref']}/sessions/open/")
        opened = self.send(
            "open a session", self.therapist, page, ("conditions",), {"consent_confirmed": "on"}
        )
        return opened.location

    def write_session(self, path: str) -> None:
        for muscle in ("UT", "LS", "SC"):
            page = self.therapist.get(path)
            site = {"muscle": muscle, "side": "right", "insertions": "3", "twitches": "2", "depth_mm": "12"}
            typed = {**site, "needle": "0.30x40", "technique": "piston", "tissue": "trigger_point"}
            self.send("add a site", self.therapist, page, ("muscle",), typed)
        page = self.therapist.get(path)
        form = page.form("client_id", "note")
        self.field(path, form)
        self.whole(page, form)

    def field(self, path: str, form: Form) -> None:
        """Saves one field as the page's script does when the field is left."""
        token = {"csrfmiddlewaretoken": form.values["csrfmiddlewaretoken"]}
        stamp = {"client_id": [str(uuid.uuid4())], "seq": ["1"], "base_version": ["0"], "origin": ["typed"]}
        values = {"field": ["note"], "value": ["Slept better."], **stamp, **token}
        self.check("save a field", self.therapist.post(f"{path}fields/", values), expect=200)

    def whole(self, page: Response, form: Form) -> None:
        """Fills in everything else that signing requires."""
        pain = {name: "6" if "before" in name else "3" for name in form.fields if name.startswith("pain_")}
        advice = {name: "on" for name in form.fields if name.startswith("advice-")}
        measures = {name: "40" for name in form.fields if name.startswith("measure_")}
        began = form.values["started_at"][0]
        ended = f"{dt.datetime.strptime(began, CLOCK).replace(tzinfo=dt.UTC) + MINUTE:{CLOCK}}"
        details = {"position": "prone", "skin_prep": "alcohol", "needles_out": "3", "tolerance": "well"}
        times = {"started_at": began, "ended_at": ended, "plan": "Once a week."}
        page = self.therapist.get(page.path)
        typed = {**pain, **measures, **advice, **details, **times}
        self.send("save the whole page", self.therapist, page, ("client_id", "note"), typed)

    def sign(self, path: str) -> None:
        page = self.therapist.get(f"{path}sign/")
        names = page.form("csrfmiddlewaretoken", "form_key").fields
        proof = {"identity_checked": "on", "password": self.password}
        typed = {name: value for name, value in proof.items() if name in names}
        # after some minutes the password is asked again, and checking it takes longer than all the rest
        what = "sign, with the password" if "password" in typed else "sign"
        self.send(what, self.therapist, page, ("form_key",), typed)

    def afterwards(self, person: dict, path: str) -> None:
        page = self.therapist.get(f"{path}addenda/")
        addendum = {"kind": "addendum", "reason": "Forgotten", "text": "Heat for ten minutes afterwards."}
        self.send("add an addendum", self.therapist, page, ("text",), addendum)

    def send(
        self, what: str, browser: HttpBrowser, page: Response, names: tuple, typed: dict, *, expect: int = 302
    ) -> Response:
        form = page.form(*names)
        values = {**form.values, **{name: [value] for name, value in typed.items()}}
        return self.check(what, browser.post(form.action or page.path, values), expect=expect)

    def check(self, what: str, answer: Response, *, expect: int) -> Response:
        if answer.status != expect:
            raise Refused(f"{what}: {answer.path} answered {answer.status} instead of {expect}.")
        self.timed(what, answer)
        return answer


class LeadSearches:
    """Searches of the lead over the whole practice, each of which is audited."""

    def __init__(self, lead: HttpBrowser, day: PatientDay):
        self.lead, self.day = lead, day

    def asks(self, ref: str) -> None:
        today = day_of_practice().strftime("%m/%d/%Y")
        for what, terms in (
            ("search the audit for a patient", {"patient": ref}),
            ("search the audit for a day", {"first": today, "last": today}),
            ("search the audit for what was done", {"code": "session.signed"}),
        ):
            page = self.lead.get("/audit/")
            self.day.send(what, self.lead, page, ("patient", "first"), terms, expect=200)
        page = self.lead.get("/reports/lot/")
        self.day.send("find the needles of a lot", self.lead, page, ("lot",), {"lot": "LOT-1"}, expect=200)
