"""The house stands as drawn: arrows go down or right, views and forms never write."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"clinic": 0, "patients": 1, "treatments": 2}
# Left of an arrow comes what knows more: a room imports its own kind and what stands right of it.
ROOMS = {"urls": 5, "views": 4, "forms": 3, "actions": 3, "rules": 2, "models": 1}
ROOF = {"clinic/settings.py", "clinic/urls.py", "clinic/wsgi.py"}
# These wire a floor to Django and know all of it.
WIRING = {"apps.py", "wiring.py", "admin.py", "base.py", "site.py", "config.py"}
# Leaves of the ground floor: they know nothing of ours, so everybody may know them.
LEAVES = {"clinic.values.errors", "clinic.values.references"}
WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
}


def sources() -> list[Path]:
    files = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    return sorted(path for path in files if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(module: str) -> str:
    """urls, views, forms, actions, models; everything else on a floor is a rule module."""
    parts = module.removesuffix(".py").replace("/", ".").split(".")
    room = parts[1] if len(parts) > 1 else "models"
    return "urls" if room in {"urls", "public_urls"} else room if room in ROOMS else "rules"


def imports_of(path: Path) -> list[tuple[int, str]]:
    """(line, module) of every import of our own code."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = {name_of(f) for f in (ROOT / node.module.replace(".", "/")).glob("*.py")}
            for alias in node.names:
                deeper = f"{node.module.replace('.', '/')}/{alias.name}.py" in below
                package = (ROOT / node.module.replace(".", "/") / alias.name).is_dir()
                found.append(
                    (node.lineno, f"{node.module}.{alias.name}" if deeper or package else node.module)
                )
    return [(line, module) for line, module in found if module.split(".")[0] in FLOORS]


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_imports_go_down_the_stairs(path):
    floor = FLOORS[name_of(path).split("/")[0]]
    if name_of(path) in ROOF:
        return

    upwards = [found for found in imports_of(path) if FLOORS[found[1].split(".")[0]] > floor]

    assert upwards == []


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_rooms_of_a_floor_know_only_what_stands_right_of_them(path):
    name = name_of(path)
    here, floor = room_of(name), name.split("/")[0]
    if name in ROOF or path.name in WIRING or "management" in path.parts or "templatetags" in path.parts:
        return

    wrong = []
    for line, module in imports_of(path):
        there = room_of(module)
        if module.split(".")[0] != floor or there == here or module in LEAVES:
            continue
        if ROOMS[there] >= ROOMS[here]:
            wrong.append((line, module))

    assert wrong == []


@pytest.mark.parametrize("leaf", sorted(LEAVES))
def test_leaves_import_nothing_of_ours(leaf):
    assert imports_of(ROOT / f"{leaf.replace('.', '/')}.py") == []


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_nobody_imports_the_roof(path):
    if name_of(path) in ROOF:
        return

    roof = {"clinic.settings", "clinic.urls", "clinic.wsgi"}

    assert [module for _, module in imports_of(path) if module in roof] == []


def writes_in(path: Path) -> list[tuple[int, str]]:
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    return [
        (call.lineno, call.func.attr)
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES and is_of_rows(call.func.value)
    ]


def is_of_rows(value: ast.expr) -> bool:
    """Dicts and sets have update too: only chains through `objects`, a queryset call or a save count."""
    text = ast.unparse(value)
    plain = isinstance(value, ast.Name) and value.id in {
        "context",
        "data",
        "values",
        "params",
        "attrs",
        "self",
    }
    return not plain and "session" not in text.split(".")[-1:] and "widget" not in text


@pytest.mark.parametrize(
    "path",
    [path for path in sources() if room_of(name_of(path)) in {"views", "forms", "urls"}],
    ids=name_of,
)
def test_views_and_forms_never_write(path):
    assert writes_in(path) == []


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_no_import_hides_in_a_function(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    hidden = [
        inner.lineno
        for function in functions
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_file_says_what_lives_in_it_and_stays_a_room(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)

    assert path.name == "__init__.py" and not text.strip() or ast.get_docstring(tree)
    assert text.count("\n") <= 300, "Split this file: it passed 300 lines."


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_functions_fit_on_a_screen(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]

    long = [(f.name, f.end_lineno - f.lineno + 1) for f in functions if f.end_lineno - f.lineno + 1 > 45]

    assert long == []


def test_the_checks_themselves_see_an_arrow_that_goes_up(tmp_path, monkeypatch):
    wrong = ROOT / "clinic" / "models" / "base.py"
    parsed = ast.parse("from treatments.models import NeedlingSession")
    monkeypatch.setattr(ast, "parse", lambda *args, **kwargs: parsed)

    assert imports_of(wrong) == [(1, "treatments.models")]
