"""Every number of a rule and every row of a catalogue says where it comes from, and the page says it too."""

import ast
from pathlib import Path

import pytest
from django.forms import modelform_factory

from clinic.administration.practice_form import PracticeForm
from clinic.models import Practice
from clinic.rules import practice
from tests.sources import catalogues, numbers, page, settings, technical, weak
from tests.sources.traps import TRAPS

ROOT = Path(__file__).parents[1]


def test_the_page_is_what_the_code_and_the_catalogues_say():
    assert page.PAGE.read_text(encoding="utf-8") == page.text(), "run: python -m tests.sources"


def test_every_number_of_a_rule_has_its_source():
    assert numbers.missing(numbers.of_rules()) == []


def test_every_technical_number_is_still_there():
    found = [number for path in numbers._files() for number in numbers.of_file(path, path.read_text())]

    assert technical.MODULES.keys() <= {one.path for one in found}
    assert technical.PLACES.keys() <= {(one.path, one.name) for one in found}


PLANTED = """
# source: a paper
KNOWN = 7
UNKNOWN = 4  # without a word
CHOSEN = 3  # own choice: enough
PLACES = (
    # technical: pixels
    12,
    1,
)


class Limits:
    days: int = 14

    def late(self, at):
        # source: a law
        if at > 60:
            return 0
        for _step in range(9):
            return at[5]
        return Decimal("0.25")


@within(23)
def soon(at, days=15, *, hours=16, most={"a": Decimal("17")}):
    return within(at, "19", days)
"""


def test_a_number_without_a_word_is_found_wherever_it_stands():
    found = list(numbers.of_file(Path("rules.py"), PLANTED))

    assert {(one.name, one.values): one.kind for one in found} == {
        ("KNOWN", ("7",)): "source",
        ("UNKNOWN", ("4",)): "",
        ("CHOSEN", ("3",)): "own choice",
        ("PLACES", ("12", "1")): "technical",
        ("Limits.days", ("14",)): "",
        ("late", ("60",)): "source",
        ("late", ("9",)): "",
        ("late", ('"0.25"',)): "",
        ("soon", ("15", "16", "23", '"17"')): "",
    }
    assert [one.origin for one in found if one.name == "CHOSEN"] == [f"{numbers.OWN_CHOICE}: enough"]


def test_every_setting_with_a_number_says_where_it_comes_from():
    assert settings.missing() == []


@pytest.mark.django_db
def test_the_source_stands_beside_the_setting():
    form = modelform_factory(Practice, form=PracticeForm, fields=["call_attempts"])
    help_text = form().fields["call_attempts"].help_text

    assert str(practice.OWN_CHOICE) in str(help_text)


def test_every_row_has_a_source_and_weak_ones_say_so():
    assert list(catalogues.unmarked()) == [], "run: python -m tests.sources"


def test_every_host_that_a_catalogue_names_was_judged():
    named = {host for path in catalogues.files() for host in catalogues.hosts(path)}

    assert len(named) > 60
    assert {host for host in named if not weak.is_judged(host)} == set()
    assert weak.HOSTS.keys() & weak.STANDING.keys() == set()
    assert {host for host in weak.STANDING if host not in named} == set()


def test_a_host_is_found_in_a_source_and_no_identifier_is_one():
    cell = "N.J.S.A. 45:9-37.13; 10.1016/j.msksp.2019.102075; app.x-y.com/a.html, b.c.gov"

    assert weak.HOST.findall(cell) == ["app.x-y.com", "b.c.gov"]


def test_numbers_and_traps_with_a_weak_source_say_so_too():
    lines = page.text().split("\n")

    unmarked = [line for line in lines if line.startswith("| ") and weak.named(line) and "weak" not in line]
    assert unmarked == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PMC5901430", "PMC5901430"),
        ("cards (brainscape.com/1); x", "cards (brainscape.com/1); x, weak: brainscape.com (flashcards)"),
        (
            "cards (brainscape.com/1); weak: old",
            "cards (brainscape.com/1), weak: brainscape.com (flashcards)",
        ),
        ("a; weak: scribd.com (document mirror)", "a"),
    ],
)
def test_a_source_is_marked_once(text, expected):
    assert weak.marked(text) == expected
    assert weak.marked(weak.marked(text)) == expected


def test_there_are_27_traps_and_each_has_tests_that_exist():
    assert len(TRAPS) == 27
    for name in {test for trap in TRAPS for test in trap.tests}:
        path, _colons, function = name.partition("::")
        tree = ast.parse((ROOT / path).read_text())
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name
    assert all(trap.source for trap in TRAPS)
