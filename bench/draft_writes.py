"""Writes in a draft besides adding a site: corrections, removals, measurements, adoption, undo."""

import re
import uuid

from bench.browser import HttpBrowser, Response
from bench.patient_day import PatientDay

SITE = {
    "muscle": "IS", "side": "left", "insertions": "3", "twitches": "2", "depth_mm": "12",
    "needle": "0.30x40", "technique": "piston", "tissue": "trigger_point",
}  # fmt: skip
THREE = "ut r 3 t2 d12 0.30x40; ls r 3 t2 d12 0.30x40; sc r 3 t2 d12 0.30x40"


class DraftWrites:
    """Each write on one draft, as the page without JavaScript sends it."""

    def __init__(self, day: PatientDay):
        self.day, self.therapist = day, day.therapist

    def of(self, path: str) -> None:
        self.adopt(path)
        self.sites(path)
        self.measurements(path)
        changes = f"{path}changes/"
        self.send("take a change back", changes, ("change",), {})

    def in_vain(self, person: dict, *, lead: HttpBrowser | None = None) -> None:
        """Ends a draft without a signature: the author voids it or the lead closes it."""
        self.day.arrive(person["ref"])
        path = self.day.open_session(person)
        what, last = ("close without a signature", "close/") if lead else ("void a draft", "void/")
        browser, why = lead or self.therapist, {"reason": "Opened by mistake."}
        self.day.send(what, browser, browser.get(f"{path}{last}"), ("reason",), why)

    def sites(self, path: str) -> None:
        line = {"line-line": "ut r 3 t2 d15 0.30x40", "line-key": str(uuid.uuid4())}
        self.send("add a site in one line", path, ("line-line",), line)
        site = self.newest(path)
        self.send("change a site", site, ("depth_mm",), {"depth_mm": "14"})
        self.press("needles in", path, f"{site}needles/", way=["in"])
        self.press("needles out", path, f"{site}needles/", way=["out"])
        self.press("remove a site", path, f"{site}strike/")
        self.live(path)
        self.three_sites(path)
        self.reason(path)

    def live(self, path: str) -> None:
        """Sends a site as the page's script does: first as unsaved input, then to be saved."""
        page = self.therapist.get(path)
        row = {**page.form("muscle").values, **{name: [text] for name, text in SITE.items()}}
        headers = {"X-Live": "1"}
        self.day.check("hold what is begun", self.therapist.post(f"{path}unkept/", row, headers), expect=204)
        stamp = {"client_id": [str(uuid.uuid4())], "seq": ["1"], "base_version": ["0"]}
        saved = self.therapist.post(f"{path}sites/", {**row, **stamp}, headers)
        self.day.check("keep a site and show it", saved, expect=200)
        newest = self.newest(path)
        self.held(path, newest, row["csrfmiddlewaretoken"])
        self.press("remove a site", path, f"{newest}strike/")

    def held(self, path: str, site: str, token: list[str]) -> None:
        """Holds what is begun on the page of a site and on the form of a record, and puts a row away."""
        post, check = self.therapist.post, self.day.check
        edit = f"{path}unkept/{site.removeprefix(path)}"
        depth = {"depth_mm": ["14"], "csrfmiddlewaretoken": token}
        check("hold what is begun of a site", post(edit, depth, {"X-Live": "1"}), expect=204)
        self.press("put away what is begun", path, f"{path}unkept/put-away/", part=["row"])
        texts = {"page": [f"{path}addenda/"], "form_key": [str(uuid.uuid4())], "texts": ['{"text": "Sore"}']}
        held = post("/begun/", {**texts, "csrfmiddlewaretoken": token}, {"X-Live": "1"})
        check("hold a form that is begun", held, expect=204)

    def reason(self, path: str) -> None:
        """Both sides of the thorax in one session, for which a rule asks a reason."""
        both = {"line-line": "ut b 3 t2 d15 0.30x40", "line-key": str(uuid.uuid4())}
        self.send("add sites in one line", path, ("line-line",), both)
        why = {"reason": "Both sides are short, the right one more."}
        self.send("give a reason for a rule", path, ("rule", "reason"), why)
        for site in self.standing(path):
            self.press("remove a site", path, f"{site}strike/")

    def three_sites(self, path: str) -> Response:
        """Three sites in one line, which are removed again."""
        before = self.standing(path)
        line = {"line-line": THREE, "line-key": str(uuid.uuid4())}
        answer = self.send("add three sites in one line", path, ("line-line",), line)
        for site in self.standing(path) - before:
            self.press("remove a site", path, f"{site}strike/")
        return answer

    def standing(self, path: str) -> set[str]:
        """The addresses of the sites that are not removed."""
        return set(re.findall(rf'href="({path}sites/[0-9a-f-]{{36}}/)["#]', self.therapist.get(path).text))

    def newest(self, path: str) -> str:
        return re.findall(rf"{path}sites/[0-9a-f-]{{36}}/", self.therapist.get(path).text)[-1]

    def press(self, what: str, path: str, to: str, **values: list[str]) -> None:
        """Presses a button of the draft's page."""
        form = self.therapist.get(path).form("client_id", "note")
        stamp = {"client_id": [str(uuid.uuid4())], "seq": ["1"], "base_version": ["0"]}
        token = form.values["csrfmiddlewaretoken"]
        answer = self.therapist.post(to, {**values, **stamp, "csrfmiddlewaretoken": token})
        self.day.check(what, answer, expect=302)

    def measurements(self, path: str) -> None:
        typed = {"joint": "cervical spine", "motion": "rotation", "side": "right", "active": "yes",
                 "device": "goniometer", "position": "sitting"}  # fmt: skip
        line = {f"measurement-{name}": word for name, word in typed.items()}
        self.send("add a measurement", f"{path}measurements/rom/", ("measurement-joint",), line)
        strike = re.findall(rf"{path}measurements/\d+/strike/", self.therapist.get(path).text)[-1]
        self.press("remove a measurement", path, strike)

    def adopt(self, path: str) -> None:
        """Adopts a site of the last visit's plan: its button fills in the form, which is submitted."""
        plan = re.findall(r'name="adopt" value="(\d+)"', self.therapist.get(path).text)[0]
        typed = {"insertions": "3", "twitches": "2", "depth_mm": "12"}
        how = {"technique": "piston", "tissue": "trigger_point"}
        self.send("adopt a site", f"{path}?adopt={plan}", ("adopted_from", "muscle"), {**typed, **how})
        # removed again, because today's consent may not cover its region
        self.press("remove a site", path, f"{self.newest(path)}strike/")

    def send(self, what: str, path: str, names: tuple, typed: dict) -> Response:
        return self.day.send(what, self.therapist, self.therapist.get(path), names, typed)
