"""The steps of a working day, each taken by keyboard on the page where it belongs."""

import re

from tests import factories
from tests.browser.keyboard import Keyboard

BIRTH_DATE = "3/5/1984"


def sign_in(hands: Keyboard, person) -> None:
    """From the sign-in page to today's board."""
    hands.page.goto("/accounts/login/")
    hands.fill("Username", person.username)
    hands.fill("Password", factories.PASSWORD)
    hands.leave_by("Enter")


def sign_out(hands: Keyboard) -> None:
    hands.activate(re.compile(person_menu(hands)), key="Enter")
    hands.go("Sign out")


def person_menu(hands: Keyboard) -> str:
    return re.escape(hands.page.locator(".topend details.menu summary").last.inner_text().split("\n")[-1])


def register(hands: Keyboard, *, family: str, given: str, button: str) -> int:
    """From any page to the page after registering; gives back the keys that it took."""
    before = hands.presses
    hands.leave_by("Alt+n")
    hands.fill("Family name", family)
    hands.fill("Given name", given)
    hands.fill(re.compile("birth", re.IGNORECASE), BIRTH_DATE)
    hands.fill("Mobile", "5550142290")
    hands.go(re.compile(f"^{button}"))
    return hands.presses - before


def hand_over_questions(hands: Keyboard, *, kind: str) -> None:
    hands.choose(re.compile("question", re.IGNORECASE), re.compile(kind, re.IGNORECASE))
    hands.go("Sign me out and hand over")


def answer_questions(hands: Keyboard, yes: tuple[str, ...] = (), no_is_clear: bool = True) -> None:
    """The patient answers page after page: no to everything but the questions in `yes`."""
    while hands.page.locator("h1").inner_text() != "Check your answers":
        answer_page(hands, yes)
    hands.go("Send my answers")


def answer_page(hands: Keyboard, yes: tuple[str, ...]) -> None:
    for legend in hands.page.locator("[data-question] legend").all_inner_texts():
        question = " ".join(legend.split())
        hands.choose(question, "Yes" if question in yes else "No")
    hands.go("Continue")


def take_the_tablet_back(hands: Keyboard, person) -> None:
    """A member of staff signs in on the tablet that the patient has handed back."""
    hands.go("Staff: take the tablet back")
    hands.fill("Username", person.username)
    hands.fill("Password", factories.PASSWORD)
    hands.leave_by("Enter")
