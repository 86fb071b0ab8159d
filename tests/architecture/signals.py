"""Signal receivers: they write like actions, so they stand with the actions or in an app's wiring."""

import ast

from tests.architecture.imports import arrows, called
from tests.architecture.purity import pages
from tests.architecture.rooms import room, room_of
from tests.architecture.sources import Finding, Function, House, Module

HOMES = {"actions", "root", "catalogues", "locks", "signin", "audit", "administration"}


def receivers(module: Module) -> list[Function]:
    """Functions decorated with `@receiver` or handed to a signal's `connect`."""
    connected = {
        call.args[0].id
        for call in module.nodes
        if isinstance(call, ast.Call)
        and called(call) == "connect"
        and call.args
        and isinstance(call.args[0], ast.Name)
    }
    return [
        function for function in module.functions if function.name in connected or _is_decorated(function)
    ]


def _is_decorated(function: Function) -> bool:
    calls = [decorator for decorator in function.decorator_list if isinstance(decorator, ast.Call)]
    return any(called(call) in {"receiver", "connect"} for call in calls)


def reachable(module: Module) -> list[Function]:
    """The receivers of a module and the functions of the module that they call."""
    found, waiting = [], receivers(module)
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
    here = [Finding(function.lineno, f"receiver {function.name}") for function in receivers(module)]
    if room(module, house) not in HOMES:
        return here
    return [*_page_builders(module, house), *_imports_of_pages(module, house)] if here else []


def _page_builders(module: Module, house: House) -> list[Finding]:
    spans = [(function.lineno, function.end_lineno) for function in reachable(module)]
    return [
        found for found in pages(module, house) if any(first <= found.line <= last for first, last in spans)
    ]


def _imports_of_pages(module: Module, house: House) -> list[Finding]:
    rooms = ((line, to, room_of(to, house)) for line, to in arrows(module, house))
    return [
        Finding(line, f"receivers import {to}") for line, to, there in rooms if there in {"views", "forms"}
    ]
