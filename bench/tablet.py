"""Writes on the patient's tablet: the health questions of the visit, then a consent."""

from collections.abc import Callable

from bench.browser import HttpBrowser, Response
from bench.forms import Form

# Health questions that a healthy patient answers with yes.
YES = {"answer-eaten-today", "answer-hydrated-today", "answer-willing-today"}
HERE, RETURN = "/handover/", "/handover/return/"
PAGES_AT_MOST = 12


def answers_of(form: Form) -> dict[str, str]:
    return {name: "yes" if name in YES else "no" for name in form.fields if name.startswith("answer-")}


class Tablet:
    """One device. `check(what, answer, expect)` times a response and fails on any other status."""

    def __init__(
        self, desk: HttpBrowser, password: str, check: Callable[..., Response], *, username: str = "reception"
    ):
        self.desk, self.password, self.check, self.username = desk, password, check, username

    def of(self, ref: str, *, therapist: str = "") -> None:
        """The consent is for the first therapist of the list, or for the one with this key."""
        self.hand_over(f"/patients/{ref}/screenings/hand-over/", "kind", "visit")
        self.questions()
        self.take_back()
        page = self.desk.get(f"/patients/{ref}/consents/start/")
        therapist = therapist or next(value for value in page.form("therapist").choices["therapist"] if value)
        self.hand_over(page.path, "therapist", therapist)
        self.consent()
        self.take_back()

    def hand_over(self, path: str, name: str, value: str) -> None:
        form = self.desk.get(path).form(name)
        answer = self.desk.post(form.action or path, {**form.values, name: [value]})
        self.check("hand the tablet over", answer, expect=302)

    def questions(self) -> None:
        path = self.desk.get(HERE).location
        for _ in range(PAGES_AT_MOST):
            page = self.desk.get(path)
            form = page.form("csrfmiddlewaretoken")
            answers = answers_of(form)
            what = "answer a page on the tablet" if answers else "send the answers from the tablet"
            values = {**form.values, **{name: [value] for name, value in answers.items()}}
            path = self.check(what, self.desk.post(path, values), expect=302).location
            if not answers:
                return
        raise SystemExit("The questions on the tablet never end.")

    def consent(self) -> None:
        read = self.desk.get(self.desk.get(HERE).location)
        form = read.form("statements", "regions")
        chosen = {"statements": form.choices["statements"], "regions": form.choices["regions"][:2]}
        answer = self.desk.post(read.path, {**form.values, **chosen})
        sign = self.desk.get(self.check("read a consent", answer, expect=302).location)
        form = sign.form("signer")
        # a minor's guardian signs
        signer = "patient" if "patient" in form.choices["signer"] else "guardian"
        signed = {
            "signer": [signer],
            "signer_name": ["Bench Mark"],
            "relationship": ["Mother"],
            "signer_note": ["Known to the desk."],
            "drawn": [""],
        }
        answer = self.desk.post(sign.path, {**form.values, **signed})
        self.check("sign a consent", answer, expect=302)

    def take_back(self) -> None:
        door = self.desk.get(RETURN).form("login", "password")
        who = {"login": [self.username], "password": [self.password]}
        self.check("take the tablet back", self.desk.post(RETURN, {**door.values, **who}), expect=302)
