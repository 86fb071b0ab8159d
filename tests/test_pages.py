"""Every page has one heading, a distinct title and labels for all fields."""

import re
from collections import Counter, defaultdict
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

from tests import words, world

# the suite creates no test database without it
pytestmark = pytest.mark.django_db

# An element that is still open when its parent closes would hide the rest of the page.
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "path", "circle", "rect"}
VOID |= {"line", "use", "ellipse", "polyline", "polygon", "stop"}


class Page(HTMLParser):
    """The parsed properties of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.lang, self.title, self.ids, self.links = "", "", [], set()
        self.headings, self.named, self.fields, self.crossed = [], set(), [], []
        self.open: list[str] = []
        self.unwanted = words.unwanted(words.of_page(text))
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.lang = attributes.get("lang", "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a":
            self.links.add(attributes.get("href") or "")
        if tag == "label" and attributes.get("for"):
            self.named.add(attributes["for"])
        if attributes.get("id"):
            self.ids.append(attributes["id"])
        if tag in {"input", "select", "textarea"} and attributes.get("type") not in {"hidden", "submit"}:
            self.fields.append((attributes, "label" in self.open))

    def handle_startendtag(self, tag, attrs):
        if tag not in VOID:
            self.crossed.append(tag)
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.crossed.append(f"{tag} at {self.getpos()}")

    def handle_data(self, data):
        if self.open and self.open[-1] == "title":
            self.title += data

    def nameless(self) -> list[str]:
        """Fields without a label or an aria attribute."""
        return [
            attributes.get("name") or attributes.get("id") or "?"
            for attributes, inside_label in self.fields
            if not (
                inside_label
                or attributes.get("id") in self.named
                or attributes.keys() & {"aria-label", "aria-labelledby"}
            )
        ]


def is_whole_page(response) -> bool:
    """Whether the response is a whole page and not a fragment."""
    return "<html" in response.content[:2000].decode()


@pytest.fixture(scope="module")
def pages(practice) -> dict[tuple[str, str, str], Page]:
    return {
        (address.name, state, role): Page(response.content.decode())
        for role, address, state, response in world.walk(practice)
        if is_whole_page(response)
    }


def faults_of(pages, find) -> dict:
    found = {" ".join(key): find(page) for key, page in pages.items()}
    return {key: what for key, what in found.items() if what}


def test_the_walk_sees_the_pages(pages):
    assert len({name for name, _, _ in pages}) >= 25


def test_a_page_has_one_heading_of_the_first_level(pages):
    assert faults_of(pages, lambda page: page.headings.count(1) != 1 and page.headings) == {}


def test_headings_go_down_one_step_at_a_time(pages):
    def skips(page):
        return [(a, b) for a, b in zip(page.headings, page.headings[1:], strict=False) if b > a + 1]

    assert faults_of(pages, skips) == {}


def test_a_page_says_its_language(pages):
    assert faults_of(pages, lambda page: page.lang != settings.LANGUAGE_CODE and page.lang) == {}


def test_a_page_can_be_read_past_its_frame(pages):
    def stuck(page):
        return "#main" not in page.links or "main" not in page.ids

    # printed sheets have no page frame
    assert {key for key in faults_of(pages, stuck) if "print" not in key} == set()


def test_titles_tell_pages_apart(pages):
    names = defaultdict(set)
    for (name, _, _), page in pages.items():
        names[page.title.strip()].add(name)

    assert {title: used for title, used in names.items() if len(used) > 1 or not title} == {}


def test_links_lead_to_pages_that_exist(pages):
    def dead(page):
        return [link for link in page.links if link.startswith("/") and not leads_somewhere(link)]

    assert faults_of(pages, dead) == {}


def leads_somewhere(link: str) -> bool:
    try:
        return resolve(link.partition("?")[0].partition("#")[0]) is not None
    except Resolver404:
        return False


def test_an_id_is_used_once(pages):
    def twice(page):
        return [name for name, count in Counter(page.ids).items() if count > 1]

    assert faults_of(pages, twice) == {}


def test_a_field_has_a_name_that_is_read_aloud(pages):
    assert faults_of(pages, Page.nameless) == {}


def test_elements_close_in_their_order(pages):
    assert faults_of(pages, lambda page: page.crossed[:3]) == {}


def test_a_page_holds_no_word_of_the_list(pages):
    assert faults_of(pages, lambda page: page.unwanted) == {}


def test_the_reader_sees_what_is_wrong():
    page = Page('<html lang="de"><h1>a</h1><h1>b</h1><h3>c</h3><p id="x"><b id="x"></p></b><input name="q">')

    assert (page.lang, page.headings, page.ids) == ("de", [1, 1, 3], ["x", "x"])
    assert page.crossed
    assert len(Page('<h1>Who <b>looked</b></h1><a title="Put on file by post">7</a>').unwanted) == 2
    assert page.nameless() == ["q"]
    assert leads_somewhere("/?a=b#c")
    assert not leads_somewhere("/nowhere/")
