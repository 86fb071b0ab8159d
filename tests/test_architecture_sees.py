"""The walls see: every planted breach is found on its line, and nothing that is legal."""

import pytest

from tests.architecture import (
    cycles,
    legal,
    legal_writes,
    planted_arrows,
    planted_rules,
    planted_signals,
    planted_writes,
)
from tests.architecture.capabilities import crowded, root_modules, stale
from tests.architecture.plants import found_lines, marked_lines
from tests.architecture.sources import House
from tests.architecture.walls import WALLS

BREACHES = {
    **planted_writes.PLANTS,
    **planted_arrows.PLANTS,
    **planted_rules.PLANTS,
    **planted_signals.PLANTS,
}
LEGAL = {**legal.PLANTS, **legal_writes.PLANTS}


@pytest.mark.parametrize("planted", BREACHES.values(), ids=BREACHES)
def test_a_planted_breach_is_found(planted):
    assert marked_lines(planted), "Mark the line that breaks the wall."

    assert found_lines(planted) == marked_lines(planted)


@pytest.mark.parametrize("planted", LEGAL.values(), ids=LEGAL)
def test_what_is_legal_is_left_alone(planted):
    assert found_lines(planted) == []


@pytest.mark.parametrize("wall", WALLS)
def test_every_wall_has_a_planted_breach(wall):
    assert wall in {planted.wall for planted in BREACHES.values()}


def test_two_apps_that_know_each_other_are_found():
    house = House(
        {"clinic/models/a.py": "import patients.models.b", "patients/models/b.py": "import clinic.models.a"}
    )

    assert cycles.mutual(cycles.apps(house)) == [("clinic", "patients")]
    assert cycles.circles(cycles.apps(house)) == [["clinic", "patients"]]


def test_two_rooms_that_know_each_other_are_found():
    house = House({
        "patients/rules/a.py": "from patients.selectors import b",
        "patients/rules/c.py": "",
        "patients/selectors/b.py": "from patients.rules import c",
    })  # fmt: skip

    assert cycles.mutual(cycles.folders(house)) == [("patients.rules", "patients.selectors")]
    assert cycles.circles(cycles.modules(house)) == []


def test_a_room_and_the_root_that_know_each_other_are_found():
    house = House({
        "clinic/wiring.py": "from clinic.rules import a",
        "clinic/rules/a.py": "from clinic import wiring",
    })  # fmt: skip

    assert cycles.mutual(cycles.folders(house)) == [("clinic.<root>", "clinic.rules")]


def test_a_circle_of_three_rooms_is_found():
    house = House({
        "clinic/audit/a.py": "from clinic.access import b",
        "clinic/access/b.py": "from clinic.values import c",
        "clinic/values/c.py": "from clinic.audit import a",
    })  # fmt: skip

    assert cycles.mutual(cycles.folders(house)) == []
    assert cycles.circles(cycles.folders(house)) == [["clinic.access", "clinic.audit", "clinic.values"]]


def test_two_modules_that_know_each_other_are_found():
    house = House(
        {"clinic/rules/a.py": "from clinic.rules import b", "clinic/rules/b.py": "import clinic.rules.a"}
    )

    assert cycles.circles(cycles.modules(house)) == [["clinic.rules.a", "clinic.rules.b"]]


def test_a_crowded_root_is_found():
    house = House({f"patients/m{number}.py": "" for number in range(13)} | {"patients/rules/x.py": ""})

    assert len(root_modules(house, "patients")) == 13
    assert crowded(house, "patients")


def test_a_capability_that_stands_in_no_room_is_found():
    listed = 'CAPABILITIES: dict[str, str] = {"signing": "…", "gone": "…"}'
    house = House({"patients/capabilities.py": listed, "patients/rules/signing.py": ""})

    assert stale(house, "patients") == ["gone"]
