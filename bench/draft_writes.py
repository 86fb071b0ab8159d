"""What happens inside a draft besides adding a site: corrected, removed, measured, adopted, taken back."""

import re
import uuid

from bench.browser import HttpBrowser, Response
from bench.patient_day import PatientDay

SITE = {
    "muscle": "IS", "side": "left", "insertions": "3", "twitches": "2", "depth_mm": "12",
    "needle": "0.30x40", "technique": "piston", "tissue": "trigger_point",
}  # fmt: skip


class DraftWrites:
    """Each write on one open draft, as the page sends it without its script."""

    def __init__(self, day: PatientDay):
        self.day, self.hands = day, day.hands

    def of(self, path: str) -> None:
        self.adopt(path)
        self.sites(path)
        self.measurements(path)
        changes = f"{path}changes/"
        self.send("take a change back", changes, ("change",), {})

    def in_vain(self, person: dict, *, lead: HttpBrowser | None = None) -> None:
        """A visit whose note nobody signs: its author voids it, or the lead closes it."""
        self.day.arrive(person["ref"])
        path = self.day.open_session(person)
        what, last = ("close without a signature", "close/") if lead else ("void a draft", "void/")
        hands, why = lead or self.hands, {"reason": "Opened by mistake."}
        self.day.send(what, hands, hands.get(f"{path}{last}"), ("reason",), why)

    def sites(self, path: str) -> None:
        line = {"line-line": "ut r 3 t2 d15 0.30x40", "line-key": str(uuid.uuid4())}
        self.send("add a site in one line", path, ("line-line",), line)
        site = self.newest(path)
        self.send("change a site", site, ("depth_mm",), {"depth_mm": "14"})
        self.press("needles in", path, f"{site}needles/", way=["in"])
        self.press("needles out", path, f"{site}needles/", way=["out"])
        self.press("remove a site", path, f"{site}strike/")
        self.live(path)
        self.reason(path)

    def live(self, path: str) -> None:
        """As the page's script sends a row: begun, then kept; what it changed on the page is the answer."""
        page = self.hands.get(path)
        row = {**page.form("muscle").values, **{name: [text] for name, text in SITE.items()}}
        headers = {"X-Live": "1"}
        self.day.check("hold what is begun", self.hands.post(f"{path}unkept/", row, headers), expect=204)
        stamp = {"client_id": [str(uuid.uuid4())], "seq": ["1"], "base_version": ["0"]}
        kept = self.hands.post(f"{path}sites/", {**row, **stamp}, headers)
        self.day.check("keep a site and show it", kept, expect=200)
        self.press("remove a site", path, f"{self.newest(path)}strike/")

    def reason(self, path: str) -> None:
        """Both sides of the thorax in one session ask why."""
        both = {"line-line": "ut b 3 t2 d15 0.30x40", "line-key": str(uuid.uuid4())}
        self.send("add sites in one line", path, ("line-line",), both)
        why = {"reason": "Both sides are short, the right one more."}
        self.send("give a reason for a rule", path, ("rule", "reason"), why)
        for site in self.standing(path):
            self.press("remove a site", path, f"{site}strike/")

    def standing(self, path: str) -> set[str]:
        """The sites that can be changed: a removed one cannot."""
        return set(re.findall(rf'href="({path}sites/[0-9a-f-]{{36}}/)"', self.hands.get(path).text))

    def newest(self, path: str) -> str:
        return re.findall(rf"{path}sites/[0-9a-f-]{{36}}/", self.hands.get(path).text)[-1]

    def press(self, what: str, path: str, to: str, **said: list[str]) -> None:
        """A button of the draft's page."""
        form = self.hands.get(path).form("client_id", "note")
        stamp = {"client_id": [str(uuid.uuid4())], "seq": ["1"], "base_version": ["0"]}
        token = form.values["csrfmiddlewaretoken"]
        answer = self.hands.post(to, {**said, **stamp, "csrfmiddlewaretoken": token})
        self.day.check(what, answer, expect=302)

    def measurements(self, path: str) -> None:
        said = {"measurement-kind": "rom", "measurement-what": "Neck rotation", "measurement-side": "right"}
        self.send("add a measurement", path, ("measurement-what",), {**said, "measurement-active": "yes"})
        strike = re.findall(rf"{path}measurements/\d+/strike/", self.hands.get(path).text)[-1]
        self.press("remove a measurement", path, strike)

    def adopt(self, path: str) -> None:
        """A site of the last visit's plan: its button fills in the form, which is sent."""
        plan = re.findall(r'name="adopt" value="(\d+)"', self.hands.get(path).text)[0]
        said = {"insertions": "3", "twitches": "2", "depth_mm": "12"}
        how = {"technique": "piston", "tissue": "trigger_point"}
        self.send("adopt a site", f"{path}?adopt={plan}", ("adopted_from", "muscle"), {**said, **how})
        # the consent of today may not name its part of the body
        self.press("remove a site", path, f"{self.newest(path)}strike/")

    def send(self, what: str, path: str, names: tuple, typed: dict) -> Response:
        return self.day.send(what, self.hands, self.hands.get(path), names, typed)
