"""Signal receivers: they write like actions, so they stand with the actions or in an app's wiring."""

import ast
from functools import cache

from tests.architecture.imports import arrows, called
from tests.architecture.purity import pages
from tests.architecture.rooms import room, room_of
from tests.architecture.scopes import Scope, walk
from tests.architecture.sources import Finding, Function, House, Module

HOMES = {"actions", "root", "catalogues", "locks", "signin", "audit", "administration"}


def receivers(module: Module, house: House) -> list[Function]:
    """Functions decorated with `@receiver` or handed to a signal's `connect`, here or in another module."""
    connected = _connected(house)
    names = {function.name for function in module.functions if f"{module.name}.{function.name}" in connected}
    return [each for each in module.functions if each.name in names or _is_decorated(each)]


@cache
def _connected(house: House) -> set[str]:
    """Dotted names of what is handed to `connect` anywhere, alone or within a call such as `partial(…)`."""
    calls = (
        (node, scope, module)
        for module in house
        for node, scope in walk(module)
        if isinstance(node, ast.Call) and called(node) == "connect"
    )
    return {name for call, scope, module in calls for name in _handed(call, scope, module)}


def _handed(call: ast.Call, scope: Scope, module: Module) -> set[str]:
    handed = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "receiver")]
    nodes = [node for arg in handed for node in ast.walk(arg) if isinstance(node, ast.Name | ast.Attribute)]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return {scope.dotted(node) for node in nodes} | {f"{module.name}.{name}" for name in names}


def _is_decorated(function: Function) -> bool:
    calls = [decorator for decorator in function.decorator_list if isinstance(decorator, ast.Call)]
    return any(called(call) in {"receiver", "connect"} for call in calls)


def reachable(module: Module, house: House) -> list[Function]:
    """The receivers of a module and the functions of the module that they call."""
    found, waiting = [], receivers(module, house)
    while waiting:
        function = waiting.pop()
        found.append(function)
        names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        waiting += [
            other for other in module.functions if other.name in names and other not in [*found, *waiting]
        ]
    return found


def misplaced(module: Module, house: House) -> list[Finding]:
    """Receivers outside their homes, and receivers that know views, forms or how a page is built."""
    here = [Finding(function.lineno, f"receiver {function.name}") for function in receivers(module, house)]
    if room(module, house) not in HOMES:
        return here
    return [*_page_builders(module, house), *_imports_of_pages(module, house)] if here else []


def _page_builders(module: Module, house: House) -> list[Finding]:
    spans = [(function.lineno, function.end_lineno) for function in reachable(module, house)]
    return [
        found for found in pages(module, house) if any(first <= found.line <= last for first, last in spans)
    ]


def _imports_of_pages(module: Module, house: House) -> list[Finding]:
    rooms = ((line, to, room_of(to, house)) for line, to in arrows(module, house))
    return [
        Finding(line, f"receivers import {to}") for line, to, there in rooms if there in {"views", "forms"}
    ]
