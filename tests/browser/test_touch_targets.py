"""Controls have room for a finger and for their words; for a pointer, see test_every_page_is_accessible."""

import pytest

from tests.browser import pages
from tests.browser.page_checks import overflowing_buttons, too_small_for_a_finger

# a tablet, and a phone
WIDTHS = (1180, 390)
ROOMS = [room for room in pages.ROOMS if room != "administration"]


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_too_small_for_a_finger_or_its_words(room, page_viewer):
    def look(page) -> list[str]:
        found = []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            found += too_small_for_a_finger(page) + overflowing_buttons(page)
        return found

    # a submission that failed adds text and links to its fields, which are of one kind everywhere
    shown = [shown for shown in pages.ROOMS[room] if shown.send is None]
    found = page_viewer.each(shown, look, has_touch=True, is_mobile=True)
    assert not found, "\n".join(found)
