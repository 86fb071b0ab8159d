"""Controls are large enough: 24 px everywhere, 44 px on touch screens."""

import pytest

from tests.browser import pages

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

ROOMS = [room for room in pages.ROOMS if room != "administration"]


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_too_small_to_press(room, page_viewer):
    found = page_viewer.each(first_looks(room), too_small_for_a_pointer)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_too_small_for_a_finger(room, page_viewer):
    found = page_viewer.each(first_looks(room), too_small_for_a_finger, has_touch=True, is_mobile=True)
    assert not found, "\n".join(found)


def first_looks(room: str) -> list:
    """The states without a submission: an error adds text, not controls."""
    return [shown for shown in pages.ROOMS[room] if shown.send is None]


def too_small_for_a_pointer(page) -> list[str]:
    return page.evaluate(TOO_SMALL, SMALLEST)


def too_small_for_a_finger(page) -> list[str]:
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    return page.evaluate(TOO_SMALL, FINGER)
