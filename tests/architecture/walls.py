"""The walls by name: what each one asks of a module, and of which rooms."""

from collections.abc import Callable
from typing import NamedTuple

from tests.architecture import (
    addresses,
    capabilities,
    imports,
    measures,
    purity,
    queries,
    reverse,
    signals,
    writes,
)
from tests.architecture.allowed import ALLOWED
from tests.architecture.rooms import WRITERS, room
from tests.architecture.sources import Finding, House, Module


class Wall(NamedTuple):
    """A check and the rooms that it holds in; no rooms: everywhere."""

    check: Callable[[Module, House], list[Finding]]
    rooms: frozenset[str] = frozenset()


def _in(rooms: str) -> frozenset[str]:
    return frozenset(rooms.split())


def _writes(module: Module, house: House) -> list[Finding]:
    """Rows are written by actions, some services and receivers; a model's `save` calls its base."""
    here = room(module, house)
    if here in WRITERS or here == "roof":
        return []
    spans = [(function.lineno, function.end_lineno) for function in signals.reachable(module, house)]
    found = [one for one in writes.writes(module, house) if not any(a <= one.line <= b for a, b in spans)]
    return [one for one in found if not (here == "models" and one.what.startswith("super()."))]


WALLS = {
    "floors": Wall(imports.upward),
    "rooms": Wall(imports.across_rooms),
    "strings": Wall(imports.by_string),
    "hidden imports": Wall(imports.in_functions),
    "accessors": Wall(reverse.reaching_up),
    "addresses": Wall(addresses.upstairs),
    "writes": Wall(_writes),
    "queries": Wall(queries.queries, _in("rules templatetags values")),
    "database": Wall(queries.database_imports, _in("rules templatetags")),
    "clock": Wall(purity.clock, _in("rules")),
    "requests": Wall(purity.requests, _in("rules selectors actions models")),
    "pages": Wall(purity.pages, _in("rules selectors actions models")),
    "templates": Wall(purity.templates, _in("rules selectors models")),
    "row locks": Wall(purity.row_locks, _in("rules selectors forms models templatetags")),
    "records": Wall(purity.records, _in("rules selectors forms models templatetags")),
    "receivers": Wall(signals.misplaced),
    "capabilities": Wall(capabilities.unlisted),
    "docstrings": Wall(measures.undescribed),
    "file length": Wall(measures.long_files),
    "function length": Wall(measures.long_functions),
    "branches": Wall(measures.branching_functions),
}


def breaches(name: str, module: Module, house: House) -> list[Finding]:
    """What one wall finds in a module, without the exceptions that `allowed.py` gives reasons for."""
    wall = WALLS[name]
    if wall.rooms and room(module, house) not in wall.rooms:
        return []
    found = wall.check(module, house)
    return [one for one in found if (name, module.path, imports.enclosing(module, one.line)) not in ALLOWED]
