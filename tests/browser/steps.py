"""Steps of a working day, each done by keyboard on its page."""

import re

from playwright.sync_api import expect

from tests import factories
from tests.browser.keyboard import Keyboard

BIRTH_DATE = "3/5/1984"
PLAN = "Same again, add the triceps"
# Questions that a healthy patient answers with yes.
YES = (
    "Can you decide about your own treatment, or is a person here who may decide for you?",
    "Are you willing to be treated with thin needles?",
    "Have you eaten in the last 3 hours?",
    "Have you had enough to drink today?",
    "Are you willing to be treated with needles today?",
)


def sign_in(keyboard: Keyboard, person) -> None:
    """From the sign-in page to today's board."""
    keyboard.page.goto("/accounts/login/")
    type_sign_in(keyboard, person)


def type_sign_in(keyboard: Keyboard, person) -> None:
    keyboard.fill("Username", person.username)
    keyboard.fill("Password", factories.PASSWORD)
    keyboard.leave_by("Enter")


def register(keyboard: Keyboard, *, family: str, given: str, button: str) -> int:
    """Registers a patient; returns the number of key presses."""
    before = keyboard.presses
    keyboard.leave_by("Alt+n")
    keyboard.fill("Last name", family)
    keyboard.fill("First name", given)
    keyboard.fill(re.compile("birth", re.IGNORECASE), BIRTH_DATE)
    keyboard.fill("Cell phone", "5550142290")
    keyboard.go(re.compile(f"^{button}"))
    return keyboard.presses - before


def register_and_book(keyboard: Keyboard, *, family: str, given: str) -> int:
    """As whoever does it every day: the year in two digits, and the shortcut instead of the first button."""
    before = keyboard.presses
    keyboard.leave_by("Alt+n")
    keyboard.fill("Last name", family)
    keyboard.fill("First name", given)
    keyboard.fill(re.compile("birth", re.IGNORECASE), "3/5/84")
    keyboard.fill("Cell phone", "5550142290")
    keyboard.leave_by("Control+Enter")
    return keyboard.presses - before


def start_visit(keyboard: Keyboard, therapist) -> None:
    keyboard.fill("With", therapist.display_name)
    keyboard.leave_by("Control+Enter")


def book_visit(keyboard: Keyboard, therapist, *, when: str) -> None:
    keyboard.fill("When", when)
    keyboard.fill("With", therapist.display_name)
    keyboard.leave_by("Control+Enter")


def check_in(keyboard: Keyboard, name: str) -> None:
    keyboard.page.goto("/")
    keyboard.go(f"Check in for {name}")


def take_back(keyboard: Keyboard, name: str, *, why: str) -> None:
    """From the board to the visit, undoing its last step."""
    keyboard.go(re.compile(f"change the visit of {name}"))
    keyboard.go("Undo check-in")
    keyboard.fill("Why", why)
    keyboard.leave_by("Control+Enter")


def go_to_record(keyboard: Keyboard, name: str) -> None:
    keyboard.page.goto("/")
    keyboard.go(name)


def hand_over_questions(keyboard: Keyboard, name: str) -> None:
    """From the board to the patient's first page."""
    keyboard.go(f"Hand over questions to {name}")
    keyboard.go("Sign me out and hand over")


def answer_questions(keyboard: Keyboard) -> None:
    """Answers all pages as the patient, checks the summary and sends it."""
    while keyboard.page.locator("h1").inner_text() != "Check your answers":
        for legend in legends(keyboard):
            keyboard.choose(legend, "Yes" if legend in YES else "No")
        keyboard.go("Continue")
    keyboard.go("Send my answers")


def take_the_tablet_back(keyboard: Keyboard, person) -> None:
    """Staff signs in on the tablet that the patient has returned."""
    keyboard.go("Staff: take the tablet back")
    type_sign_in(keyboard, person)


def hand_over_consent(keyboard: Keyboard, name: str, therapist) -> None:
    keyboard.go(f"Get consent from {name}")
    keyboard.fill("Therapist", therapist.display_name)
    keyboard.go("Sign me out and hand over")


def sign_consent(keyboard: Keyboard, *, regions: tuple[str, ...], name: str) -> None:
    """The patient reads the consent, chooses regions, agrees to every statement and signs by name."""
    for region in regions:
        keyboard.tick(region)
    for statement in keyboard.page.locator("[name=statements] + span").all_inner_texts():
        keyboard.tick(statement)
    keyboard.go("Continue to sign")
    keyboard.choose("Who signs?", "Patient")
    keyboard.fill("Type your full name", name)
    keyboard.go("I agree")


def record_condition(keyboard: Keyboard, *, condition: str, side: str) -> str:
    """Records a condition from the record page; returns the code that the page shows before saving."""
    keyboard.go("Add a condition")
    keyboard.fill("Condition", condition)
    keyboard.go("Continue")
    keyboard.choose("Side", side)
    code = keyboard.page.locator("[data-code]").inner_text()
    keyboard.go("Record")
    return code


def open_session(keyboard: Keyboard) -> None:
    keyboard.choose("Access to treatment", re.compile("direct", re.IGNORECASE))
    keyboard.tick(re.compile("^I asked again"))
    keyboard.go(re.compile("^Open the session"))


def log_site(
    keyboard: Keyboard, muscle: str, *, side: str, insertions: str, twitches: str, needle: str = ""
) -> None:
    """One site: muscle by code, side by letter, counts by digits, saved with Enter."""
    keyboard.tab_to(re.compile("^Muscle"))
    keyboard.type(muscle)
    keyboard.press("Enter", side)
    expect(keyboard.page.locator("[name=insertions]:focus")).to_have_count(1)
    keyboard.press(insertions, "Tab", twitches)
    count = keyboard.page.locator("li.site").count()
    keyboard.press("Enter")
    if needle:
        # nothing was proposed, so Enter moved the focus to the empty field
        keyboard.choose("Needle", needle)
        keyboard.press("Enter")
    expect(keyboard.page.locator("li.site")).to_have_count(count + 1)
    keyboard.stays_somewhere()


def start_session(keyboard: Keyboard, name: str) -> None:
    keyboard.page.goto("/")
    keyboard.go(f"Start session for {name}")
    open_session(keyboard)


def log_three_sites(keyboard: Keyboard) -> None:
    log_site(keyboard, "ecrb", side="r", insertions="3", twitches="2", needle="0.25 × 30")
    log_site(keyboard, "brd", side="r", insertions="2", twitches="1")
    log_site(keyboard, "su", side="r", insertions="2", twitches="0")


def review_screening(keyboard: Keyboard) -> None:
    """From the record to the screening, and the decision about it."""
    keyboard.act("All answers and consents")
    keyboard.go(re.compile("^Health questions,"))
    keyboard.choose("What do you decide?", re.compile("^Proceed"))
    keyboard.leave_by("Control+Enter")


def ask_what_changed(keyboard: Keyboard, name: str) -> None:
    """From the board to the health update, which the therapist reads aloud."""
    keyboard.page.goto("/")
    keyboard.go(f"Health update: ask {name}")
    for legend in legends(keyboard):
        keyboard.choose(legend, "Yes" if legend in YES else "No")
    keyboard.leave_by("Control+Enter")


def legends(keyboard: Keyboard) -> list[str]:
    return keyboard.page.locator("[data-question] > .field > fieldset > legend").all_inner_texts()


def finish_session(keyboard: Keyboard) -> None:
    """Fills in what follows the sites, in page order. The end is set at signing."""
    keyboard.choose("Pain after", "3")
    keyboard.choose("Tolerated", re.compile("^Tolerated well"))
    keyboard.act("All of it was given")
    keyboard.fill("out", "3")
    keyboard.act("Plan and note")
    keyboard.fill("Plan", PLAN)
    keyboard.press("Tab")
    wait_until_saved(keyboard)


def review_note(keyboard: Keyboard) -> None:
    """Opens the review panel; without a fresh proof of identity the password field has the focus."""
    keyboard.press("Control+Enter")
    expect(keyboard.page.locator("[data-review] .readback")).to_be_visible()
    keyboard.stays_somewhere()


def wait_until_saved(keyboard: Keyboard) -> None:
    expect(keyboard.page.locator("[data-save]")).to_contain_text("Saved ")


def sign_note(keyboard: Keyboard) -> None:
    """A sign-in is proof for its minutes; without one the open review asks for the password."""
    if keyboard.page.locator("[data-review] [name=password]").count():
        keyboard.fill("Your password", factories.PASSWORD)
    keyboard.leave_by("Control+Enter")


def open_call(keyboard: Keyboard, name: str) -> None:
    keyboard.page.goto("/followups/")
    keyboard.go(f"Call {name}, 24 h")


def call_went_well(keyboard: Keyboard, *, soreness: str) -> None:
    """Records a call without warning signs."""
    keyboard.choose("How did the call go?", "Spoke")
    keyboard.press("Tab", soreness)
    keyboard.tick("None of these")
    keyboard.leave_by("Control+Enter")


def call_with_a_sign(keyboard: Keyboard, *, soreness: str, sign: str) -> None:
    """Answers every warning sign, one of them with yes."""
    keyboard.choose("How did the call go?", "Spoke")
    keyboard.press("Tab", soreness)
    for question in keyboard.page.locator(".sign-list [id^=q_]").all_inner_texts():
        keyboard.choose(question, "Yes" if question == sign else "No")
    keyboard.leave_by("Control+Enter")


def act_on_warning(keyboard: Keyboard, name: str, what: str) -> None:
    keyboard.page.goto("/")
    keyboard.go(f"Call now, {name}")
    keyboard.fill("What was done?", what)
    keyboard.go("Done, take it off the board")
