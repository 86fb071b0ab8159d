"""In production every module of a page is served under its hashed name, and counts into the page's weight.

The weight of a page is its first load by a browser that has nothing of ours yet: the HTML, every style
sheet, picture and script that it names, and every module that these import at any depth, each gzipped as it
is sent. Style sheets name no further files. 80,000 bytes are the promise for a page of staff.
"""

import gzip
import re
import sys

import pytest
from django.templatetags.static import static
from django.test import Client
from django.urls import reverse

from patients.models import ConsentText
from tests import module_graph, tablet_pages, world
from tests.collected_static import collect, hashed_static_files
from treatments.models import NeedlingSession

pytestmark = pytest.mark.django_db

LIMIT = 80_000
# Pinned at their size.
TABLET_LIMIT = 56_000
LINKED = re.compile(r"""(?:href|src)=["'](?P<address>/static/[^"'#?]+)""")
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    folder = collect(tmp_path_factory.mktemp("static"))
    with hashed_static_files(folder):
        yield folder


@pytest.fixture(scope="module")
def pages(production, practice) -> dict[str, str]:
    """{name: HTML} of each page in its heaviest state."""
    found = {"account_login": Client().get(reverse("account_login")).content.decode()}
    for _, address, _, response in world.walk(practice, roles=("author", "desk")):
        html = response.content.decode()
        if "<html" not in html:
            continue
        found[address.name] = max(found.get(address.name, ""), html, key=len)
    return found


class Files:
    """Static files as the server sends them, each requested once."""

    def __init__(self):
        self.client, self.answers = Client(), {}

    def fetch(self, address: str) -> bytes:
        if address not in self.answers:
            response = self.client.get(address)
            assert response.status_code == 200, f"{address}: {response.status_code}"
            assert "immutable" in response["Cache-Control"], f"{address} is asked for without its hash"
            self.answers[address] = response.getvalue()
            response.close()
        return self.answers[address]

    def read(self, address: str) -> str:
        return self.fetch(address).decode()

    def weight(self, address: str) -> int:
        return len(gzip.compress(self.fetch(address), 9))


@pytest.fixture(scope="module")
def files(pages, pages_of_the_administration, pages_of_the_tablet, pages_of_the_lead):
    """After all pages: asking for a file ends a request, and with it the connection they are read by."""
    return Files()


def test_every_module_of_every_page_arrives_under_its_hashed_name(pages, files):
    entries = {entry for html in pages.values() for entry in module_graph.scripts_of(html)}
    graph = module_graph.graph_of(entries, files.read)

    assert len(entries) >= 8
    assert len(graph) >= 30
    assert [address for address in graph if not HASHED.search(address)] == []
    assert module_graph.unknown_names(graph) == []


def test_debug_serves_the_hashed_files_too(production, settings):
    settings.DEBUG = True

    assert HASHED.search(static("clinic/app.js"))


def test_every_script_is_a_module(pages):
    for name, html in pages.items():
        scripts = re.findall(r"<script\b[^>]*\bsrc=[^>]*>", html)
        assert scripts, name
        assert [script for script in scripts if 'type="module"' not in script] == [], name


def test_the_whole_graph_counts_as_weight(pages, files):
    weights = {name: weight_of(html, files) for name, html in pages.items()}

    assert len(weights) >= 25
    assert {name: weight for name, weight in weights.items() if weight > LIMIT} == {}


def weight_of(html: str, files: Files) -> int:
    addresses = set(LINKED.findall(html))
    addresses.update(module_graph.graph_of(module_graph.scripts_of(html), files.read))
    return len(gzip.compress(html.encode(), 6)) + sum(map(files.weight, addresses))


# Pages whose weight is printed at each run.
PRINTED = ("treatments:session", "treatments:record", "treatments:today", "a user")


def test_the_patients_pages_on_the_tablet_are_light_and_figures_are_printed(
    pages, pages_of_the_administration, pages_of_the_tablet, files, capsys
):
    weights = {name: weight_of(html, files) for name, html in pages_of_the_tablet.items()}
    staff = pages | pages_of_the_administration
    printed = {name: weight_of(staff[name], files) for name in PRINTED}
    printed["the heaviest of the tablet"] = max(weights.values())

    with capsys.disabled():
        sys.stdout.write("\n")
        sys.stdout.writelines(f"{name}: {weight:,} bytes\n" for name, weight in printed.items())
    assert len(weights) >= 20
    assert {name: weight for name, weight in weights.items() if weight > TABLET_LIMIT} == {}


@pytest.fixture(scope="module")
def pages_of_the_tablet(production, practice) -> dict[str, str]:
    desk, author = practice.people["desk"], practice.people["author"]
    ada = NeedlingSession.objects.filter(therapist=author).earliest("pk").patient
    asked = tablet_pages.questions(desk, ada, "intake") | tablet_pages.questions(desk, ada, "visit")
    return asked | tablet_pages.consent(desk, ada, author)


ADMINISTRATION = [
    "admin:index",
    "who-may-what",
    "admin:clinic_user_changelist",
    "admin:clinic_user_add",
    "admin:treatments_muscle_changelist",
    "admin:clinic_jurisdiction_changelist",
    "admin:patients_consenttext_add",
    "admin:patients_screening_changelist",
]


@pytest.fixture(scope="module")
def pages_of_the_administration(production, practice) -> dict[str, str]:
    client = world.client_of(practice, "admin")
    addresses = {name: reverse(name) for name in ADMINISTRATION}
    addresses["a user"] = reverse("admin:clinic_user_change", args=[practice.people["author"].pk])
    addresses["the settings"] = reverse("admin:clinic_practice_change", args=[1])
    text = ConsentText.objects.published().first()
    addresses["a consent text"] = reverse("admin:patients_consenttext_read", args=[text.pk])
    return {name: client.get(address).content.decode() for name, address in addresses.items()}


def test_no_page_of_the_administration_is_heavy(pages_of_the_administration, files):
    """Its scripts that are no modules count as well; Django's catalogue of words is no file."""
    weights = {name: weight_of(html, files) for name, html in pages_of_the_administration.items()}

    assert len(weights) == len(ADMINISTRATION) + 3
    assert min(weights.values()) > 15_000
    assert {name: weight for name, weight in weights.items() if weight > LIMIT} == {}


LEAD = ["state-rules", "treatments:muscles", "treatments:warning-levels", "treatments:reports"]


@pytest.fixture(scope="module")
def pages_of_the_lead(production, practice) -> dict[str, str]:
    client = world.client_of(practice, "lead")
    return {name: client.get(reverse(name)).content.decode() for name in LEAD}


def test_no_page_of_the_lead_is_heavy(pages_of_the_lead, files):
    weights = {name: weight_of(html, files) for name, html in pages_of_the_lead.items()}

    assert min(weights.values()) > 15_000
    assert {name: weight for name, weight in weights.items() if weight > LIMIT} == {}


MODULES = {
    "/static/a.js": 'import "./b.js";\nimport { one, two as second } from "../static/c.js";\n',
    "/static/b.js": 'import { one } from "./c.js";\nexport const b = 1;\n',
    "/static/c.js": "export const one = 1;\nexport const three = 3;\n",
}


def test_a_graph_is_followed_to_its_end_and_once():
    addresses = []
    graph = module_graph.graph_of(
        ["/static/a.js"], lambda address: addresses.append(address) or MODULES[address]
    )

    assert sorted(addresses) == sorted(graph) == sorted(MODULES)
    assert module_graph.unknown_names(graph) == ["/static/a.js imports two from /static/c.js"]


def test_a_module_that_is_not_there_is_named(production):
    with pytest.raises(AssertionError, match="lost"):
        Files().fetch("/static/clinic/lost.js")
