"""What holds on every page in every state, each as the faults of the page that is open."""

from playwright.sync_api import Page

from tests.test_default_buttons import ENDS

SMALLEST, FINGER = 24, 44

# Controls and the box that reacts: a label includes its radio button or checkbox.
TOO_SMALL = """(least) => {
  const boxOf = (part) => ["radio", "checkbox"].includes(part.type) && part.closest("label") || part;
  const inText = (part) => part.matches("a") && getComputedStyle(part).display === "inline";
  const shown = (part) => {
    const box = part.getBoundingClientRect();
    const seen = part.checkVisibility({ visibilityProperty: true });
    return seen && box.width > 1 && box.height > 1 && box.bottom > 0;
  };
  const pressed = "a[href], button, select, textarea, summary, input:not([type=hidden])";
  return Array.from(document.querySelectorAll(pressed)).filter(shown).map(boxOf)
    .filter((part) => !inText(part))
    .map((part) => [part, part.getBoundingClientRect()])
    .filter(([, box]) => box.width < least - 0.5 || box.height < least - 0.5)
    .map(([part, box]) => `${box.width | 0}x${box.height | 0} ${part.outerHTML.slice(0, 80)}`);
}"""
# Buttons whose words reach over their edge.
OVERFLOWING = """() => Array.from(document.querySelectorAll(".btn, .chip > span"))
  .filter((part) => part.checkVisibility({ visibilityProperty: true }))
  .filter((part) => part.clientWidth && part.scrollWidth > part.clientWidth + 1)
  .map((part) => part.outerHTML.slice(0, 120))"""
# The first submit button of each form that has fields in which Enter submits.
DEFAULT_BUTTONS = """() => {
  const submits = 'select, input:not([type=hidden], [type=submit], [type=button], [type=file])';
  return Array.from(document.forms).map((form) => Array.from(form.elements))
    .filter((fields) => fields.some((field) => field.matches(submits)))
    .map((fields) => fields.find((each) => each.type === "submit"))
    .filter((button) => button && !button.disabled)
    .map((button) => button.textContent || button.value);
}"""

# Text of a staff page that names a patient, is seen, and is not blurred while names are hidden.
NAMED = """(names) => {
  const root = document.documentElement, named = new RegExp(names, "i");
  if (!document.querySelector(".topbar, .strip")) return [];
  root.setAttribute("data-private", "");
  const blurs = (part) => getComputedStyle(part).filter.includes("blur");
  const isBlurred = (part) => part && (blurs(part) || isBlurred(part.parentElement));
  const isSeen = (part) =>
    part.checkVisibility({ visibilityProperty: true }) && part.getBoundingClientRect().width > 1;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    const part = texts.currentNode.parentElement, isNamed = named.test(texts.currentNode.data);
    if (isNamed && isSeen(part) && !isBlurred(part)) found.push(part.outerHTML.slice(0, 120));
  }
  if (named.test(document.title)) found.push(document.title);
  root.removeAttribute("data-private");
  return found;
}"""
# The names of the practice's patients.
PATIENTS = r"\w+wood\b|\bNewcomer\b|\bTestperson\b|\bAda\b|\bAddie\b|\bNell\b"


def names_in_sight(page: Page) -> list[str]:
    """Staff hide names from a waiting room that sees the screen: then none may be read on it."""
    return [f"names: {part}" for part in page.evaluate(NAMED, PATIENTS)]


def too_small_for_a_pointer(page: Page) -> list[str]:
    return [f"too small: {part}" for part in page.evaluate(TOO_SMALL, SMALLEST)]


def too_small_for_a_finger(page: Page) -> list[str]:
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    return page.evaluate(TOO_SMALL, FINGER)


def overflowing_buttons(page: Page) -> list[str]:
    return [f"words over the edge: {part}" for part in page.evaluate(OVERFLOWING)]


def ending_default_buttons(page: Page) -> list[str]:
    """Enter in a field presses the first submit button of its form."""
    return [f"Enter presses: {words}" for words in page.evaluate(DEFAULT_BUTTONS) if ENDS.search(words)]
