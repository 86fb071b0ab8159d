"""Every page, in every state, light and dark, wide and narrow: nothing that shuts somebody out."""

import pytest
from django.urls import URLPattern, get_resolver

from tests.browser import pages
from tests.browser.accessibility import axe

LOOKS = [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]
SIDEWAYS = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  Array.from(document.querySelectorAll("body *"))
    .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 5).map((part) => part.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("room", pages.ROOMS)
def test_nothing_shuts_anybody_out(room, looking):
    found = looking.each(pages.ROOMS[room], what_shuts_out)
    assert not found, "\n".join(found)


def what_shuts_out(page) -> list[str]:
    """Violations and sideways scroll in every look of the page as it stands."""
    found = [] if page.locator("h1").count() == 1 else ["not one main heading"]
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} {scheme}: {line}" for line in axe(page)]
        found += [f"{width} sideways: {part}" for part in page.evaluate(SIDEWAYS)]
    return found


def test_every_address_has_a_row():
    listed = {shown.name for shown in pages.PAGES} | set(pages.NO_PAGE)
    assert names_of(get_resolver()) - listed == set()


def test_no_row_is_left_over():
    listed = {shown.name for shown in pages.PAGES if not shown.name.startswith("admin:")} | set(pages.NO_PAGE)
    assert listed - names_of(get_resolver()) == set()


def names_of(resolver, prefix: str = "") -> set[str]:
    """The names of all addresses but the administration's, which come from Django."""
    found = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            found.add(prefix + (entry.name or str(entry.pattern)))
        elif entry.namespace != "admin":
            found |= names_of(entry, f"{entry.namespace}:" if entry.namespace else prefix)
    return found
