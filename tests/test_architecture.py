"""The house stands as drawn: floors, rooms, capabilities, and what each room may call.

The walls are functions of `tests/architecture/`; `tests/test_architecture_sees.py` proves that they see.
"""

from pathlib import Path

import pytest

from tests.architecture import capabilities, cycles
from tests.architecture.allowed import ALLOWED
from tests.architecture.imports import enclosing
from tests.architecture.rooms import ROOMS, SERVICES, WRITERS, room
from tests.architecture.sources import FLOORS, House, Module
from tests.architecture.walls import WALLS, breaches

HOUSE = House.read(Path(__file__).resolve().parent.parent)


def every_module(*rooms: str) -> pytest.MarkDecorator:
    """One case per module, or per module of some rooms; its path is the name of the case."""
    chosen = [module for module in HOUSE if not rooms or room(module, HOUSE) in rooms]
    return pytest.mark.parametrize("module", chosen, ids=lambda module: module.path)


def broken(module: Module, *walls: str) -> list[str]:
    """Breaches as an editor finds them: path, line, what."""
    found = [(one, wall) for wall in walls for one in breaches(wall, module, HOUSE)]
    return [f"{module.path}:{one.line}: {wall}: {one.what}" for one, wall in found]


@every_module()
def test_imports_go_down_the_stairs_and_to_the_right(module):
    assert broken(module, "floors", "rooms") == []


@every_module()
def test_no_arrow_hides_in_a_string_a_name_or_a_function(module):
    assert broken(module, "strings", "hidden imports", "accessors", "addresses") == []


@every_module()
def test_only_actions_and_the_services_that_say_so_write(module):
    assert broken(module, "writes", "receivers") == []


@every_module("rules")
def test_rules_are_pure(module):
    walls = ("queries", "database", "clock", "requests", "pages", "templates", "row locks", "records")

    assert broken(module, *walls) == []


@every_module("selectors")
def test_selectors_only_read(module):
    assert broken(module, "requests", "pages", "templates", "row locks", "records") == []


@every_module("actions", "models")
def test_actions_and_models_know_no_page(module):
    assert broken(module, "requests", "pages", "templates", "row locks", "records") == []


@every_module("forms", "templatetags", "values")
def test_forms_tags_and_values_neither_lock_nor_record(module):
    assert broken(module, "queries", "database", "row locks", "records") == []


@every_module()
def test_a_module_is_a_capability_a_service_or_what_django_wires(module):
    assert broken(module, "capabilities") == []


@every_module()
def test_a_file_says_what_lives_in_it_and_fits_on_screens(module):
    assert broken(module, "docstrings", "file length", "function length", "branches") == []


@pytest.mark.parametrize("app", FLOORS)
def test_a_root_holds_what_django_wires_and_little_else(app):
    assert capabilities.crowded(HOUSE, app) == []


@pytest.mark.parametrize("app", FLOORS)
def test_every_listed_capability_stands_in_a_room(app):
    assert capabilities.listed(HOUSE, app)
    assert capabilities.stale(HOUSE, app) == []


def test_the_services_of_the_ground_floor_are_those_of_the_table():
    assert set(capabilities.listed(HOUSE, "clinic", "SERVICES")) == set(SERVICES)


def test_the_tables_name_rooms_and_services_that_exist():
    known = {*ROOMS, *SERVICES}

    assert {
        name for said in [*ROOMS.values(), *SERVICES.values()] for name in said.replace("|", " ").split()
    } <= known
    assert known >= WRITERS


@pytest.mark.parametrize("level", [cycles.apps, cycles.folders], ids=["apps", "rooms"])
def test_no_two_apps_and_no_two_rooms_know_each_other(level):
    assert cycles.mutual(level(HOUSE)) == []


@pytest.mark.parametrize(
    "level", [cycles.apps, cycles.folders, cycles.modules], ids=["apps", "rooms", "modules"]
)
def test_there_is_no_circle(level):
    assert cycles.circles(level(HOUSE)) == []


@pytest.mark.parametrize("exception", ALLOWED, ids=" ".join)
def test_every_exception_is_still_needed(exception):
    wall, path, function = exception
    module = next(module for module in HOUSE if module.path == path)
    found = WALLS[wall].check(module, HOUSE)

    assert function in {enclosing(module, one.line) for one in found}
