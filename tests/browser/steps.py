"""The steps of a working day, each taken by keyboard on the page where it belongs."""

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


def sign_in(hands: Keyboard, person) -> None:
    """From the sign-in page to today's board."""
    hands.page.goto("/accounts/login/")
    type_sign_in(hands, person)


def type_sign_in(hands: Keyboard, person) -> None:
    hands.fill("Username", person.username)
    hands.fill("Password", factories.PASSWORD)
    hands.leave_by("Enter")


def register(hands: Keyboard, *, family: str, given: str, button: str) -> int:
    """From a page of the desk to the page after registering; gives back the keys that it took."""
    before = hands.presses
    hands.leave_by("Alt+n")
    hands.fill("Family name", family)
    hands.fill("Given name", given)
    hands.fill(re.compile("birth", re.IGNORECASE), BIRTH_DATE)
    hands.fill("Mobile", "5550142290")
    hands.go(re.compile(f"^{button}"))
    return hands.presses - before


def start_visit(hands: Keyboard, therapist) -> None:
    hands.fill("With", therapist.display_name)
    hands.leave_by("Control+Enter")


def book_visit(hands: Keyboard, therapist, *, when: str) -> None:
    hands.fill("When", when)
    hands.fill("With", therapist.display_name)
    hands.leave_by("Control+Enter")


def check_in(hands: Keyboard, name: str) -> None:
    hands.page.goto("/")
    hands.go(f"Mark arrived for {name}")


def take_back(hands: Keyboard, name: str, *, why: str) -> None:
    """From the board over the visit to its last step."""
    hands.go(re.compile(f"change the visit of {name}"))
    hands.go("Take the last step back")
    hands.fill("Why", why)
    hands.leave_by("Enter")


def go_to_record(hands: Keyboard, name: str) -> None:
    hands.page.goto("/")
    hands.go(name)


def hand_over_questions(hands: Keyboard, name: str) -> None:
    """From the board to the patient's first page."""
    hands.go(f"Hand over questions to {name}")
    hands.go("Sign me out and hand over")


def answer_questions(hands: Keyboard) -> None:
    """The patient answers page after page, looks at all answers and sends them."""
    while hands.page.locator("h1").inner_text() != "Check your answers":
        for legend in legends(hands):
            hands.choose(legend, "Yes" if legend in YES else "No")
        hands.go("Continue")
    hands.go("Send my answers")


def take_the_tablet_back(hands: Keyboard, person) -> None:
    """A member of staff signs in on the tablet that the patient has handed back."""
    hands.go("Staff: take the tablet back")
    type_sign_in(hands, person)


def hand_over_consent(hands: Keyboard, name: str, therapist) -> None:
    hands.go(f"Get consent from {name}")
    hands.fill("Therapist", therapist.display_name)
    hands.go("Sign me out and hand over")


def sign_consent(hands: Keyboard, *, regions: tuple[str, ...], name: str) -> None:
    """The patient reads, chooses parts of the body, agrees with every statement and types the name."""
    for region in regions:
        hands.tick(region)
    for statement in hands.page.locator("[name=statements] + span").all_inner_texts():
        hands.tick(statement)
    hands.go("Continue to sign")
    hands.choose("Who signs?", "Patient")
    hands.fill("Type your full name", name)
    hands.go("I agree")


def record_condition(hands: Keyboard, *, condition: str, side: str) -> str:
    """From the record and back; gives the code as it was read back before it was kept."""
    hands.go("Add a condition")
    hands.fill("Condition", condition)
    hands.go("Continue")
    hands.choose("Side", side)
    code = hands.page.locator("[data-code]").inner_text()
    hands.go("Record")
    return code


def open_session(hands: Keyboard) -> None:
    hands.choose("The patient comes by", re.compile("direct", re.IGNORECASE))
    hands.tick(re.compile("^I asked again"))
    hands.go(re.compile("^Open the session"))


def log_site(
    hands: Keyboard, muscle: str, *, side: str, insertions: str, twitches: str, needle: str = ""
) -> None:
    """One row: the muscle by its code, the side by its letter, counts by digits, kept with Enter."""
    hands.tab_to(re.compile("^Muscle"))
    hands.type(muscle)
    hands.press("Enter", side)
    expect(hands.page.locator("[name=insertions]:focus")).to_have_count(1)
    hands.press(insertions, "Tab", twitches)
    kept = hands.page.locator("li.site").count()
    hands.press("Enter")
    if needle:
        # nothing was proposed: Enter has led to the gap
        hands.choose("Needle", needle)
        hands.press("Enter")
    expect(hands.page.locator("li.site")).to_have_count(kept + 1)
    hands.stays_somewhere()


def start_session(hands: Keyboard, name: str) -> None:
    hands.page.goto("/")
    hands.go(f"Start session for {name}")
    open_session(hands)


def log_three_sites(hands: Keyboard) -> None:
    log_site(hands, "ecrb", side="r", insertions="3", twitches="2", needle="0.25 × 30")
    log_site(hands, "brd", side="r", insertions="2", twitches="1")
    log_site(hands, "su", side="r", insertions="2", twitches="0")


def review_screening(hands: Keyboard) -> None:
    """From the record to the answers, and the decision about them."""
    hands.act("All papers")
    hands.go(re.compile("^Health questions,"))
    hands.choose("What do you decide?", re.compile("^Proceed"))
    hands.leave_by("Control+Enter")


def ask_what_changed(hands: Keyboard, name: str) -> None:
    """From the board to the short screen, which the therapist asks aloud."""
    hands.page.goto("/")
    hands.go(f"Any change? Ask {name}")
    for legend in legends(hands):
        hands.choose(legend, "Yes" if legend in YES else "No")
    hands.leave_by("Control+Enter")


def legends(hands: Keyboard) -> list[str]:
    return hands.page.locator("[data-question] > .field > fieldset > legend").all_inner_texts()


def finish_session(hands: Keyboard) -> None:
    """What is left after the sites, in the order of the page. The end is noted at signing."""
    hands.choose("Pain after", "3")
    hands.choose("Tolerated", re.compile("^Tolerated well"))
    hands.act("All of it was given")
    hands.fill("out", "3")
    hands.act("Plan and note")
    hands.fill("Plan", PLAN)
    hands.press("Tab")
    wait_until_saved(hands)


def review_note(hands: Keyboard) -> None:
    """The panel opens on the same page; without a fresh proof the password has the focus."""
    hands.press("Control+Enter")
    expect(hands.page.locator("[data-review] .readback")).to_be_visible()
    hands.stays_somewhere()


def wait_until_saved(hands: Keyboard) -> None:
    expect(hands.page.locator("[data-save]")).to_contain_text("Saved ")


def sign_note(hands: Keyboard) -> None:
    hands.fill("Your password", factories.PASSWORD)
    hands.leave_by("Enter")


def open_call(hands: Keyboard, name: str) -> None:
    hands.page.goto("/followups/")
    hands.go(f"Call {name}, 24 h")


def call_went_well(hands: Keyboard, *, soreness: str) -> None:
    """Spoke, a digit, none of the warning signs, saved."""
    hands.choose("How did the call go?", "Spoke")
    hands.press("Tab", soreness)
    hands.tick("None of these")
    hands.leave_by("Control+Enter")


def call_with_a_sign(hands: Keyboard, *, soreness: str, sign: str) -> None:
    """Every warning sign is read out; one of them is answered with yes."""
    hands.choose("How did the call go?", "Spoke")
    hands.press("Tab", soreness)
    for question in hands.page.locator(".sign-list [id^=q_]").all_inner_texts():
        hands.choose(question, "Yes" if question == sign else "No")
    hands.leave_by("Control+Enter")


def act_on_warning(hands: Keyboard, name: str, what: str) -> None:
    hands.page.goto("/")
    hands.go(f"Act on it, {name}")
    hands.fill("What was done?", what)
    hands.go("Done, take it off the board")
