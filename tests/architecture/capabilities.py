"""Each module below a room is a capability on its app's list; each root holds only what Django wires."""

import ast

from tests.architecture.rooms import MOST_ROOT_MODULES, ROOMS, ROOT_MODULES, SERVICES, room
from tests.architecture.sources import Finding, House, Module

NAMED_ELSEWHERE = {"commands", "templatetags", "urls"}


def listed(house: House, app: str, table: str = "CAPABILITIES") -> dict[str, str]:
    """The table of an app's `capabilities.py`, read without importing it."""
    module = house.modules.get(f"{app}.capabilities")
    for node in module.tree.body if module else []:
        target = node.target if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [None])[0]
        if getattr(target, "id", "") == table:
            return ast.literal_eval(node.value)
    return {}


def unlisted(module: Module, house: House) -> list[Finding]:
    """A module whose name is on no list."""
    here = room(module, house)
    if here in {"roof", *NAMED_ELSEWHERE} or len(module.parts) == 1:
        return []
    if here == "root":
        return (
            []
            if module.parts[1] in ROOT_MODULES
            else [Finding(1, f"{module.name} is nothing that Django wires")]
        )
    if here not in ROOMS:
        known = module.app == "clinic" and here in SERVICES and here in listed(house, "clinic", "SERVICES")
        return [] if known else [Finding(1, f"{here} is no room and no service")]
    if len(module.parts) == 2 or module.parts[2] in listed(house, module.app):
        return []
    return [Finding(1, f"{module.parts[2]} is no capability of {module.app}")]


def root_modules(house: House, app: str) -> list[str]:
    """What lies in an app's root beside its rooms and packages."""
    return [
        module.name
        for module in house.of_app(app)
        if len(module.parts) == 2 and not module.is_package and module.parts[1] not in ROOMS.keys() - {"urls"}
    ]


def crowded(house: House, app: str) -> list[str]:
    found = root_modules(house, app)
    return found if len(found) > MOST_ROOT_MODULES else []


def stale(house: House, app: str) -> list[str]:
    """Names on the list that stand in no room."""
    standing = {
        module.parts[2] for module in house.of_app(app) if len(module.parts) > 2 and module.parts[1] in ROOMS
    }
    packages = {module.parts[1] for module in house.of_app(app) if len(module.parts) > 2}
    return sorted((set(listed(house, app)) - standing) | (set(listed(house, app, "SERVICES")) - packages))
