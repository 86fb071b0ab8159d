"""Controls are large enough for a finger; for a pointer, see test_every_page_is_accessible."""

import pytest

from tests.browser import pages
from tests.browser.page_checks import too_small_for_a_finger

ROOMS = [room for room in pages.ROOMS if room != "administration"]


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_too_small_for_a_finger(room, page_viewer):
    # a submission that failed adds text and links to its fields, which are of one kind everywhere
    shown = [shown for shown in pages.ROOMS[room] if shown.send is None]
    found = page_viewer.each(shown, too_small_for_a_finger, has_touch=True, is_mobile=True)
    assert not found, "\n".join(found)
