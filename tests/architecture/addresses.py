"""Addresses of a higher floor in the code of a lower one."""

import ast
import re
from functools import cache

from tests.architecture.imports import called
from tests.architecture.rooms import room
from tests.architecture.sources import FLOORS, Finding, House, Module

# A lower floor may lead to these pages by name (DESIGN.md 2): the board, and the record of a patient.
NAMES_UPSTAIRS = {"patients": {"treatments:today", "treatments:record"}}
# Where links of patients will begin (DESIGN.md 6): their floors register them before the pages exist.
PLANNED = {"patients": {"i"}, "treatments": {"s"}}
# What every page knows.
SHARED = {"static", "media"}
PATH = re.compile(r"/([a-z_-]+)/[\w/<>:-]*")
NAMESPACE = re.compile(r"([a-z_]+):[\w-]*")


def upstairs(module: Module, house: House) -> list[Finding]:
    """Names of URLs and literal paths that no URL of this floor or of a lower one has."""
    if room(module, house) == "roof":
        return []
    known = _first_segments(house, module.floor) | PLANNED.get(module.app, set()) | SHARED
    return [
        Finding(node.lineno, node.value)
        for node in module.strings
        if _is_name_upstairs(node.value, module) or _is_path_upstairs(node.value, known)
    ]


def _is_name_upstairs(text: str, module: Module) -> bool:
    found = NAMESPACE.fullmatch(text)
    if found is None or text in NAMES_UPSTAIRS.get(module.app, ()):
        return False
    return FLOORS.get(found[1], 0) > module.floor


def _is_path_upstairs(text: str, known: set[str]) -> bool:
    found = PATH.fullmatch(text)
    return found is not None and found[1] not in known


@cache
def _first_segments(house: House, floor: int) -> set[str]:
    """The first segment of each path in the URL modules of this floor and of those below."""
    modules = [module for module in house if module.floor <= floor and "urls" in module.parts[1:2]]
    calls = [node for module in modules for node in module.nodes if isinstance(node, ast.Call)]
    routes = [call.args[0] for call in calls if called(call) in {"path", "re_path"} and call.args]
    return {str(route.value).split("/")[0] for route in routes if isinstance(route, ast.Constant)}
