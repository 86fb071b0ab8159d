"""docs/architecture.md and README.md name what is there: files, functions, rooms, capabilities, walks."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import capabilities
from tests.architecture.rooms import ROOMS, SERVICES, allowed
from tests.architecture.sources import FLOORS, House

ROOT = Path(__file__).resolve().parent.parent
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/architecture.md")}
README, PAGE = PAGES.values()
HOUSE = House.read(ROOT)
TOP = "clinic|patients|treatments|demo|bench|tests|templates|docs"
SPANS = sorted({(page, span) for page, text in PAGES.items() for span in re.findall(r"`([^`\n]+)`", text)})
PATHS = [each for each in SPANS if re.fullmatch(rf"(?:{TOP})/[\w./*-]*(?::\w+)?", each[1])]
NAMES = [each for each in SPANS if re.fullmatch(rf"(?:{TOP})(?:\.\w+)+", each[1]) and "/" not in each[1]]
COLUMNS = ("views", "forms", "actions", "selectors", "rules", "models", "templatetags")
# The most modules of a walk, as it was agreed when the house was planned.
WALKS = {"A posted site down to its row": 12, "Signing to seal": 9}
MOST_FILES = 8


def section(title: str) -> str:
    """What stands under a heading of the page, up to the next heading."""
    return re.split(r"\n#+ ", PAGE.split(f" {title}\n", 1)[1])[0]


def table(title: str) -> list[list[str]]:
    """The rows of a section's table, without its head."""
    lines = [line.strip("|") for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def grid(app: str) -> list[list[str]]:
    """Which capability has which modules in which room, as the folders have it."""
    found: dict[tuple[str, str], list[str]] = {}
    for module in HOUSE.of_app(app):
        _, room, name, *rest = (*module.parts, "", "", "")
        found.setdefault((name, room), []).extend(
            [rest[0]] if rest[0] else [] if module.is_package else ["file"]
        )
    return [
        [f"`{name}`", *(", ".join(sorted(found.get((name, room), []))) for room in COLUMNS)]
        for name in capabilities.listed(HOUSE, app)
    ]


def defined(tree: ast.AST) -> dict[str, ast.AST]:
    """What a module or a class defines, by name."""
    found: dict[str, ast.AST] = {}
    for node in getattr(tree, "body", []):
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        names = [getattr(node, "name", ""), *(getattr(target, "id", "") for target in targets)]
        found |= {name: node for name in names if name}
    return found


def is_there(dotted: str) -> bool:
    """Whether a dotted name is a module, or a name that a module or its class defines."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        if place.is_dir() and length == len(parts):
            return True
        if place.with_suffix(".py").is_file():
            node: ast.AST | None = ast.parse(place.with_suffix(".py").read_text(encoding="utf-8"))
            for name in parts[length:]:
                node = defined(node).get(name) if node else None
            return node is not None
    return False


@pytest.mark.parametrize(("page", "path"), PATHS)
def test_a_file_that_is_named_is_there_with_its_function(page, path):
    name, _, function = path.partition(":")

    assert list(ROOT.glob(name)), f"{page}: {name}"
    if function:
        assert re.search(rf"\b(?:const|function|class|def) {function}\b", (ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize(("page", "name"), NAMES)
def test_a_module_and_a_function_that_are_named_are_there(page, name):
    assert is_there(name), f"{page}: {name}"


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)\)", PAGES[page])

    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_each_room_says_what_it_may_import():
    rows = {row[0].strip("`"): set(re.findall(r"`(\w+)`", row[-1])) for row in table("Rooms")}

    assert rows == {room: allowed(room) - {room} for room in ROOMS}


def test_the_services_stand_in_their_order():
    rows = [
        (row[0].strip("`"), set(re.findall(r"`(\w+)`", row[-1]))) for row in table("Services of the clinic")
    ]

    assert rows == [(name, allowed(name) - {name}) for name in SERVICES]


@pytest.mark.parametrize("app", FLOORS)
def test_the_grid_is_the_folders(app):
    used = [any(row[at] for row in grid(app)) for at in range(len(COLUMNS) + 1)]
    wanted = [[cell for cell, is_used in zip(row, used, strict=True) if is_used] for row in grid(app)]

    assert table(f"`{app}`") == wanted, "\n".join(f"| {' | '.join(row)} |" for row in wanted)


@pytest.mark.parametrize("app", FLOORS)
def test_the_readme_names_every_room_and_capability(app):
    line = next(line for line in README.splitlines() if line.startswith(f"| `{app}` |"))
    services = SERVICES if app == "clinic" else {}

    assert set(re.findall(r"`(\w+)`", line.split("|")[2])) == {*capabilities.listed(HOUSE, app), *services}
    assert {room for room in ROOMS if f"`{room}`" not in README} == set()


@pytest.mark.parametrize(("walk", "most"), WALKS.items(), ids=list(WALKS))
def test_a_walk_crosses_few_modules(walk, most):
    steps = re.findall(r"^\d+\. `([\w.]+)`", section(walk), re.MULTILINE)
    modules = {name for step in steps for name in HOUSE.modules if step.startswith(f"{name}.")}

    assert len(steps) == len(modules - HOUSE.packages) <= most


def test_a_newcomer_opens_few_files():
    rows = table("Where a change goes")

    assert [row[0] for row in rows if int(row[1]) != len(re.findall(r"`\S+/\S*`", row[2]))] == []
    assert [row[0] for row in rows if int(row[1]) > MOST_FILES] == []
    assert len(rows) == 10
