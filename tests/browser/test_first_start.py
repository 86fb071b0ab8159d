"""From an empty practice to the first signed session, in the browser and by keyboard only."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from playwright.sync_api import expect

from clinic.models import Location, Practice, Role, User
from patients.models import Consent, Patient
from tests import factories
from tests.browser import steps
from tests.browser.accessibility import axe
from tests.browser.keyboard import Keyboard
from tests.second_factor import code_of
from treatments.models import NeedlingSession

NAME = "Okafor, Ben"
README = Path(django_settings.BASE_DIR) / "README.md"


class CountedKeyboard(Keyboard):
    """Counts the pages that were opened and the fields that were filled, beside the keys."""

    def __init__(self, page):
        super().__init__(page)
        self.pages = self.fields = 0
        page.on("framenavigated", self._note)

    def _note(self, frame) -> None:
        self.pages += frame == self.page.main_frame

    def fill(self, name, text: str) -> None:
        super().fill(name, text)
        self.fields += 1

    def choose(self, group, answer) -> None:
        super().choose(group, answer)
        self.fields += 1

    def tick(self, name) -> None:
        super().tick(name)
        self.fields += 1

    def retype(self, name, text: str) -> None:
        """Fills a field that has something in it already."""
        self.tab_to(name)
        self.press("Control+a")
        self.type(text)
        self.fields += 1


@dataclass
class Devices:
    """The office with its owner, the desk with its tablet, the room of the therapist."""

    office: CountedKeyboard
    desk: CountedKeyboard
    room: CountedKeyboard

    def counted(self) -> dict[str, int]:
        every = (self.office, self.desk, self.room)
        return {
            "pages": sum(one.pages for one in every),
            "fields": sum(one.fields for one in every),
            "keys": sum(one.presses for one in every),
        }


@pytest.fixture
def devices(open_page, settings):
    settings.REQUIRE_MFA = True
    made = Devices(*(CountedKeyboard(open_page()) for _ in range(3)))
    yield made
    pages = (one.page for one in (made.office, made.desk, made.room))
    assert [event for page in pages for event in page.watch.pointer_events] == []


def test_from_an_empty_practice_to_the_first_signed_session(devices, live_server):
    come_in(devices.office, begin(live_server.url))
    describe_the_practice(devices.office)
    passwords = dict(add_people(devices.office))
    assert "blocks a first session" not in set_up_of(devices.office)

    desk, therapist = User.objects.get(username="robin"), User.objects.get(username="nora")
    choose_own(devices.desk, desk, passwords["robin"])
    choose_own(devices.room, therapist, passwords["nora"])
    arrive_and_agree(devices.desk, desk, therapist)
    treat_and_sign(devices.room)

    assert NeedlingSession.objects.get().signed_at
    said, counted = said_in_readme(), devices.counted()
    # a busy machine may cost a key or two more, at what waits for the server
    assert all(0.97 * said[name] <= counted[name] <= 1.03 * said[name] for name in said), counted


def begin(address: str) -> str:
    """The link that the command prints."""
    assert not User.objects.exists()
    printed = io.StringIO()
    call_command("practice", name="Dana Modelrivera", username="dana", address=address, stdout=printed)
    return next(word for word in printed.getvalue().split() if word.startswith("http"))


def come_in(office, link: str) -> None:
    """Password, authenticator app, recovery codes, and on to Set-up."""
    office.page.goto(link)
    assert axe(office.page) == []
    office.fill("Password", factories.PASSWORD)
    office.fill("Password, again", factories.PASSWORD)
    office.leave_by("Enter")
    office.go("Set up an app")
    office.fill("Password", factories.PASSWORD)
    office.leave_by("Enter")
    office.fill("Code that the app shows now", code_of(office.page.locator("code").inner_text()))
    office.leave_by("Control+Enter")
    assert "Recovery codes" in office.page.locator("h1").inner_text()
    set_up_of(office)
    assert axe(office.page) == []


def set_up_of(office) -> str:
    """From wherever one is to Set-up, by the menu; returns what stands under its heading."""
    office.go("Set-up")
    return office.page.locator(".page-head .meta").inner_text()


def describe_the_practice(office) -> None:
    office.go("Name and phone")
    office.retype("Name:", "Riverbend Example Therapy")
    office.fill("Phone:", "5550100100")
    office.fill("State rules:", "Tennessee")
    office.go("Save")
    set_up_of(office)
    office.go("Address, phone, state and time zone")
    office.fill("Address:", "1 Sample Street, Exampleton")
    office.fill("State:", "Tennessee")
    office.fill("Phone:", "5550100100")
    office.go("Save")
    assert Practice.objects.get().jurisdiction.code == "us-tn-pt"
    assert Location.objects.get().state == "TN"


def add_people(office):
    """The desk and a therapist, with license and course; yields their one-time passwords."""
    set_up_of(office)
    office.go("Add a person")
    name_person(office, "robin", "Robin", "Samplehale", "Front desk")
    office.go("Save")
    yield "robin", one_time_password(office)
    assert "blocks a first session" in set_up_of(office)
    office.go("Add a person")
    name_person(office, "nora", "Nora", "Newpt", "Therapist", profession="Physical therapist")
    add_credential(office, kind="License", number="PT-4711", issued="1/5/2020", hours="")
    office.go("Save")
    yield "nora", one_time_password(office)
    # Tennessee asks for hours of training, and says so before the first patient
    assert "blocks a first session" in set_up_of(office)
    assert "hours of training" in office.page.locator("#item-licences").inner_text()
    office.go("Licenses and courses")
    add_credential(office, kind="Needling course", number="", issued="6/1/2022", hours="80")
    office.go("Save")


def name_person(office, username, given, family, role, *, profession="") -> None:
    office.fill("Username:", username)
    office.fill("First name:", given)
    office.fill("Last name:", family)
    if profession:
        office.fill("Profession:", profession)
    office.activate("Add a role")
    office.fill("Role:", role)


def add_credential(office, *, kind: str, number: str, issued: str, hours: str) -> None:
    office.activate("Add a credential")
    office.fill("Kind:", kind)
    if number:
        office.fill("Number:", number)
    office.fill("Issued:", issued)
    if hours:
        office.fill("Hours:", hours)


def one_time_password(office) -> str:
    said = office.page.locator(".messagelist").inner_text()
    return re.search(r"One-time password of \w+: ([\w-]+)\.", said)[1]


def choose_own(user, person, given: str) -> None:
    user.page.goto("/accounts/login/")
    user.fill("Username", person.username)
    user.fill("Password", given)
    user.leave_by("Enter")
    user.fill("Current password", given)
    user.fill("New password", factories.PASSWORD)
    user.fill("New password, again", factories.PASSWORD)
    user.leave_by("Control+Enter")


def arrive_and_agree(desk, robin, nora) -> None:
    steps.register(desk, family="Okafor", given="Ben", button="Register and start visit")
    steps.start_visit(desk, nora)
    assert Patient.objects.get().listed_name == NAME
    steps.hand_over_questions(desk, NAME)
    steps.answer_questions(desk)
    steps.take_the_tablet_back(desk, robin)
    desk.page.goto("/")
    steps.hand_over_consent(desk, NAME, nora)
    steps.sign_consent(desk, regions=("Arm and hand",), name="Ben Okafor")
    steps.take_the_tablet_back(desk, robin)
    assert Consent.objects.get().given_at


def treat_and_sign(room) -> None:
    steps.go_to_record(room, NAME)
    steps.review_screening(room)
    steps.go_to_record(room, NAME)
    steps.record_condition(room, condition="ten", side="Right")
    steps.ask_what_changed(room, NAME)
    steps.start_session(room, NAME)
    room.choose("Pain before", "6")
    steps.log_three_sites(room)
    steps.finish_session(room)
    steps.review_note(room)
    steps.sign_note(room)


def said_in_readme() -> dict[str, int]:
    """The counts that the README gives of this walk."""
    text = " ".join(README.read_text(encoding="utf-8").split())
    found = re.search(r"(\d+) pages, (\d+) fields and ([\d,]+) keys", text)
    return {
        name: int(number.replace(",", ""))
        for name, number in zip(("pages", "fields", "keys"), found.groups(), strict=True)
    }


@pytest.mark.parametrize(
    ("width", "height", "scheme", "scripts"),
    [(320, 640, "dark", True), (320, 640, "light", False), (1180, 820, "light", True)],
)
def test_set_up_and_the_therapists_board_shut_nobody_out(
    width, height, scheme, scripts, open_page, admin, db
):
    nora = factories.user("nora", Role.THERAPIST, profession="pt", licensed=False)
    for user, path, heading in ((admin, "/set-up/", "Set-up"), (nora, "/", "Before your first session")):
        page = open_page(width=width, height=height, scheme=scheme, user=user, java_script_enabled=scripts)
        page.goto(path)
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        assert page.locator("html").evaluate("page => page.scrollWidth") <= width
        if scripts:
            assert axe(page) == []


def test_the_page_of_the_link_works_on_a_phone_without_scripts(open_page, live_server):
    page = open_page(width=320, height=640, java_script_enabled=False)
    page.goto(begin(live_server.url))
    assert page.locator("html").evaluate("page => page.scrollWidth") <= 320
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_label("Password, again").fill(factories.PASSWORD)
    page.get_by_role("button", name="Choose this password").click()

    expect(page.get_by_role("heading", name="Today")).to_be_visible()
