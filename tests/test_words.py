"""Pages, mails, scripts, catalogues and docs say what a US clinic says: none of the words of `words.txt`."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.contrib.admin import site
from django.urls import reverse

from tests import admin_pages, words, world

# the suite creates no test database without it
pytestmark = pytest.mark.django_db

ROOT = words.ROOT
FOR_USERS = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *(ROOT / "docs" / f"{name}.md" for name in ("admin", "front-desk", "lead", "therapist")),
]
FOR_DEVELOPERS = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


# what other systems call their columns is not ours to choose
NAMES_OF_OTHERS = ROOT / "patients" / "rules" / "bringing_in" / "columns.py"


def of_apps(pattern: str) -> list[Path]:
    found = [path for app in words.APPS for path in sorted((ROOT / app).glob(pattern))]
    # a migration keeps what it said when it ran
    return [path for path in found if "migrations" not in path.parts and path != NAMES_OF_OTHERS]


PLACES = {
    "templates": ([path for path in (ROOT / "templates").rglob("*") if path.is_file()], words.of_template),
    "modules": (of_apps("**/*.py"), words.of_python),
    "the demo": (sorted((ROOT / "demo").rglob("*.py")), words.of_python),
    "scripts": (of_apps("static/**/*.js"), words.of_script),
    "catalogues": (of_apps("catalogues/*.csv"), words.of_catalogue),
    "the docs": (FOR_USERS, words.of_doc),
}


def found_in(paths: Iterable[Path], read: Callable, *sections: str) -> dict[str, list[str]]:
    found = {
        str(path.relative_to(ROOT)): [hit for text in read(path) for hit in words.unwanted(text, *sections)]
        for path in paths
    }
    return {path: hits for path, hits in found.items() if hits}


@pytest.mark.parametrize("place", PLACES)
def test_texts_hold_no_word_of_the_list(place):
    paths, read = PLACES[place]

    assert sum(len(read(path)) for path in paths) > 50
    assert found_in(paths, read) == {}


def test_docs_for_developers_are_spelled_as_in_the_us():
    assert found_in(FOR_DEVELOPERS, words.of_doc, "spelling") == {}


@pytest.mark.one_engine
def test_the_administration_holds_no_word_of_the_list(signed_in, admin):
    """Lists and forms show the names of models, fields and choices, which no template has."""
    client = signed_in(admin)
    lists = [admin_pages.list_address(model) for model in site._registry]
    pages = {
        url: client.get(url) for url in [reverse("admin:index"), *lists, *(f"{url}add/" for url in lists)]
    }

    shown = {url: page for url, page in pages.items() if page.status_code == 200}
    assert len(shown) > len(lists)
    found = {url: words.unwanted(words.of_page(page.content.decode())) for url, page in shown.items()}
    assert {url: hits for url, hits in found.items() if hits} == {}


@pytest.mark.one_engine
def test_pages_of_staff_hold_no_word_of_the_list(practice):
    """What rules, forms and catalogues say stands together on a page; no template has it."""
    found = {
        f"{address.name}, {state}, {role}": words.unwanted(words.of_page(response.content.decode()))
        for role, address, state, response in world.walk(practice, roles=("author", "desk", "lead"))
    }

    assert len(found) > 100
    assert {page: hits for page, hits in found.items() if hits} == {}
