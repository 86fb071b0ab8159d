"""Every write of the main job, done for one patient after another as a person would."""

import re
import time
import uuid
from collections.abc import Callable

from bench.browser import HttpBrowser, Response
from bench.forms import Form
from bench.tablet import Tablet, answers_of

LETTERS = str.maketrans("0123456789", "ghijklmnop")


class Refused(SystemExit):
    """A write that did not go through is a mistake of the benchmark or of the product, never a number."""


class PatientDay:
    """One patient's way through the practice. `timed(what, answer)` hears how long each write took."""

    def __init__(
        self, desk: HttpBrowser, hands: HttpBrowser, password: str, timed: Callable[[str, Response], None]
    ):
        self.desk, self.hands, self.password, self.timed = desk, hands, password, timed
        # the reference of whoever was registered last
        self.newest = ""

    def of(self, person: dict, number: int, desk: Callable[[str], None], draft: Callable[[str], None]) -> str:
        """The address of the signed session. `desk` and `draft` do more before the tablet and the oath."""
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
        ref = person["ref"]
        born = f"{number % 12 + 1}/{number % 28 + 1}/{1940 + number % 60}"
        # somebody whom nobody resembles, also where the benchmark ran before: else it would be asked about
        new = uuid.uuid4()
        family, phone = new.hex.translate(LETTERS).capitalize(), f"(555) {new.int % 10**7:07d}"
        name = {"family_name": family, "given_name": f"Newly {family[::-1]}", "born": born}
        register = self.desk.get("/patients/register/")
        said = {**name, "phone": phone, "next": "start"}
        self.newest = self.send("register", self.desk, register, ("family_name",), said).location.split("/")[
            2
        ]
        find = self.desk.get("/patients/")
        self.send("find by name", self.desk, find, ("q",), {"q": person["name"]}, expect=200)
        alerts = self.desk.get(f"/patients/{ref}/alerts/")
        allergy = {"allergy-substance": f"Nickel {number}", "what": "allergy"}
        self.send("note an allergy", self.desk, alerts, ("allergy-substance",), allergy)
        self.arrive(ref)

    def arrive(self, ref: str) -> None:
        start = self.desk.get(f"/patients/{ref}/visits/start/")
        form = start.form("therapist", "minutes")
        therapist = next(value for value in form.choices["therapist"] if value)
        said = {"therapist": therapist, "kind": "follow_up"}
        self.send("start a visit", self.desk, start, ("therapist",), said)

    def check_in(self, visit: str) -> None:
        """The board's button for somebody who is expected."""
        form = self.desk.get("/").form("form_key", to="/step/")
        said = {**form.values, "verb": ["arrive"]}
        self.check("check in", self.desk.post(f"/visits/{visit}/step/", said), expect=302)

    def call(self, followup: str) -> None:
        heard = {"now": "2", "worst": "4", "hours": "20", "bruise": "none", "none_of_these": "on"}
        page = self.desk.get(f"/followups/{followup}/")
        self.send("answer a call", self.desk, page, ("result", "now"), {"result": "spoke", **heard})
        # a warning sign was overheard: the therapist has something to do
        page = self.desk.get(f"/followups/{followup}/correct/")
        signs = sorted(name for name in page.form("now").fields if name.startswith("sign_"))
        answers = {**dict.fromkeys(signs, "no"), signs[0]: "yes"}
        del heard["none_of_these"]
        self.send("correct a call", self.desk, page, ("now",), {**heard, **answers})

    def close(self, followup: str) -> None:
        said = {"outcome": "not_needed", "reason": "Came in the morning and said that all is well."}
        page = self.desk.get(f"/followups/{followup}/close/")
        self.send("close a call", self.desk, page, ("outcome", "reason"), said)

    def conditions(self, person: dict) -> None:
        """One more condition, found, described, changed and resolved."""
        base = f"/patients/{person['ref']}/conditions/"
        page = self.hands.get(f"{base}add/")
        form = page.form("condition")
        asked = self.check(
            "choose a condition",
            self.hands.post(page.path, {**form.values, "condition": ["tennis-elbow"]}),
            expect=200,
        )
        self.send("add a condition", self.hands, asked, ("side",), {"side": "right", "goal": "Lift a pan."})
        record = self.hands.get(f"/patients/{person['ref']}/").text
        newest = max(int(key) for key in re.findall(rf"{base}(\d+)/edit/", record))
        edit = self.hands.get(f"{base}{newest}/edit/")
        self.send("change a condition", self.hands, edit, ("side",), {"goal": "Carry a child."})
        resolve = self.hands.get(f"{base}{newest}/resolve/")
        self.send("resolve a condition", self.hands, resolve, ("reason",), {"reason": "No pain for a month."})

    def open_session(self, person: dict) -> str:
        ask = self.hands.get(f"/patients/{person['ref']}/screenings/visit/")
        answers = answers_of(ask.form("answer-fever-today"))
        self.send("anything changed?", self.hands, ask, ("answer-fever-today",), answers)
        page = self.hands.get(f"/patients/{person['ref']}/sessions/open/")
        opened = self.send("open a session", self.hands, page, ("conditions",), {"consent_confirmed": "on"})
        return opened.location

    def write_session(self, path: str) -> None:
        for muscle in ("UT", "LS", "SC"):
            page = self.hands.get(path)
            site = {"muscle": muscle, "side": "right", "insertions": "3", "twitches": "2", "depth_mm": "12"}
            said = {**site, "needle": "0.30x40", "technique": "piston", "tissue": "trigger_point"}
            self.send("add a site", self.hands, page, ("muscle",), said)
        page = self.hands.get(path)
        form = page.form("client_id", "note")
        self.field(path, form)
        self.whole(page, form)

    def field(self, path: str, form: Form) -> None:
        """One field as the page saves it when it is left."""
        token = {"csrfmiddlewaretoken": form.values["csrfmiddlewaretoken"]}
        stamp = {"client_id": [str(uuid.uuid4())], "seq": ["1"], "base_version": ["0"], "origin": ["typed"]}
        said = {"field": ["note"], "value": ["Slept better."], **stamp, **token}
        self.check("save a field", self.hands.post(f"{path}fields/", said), expect=200)

    def whole(self, page: Response, form: Form) -> None:
        """Everything else that the checklist before signing asks for."""
        pain = {name: "6" if "before" in name else "3" for name in form.fields if name.startswith("pain_")}
        advice = {name: "on" for name in form.fields if name.startswith("advice-")}
        began = form.values["started_at"][0]
        hour, minute = divmod((int(began[:2]) * 60 + int(began[3:]) + 1) % (24 * 60), 60)
        ended = f"{hour:02d}:{minute:02d}"
        said = {"position": "prone", "skin_prep": "alcohol", "needles_out": "3", "tolerance": "well"}
        times = {"started_at": began, "ended_at": ended, "plan": "Once a week."}
        page = self.hands.get(page.path)
        typed = {**pain, **advice, **said, **times}
        self.send("save the whole page", self.hands, page, ("client_id", "note"), typed)

    def sign(self, path: str) -> None:
        page = self.hands.get(f"{path}sign/")
        names = page.form("csrfmiddlewaretoken", "form_key").fields
        proof = {"identity_checked": "on", "password": self.password}
        said = {name: value for name, value in proof.items() if name in names}
        self.send("sign", self.hands, page, ("form_key",), said)

    def afterwards(self, person: dict, path: str) -> None:
        page = self.hands.get(f"{path}addenda/")
        words = {"kind": "addendum", "reason": "Forgotten", "text": "Heat for ten minutes afterwards."}
        self.send("add an addendum", self.hands, page, ("text",), words)

    def send(
        self, what: str, hands: HttpBrowser, page: Response, names: tuple, typed: dict, *, expect: int = 302
    ) -> Response:
        form = page.form(*names)
        values = {**form.values, **{name: [value] for name, value in typed.items()}}
        return self.check(what, hands.post(form.action or page.path, values), expect=expect)

    def check(self, what: str, answer: Response, *, expect: int) -> Response:
        if answer.status != expect:
            raise Refused(f"{what}: {answer.path} answered {answer.status} instead of {expect}.")
        self.timed(what, answer)
        return answer


class LeadSearches:
    """What a lead asks of the whole practice, each question with its line in the audit."""

    def __init__(self, hands: HttpBrowser, day: PatientDay):
        self.hands, self.day = hands, day

    def asks(self, ref: str) -> None:
        today = time.strftime("%m/%d/%Y")
        for what, said in (
            ("search the audit for a patient", {"patient": ref}),
            ("search the audit for a day", {"first": today, "last": today}),
            ("search the audit for what was done", {"code": "session.signed"}),
        ):
            page = self.hands.get("/audit/")
            self.day.send(what, self.hands, page, ("patient", "first"), said, expect=200)
        page = self.hands.get("/reports/lot/")
        self.day.send("find the needles of a lot", self.hands, page, ("lot",), {"lot": "LOT-1"}, expect=200)
