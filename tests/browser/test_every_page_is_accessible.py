"""Every page in every state, light and dark, wide and narrow, has no accessibility violation."""

import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, get_resolver

from tests.browser import pages
from tests.browser.accessibility import axe
from tests.browser.page_checks import ending_default_buttons, names_in_sight, too_small_for_a_pointer

# All rules once per layout and once per color scheme; in the other scheme of a layout only colors differ.
LOOKS = [
    (1280, "light", ""),
    (1280, "dark", "color-contrast"),
    (320, "dark", ""),
    (320, "light", "color-contrast"),
]
ERRORS = sorted(file.stem for file in (settings.BASE_DIR / "templates").glob("[45]*.html"))
# Addresses of Django's administration as a whole.
OF_THE_SITE = {
    "app_list", "autocomplete", "index", "jsi18n", "login", "logout", "password_change",
    "password_change_done",
}  # fmt: skip
SIDEWAYS = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  Array.from(document.querySelectorAll("body *"))
    .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 5).map((part) => part.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("room", pages.ROOMS)
def test_nothing_shuts_out_is_too_small_ends_by_enter_or_names_who_is_hidden(room, page_viewer):
    """One walk for all four, because opening the pages costs more than looking at them."""

    def look(page) -> list[str]:
        page.set_viewport_size({"width": 1280, "height": 900})
        # the controls of the administration are Django's, and its tables say what is stored
        own = [] if room == "administration" else too_small_for_a_pointer(page) + names_in_sight(page)
        return own + ending_default_buttons(page) + violations(page)

    found = page_viewer.each(pages.ROOMS[room], look)
    assert not found, "\n".join(found)


@pytest.mark.urls("tests.browser.error_urls")
def test_no_error_page_shuts_anybody_out(open_page):
    page, found = open_page(), []
    page.watch.allow("status of [45]..")
    for name in ERRORS:
        page.goto(f"/error/{name}/")
        found += [f"{name}: {line}" for line in violations(page)]
    assert not found, "\n".join(found)


def test_every_kind_of_error_has_its_page():
    assert {"400", "401", "403", "404", "409", "410", "422", "500", "503"} <= set(ERRORS)


def violations(page) -> list[str]:
    """Violations and horizontal scrolling in every appearance of the current page."""
    found = [] if page.locator("h1").count() == 1 else ["not one main heading"]
    for width, scheme, rule in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} {scheme}: {line}" for line in axe(page, only=rule)]
        found += [f"{width} sideways: {part}" for part in page.evaluate(SIDEWAYS)]
    return found


def test_every_address_has_a_row():
    listed = {shown.name for shown in pages.PAGES} | set(pages.NO_PAGE)
    assert names_of(get_resolver()) - listed == set()


def test_every_address_of_our_own_in_the_administration_has_a_row():
    """Beside those that Django makes for each model and for the site."""
    listed = {shown.name.removeprefix("admin:") for shown in pages.PAGES}
    of_models = re.compile(r"\w+_(?:add|change|changelist|delete|history)")
    names = admin_names(admin.site.urls[0])
    of_django = {name for name in names if of_models.fullmatch(name)} | OF_THE_SITE

    assert names >= OF_THE_SITE
    assert names - of_django - listed == set()


def test_no_row_is_left_over():
    listed = {shown.name for shown in pages.PAGES if not shown.name.startswith("admin:")} | set(pages.NO_PAGE)
    assert listed - names_of(get_resolver()) == set()


def admin_names(patterns) -> set[str]:
    """The names of all URLs of the administration, with those of each model."""
    found = set()
    for entry in patterns:
        found |= {entry.name} if isinstance(entry, URLPattern) else admin_names(entry.url_patterns)
    return found - {None}


def names_of(resolver, prefix: str = "") -> set[str]:
    """The names of all URLs except those of Django's admin."""
    found = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            found.add(prefix + (entry.name or str(entry.pattern)))
        elif entry.namespace != "admin":
            found |= names_of(entry, f"{entry.namespace}:" if entry.namespace else prefix)
    return found
