"""Arrows: every import of our own code, written plainly or hidden in a string, and where it may point."""

import ast
import re
from functools import cache
from typing import NamedTuple

from tests.architecture.rooms import OUTSIDE, ROOMS, SERVICES, allowed, floor_of, room, room_of
from tests.architecture.sources import FLOORS, Finding, Function, House, Module

OURS = {*FLOORS, *OUTSIDE}
# A dotted path or a model's label, a template, an app's label.
NAMES_AN_APP = re.compile(r"([a-z_]+)(\.\w+)*|([a-z_]+)/[\w/-]+\.\w+")
MODEL_FINDERS = {"get_model", "get_app_config", "get_containing_app_config"}
# Only an app's configuration imports late: what it wires needs the models, which load after it.
LATE = {"apps"}
DYNAMIC = {
    *("import_module", "__import__", "import_string", "find_spec", "run_module", "exec", "eval"),
}


class Arrow(NamedTuple):
    """An import of one of our modules."""

    line: int
    to: str


@cache
def arrows(module: Module, house: House) -> list[Arrow]:
    found = []
    for node in module.nodes:
        if isinstance(node, ast.Import):
            found += [Arrow(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [Arrow(node.lineno, name) for name in _imported_from(node, module, house)]
    return [arrow for arrow in found if arrow.to.split(".")[0] in OURS]


def _imported_from(node: ast.ImportFrom, module: Module, house: House) -> list[str]:
    before = ".".join([*_above(node, module), *([node.module] if node.module else [])])
    names = [f"{before}.{alias.name}" for alias in node.names]
    return [name if name in house or before in FLOORS else before for name in names]


def _above(node: ast.ImportFrom, module: Module) -> tuple[str, ...]:
    """The package that the dots of a relative import mean."""
    if not node.level:
        return ()
    up = node.level - (1 if module.is_package else 0)
    return module.parts[: len(module.parts) - up] if up else module.parts


def upward(module: Module, house: House) -> list[Finding]:
    """Imports of a higher floor or of an app outside the house."""
    return [
        Finding(line, f"imports {to}")
        for line, to in arrows(module, house)
        if to.split(".")[0] in OUTSIDE or floor_of(to) > module.floor
    ]


def across_rooms(module: Module, house: House) -> list[Finding]:
    """Imports against the table of rooms, on the own floor and on those below."""
    here = room(module, house)
    if here == "roof":
        return []
    if here not in {*ROOMS, *SERVICES, "root"} or (here in SERVICES and module.app != "clinic"):
        return [Finding(1, f"no such room: {here}")]
    downward = [arrow for arrow in arrows(module, house) if arrow.to.split(".")[0] in FLOORS]
    return [
        Finding(line, f"{here} import {room_of(to, house)}: {to}")
        for line, to in downward
        if floor_of(to) <= module.floor and not _may_point(module, here, to, house)
    ]


def _may_point(module: Module, here: str, to: str, house: House) -> bool:
    there = room_of(to, house)
    if here == "root":
        # it wires the rooms of its app and may build on the root of an app below, as one admin on another
        return there != "roof"
    if there in {"urls", "root"} or there == "commands" and here != "commands":
        return False
    return there in allowed(here) and (here != "urls" or to.split(".")[0] == module.app)


def by_string(module: Module, house: House) -> list[Finding]:
    """Imports and models by string: they hide an arrow, whichever way it points."""
    if room(module, house) == "roof":
        return []
    late = module.parts[1:] and module.parts[1] in LATE
    found = [] if late else [*_dynamic_calls(module), *_library_imports(module)]
    return [*found, *_models_by_string(module, house), *_dotted_strings(module)]


def _dynamic_calls(module: Module) -> list[Finding]:
    names = ((node.lineno, called(node)) for node in module.nodes if isinstance(node, ast.Call))
    return [Finding(line, f"{name}()") for line, name in names if name in DYNAMIC]


def _library_imports(module: Module) -> list[Finding]:
    found = []
    for node in module.nodes:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [Finding(node.lineno, f"imports {name}") for name in names if _is_import_machinery(name)]
    return found


def _is_import_machinery(name: str) -> bool:
    return name in {"importlib", "pkgutil", "runpy"} or name.startswith("importlib.")


def _models_by_string(module: Module, house: House) -> list[Finding]:
    """`apps.get_model`: rooms import their models; a service may be handed a label by who registers it."""
    calls = [node for node in module.nodes if isinstance(node, ast.Call) and called(node) in MODEL_FINDERS]
    in_room = room(module, house) in ROOMS
    return [
        Finding(call.lineno, f"{called(call)}()")
        for call in calls
        if in_room or any(isinstance(arg, ast.Constant) for arg in call.args)
    ]


def _dotted_strings(module: Module) -> list[Finding]:
    """A module, a model, a template or the label of a higher floor."""
    return [
        Finding(node.lineno, f'"{node.value}"')
        for node in module.strings
        if FLOORS.get(_app_in(node.value), 0) > module.floor
    ]


def _app_in(text: str) -> str:
    found = NAMES_AN_APP.fullmatch(text)
    return (found[1] or found[3]) if found else ""


def in_functions(module: Module, house: House) -> list[Finding]:
    """An import inside a function, plain or async, hides an arrow from the reader."""
    inner = (node for function in module.functions for node in ast.walk(function))
    return sorted(
        {Finding(node.lineno, "import") for node in inner if isinstance(node, ast.Import | ast.ImportFrom)}
    )


def called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def enclosing(module: Module, line: int) -> str:
    """The name of the innermost function around a line, or nothing."""
    around = [function for function in module.functions if _spans(function, line)]
    return max(around, key=lambda function: function.lineno).name if around else ""


def _spans(function: Function, line: int) -> bool:
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return first <= line <= (function.end_lineno or first)
