"""Where a module stands, and which room may import which. These tables are the plan of the house."""

from tests.architecture.sources import FLOORS, House, Module

# What knows everything and is imported by nobody.
ROOF = {"clinic.settings", "clinic.urls", "clinic.wsgi"}
# What Django wires stands in an app's root. Beside it the table of capabilities, and `clinic.mint`, which
# makes keys before any setting can be read.
ROOT_MODULES = {
    *("apps", "urls", "public_urls", "admin", "wiring", "wsgi", "settings", "middleware"),
    *("capabilities", "mint"),
}
MOST_ROOT_MODULES = 12
# Apps beside the house that use it. Nobody imports them.
OUTSIDE = {"demo", "bench", "tests"}

# room: what it may import besides its own kind, on its own floor and on the floors below. After the bar: the
# services of the ground floor.
ROOMS = {
    "urls": "views | values",
    "views": "forms actions selectors rules models "
    "| values formats access audit locks signin web django_internals",
    "forms": "selectors rules models | values formats access signin web django_internals",
    "actions": "selectors rules models "
    "| values formats access audit locks signin django_internals catalogues backup moving",
    "selectors": "rules models | values formats access audit locks django_internals",
    # the sentences of the audit's codes; the wall of records keeps rules from writing events
    "rules": "models | values formats access audit",
    "models": "| values django_internals",
    # Django's other places. A command is a view of the shell; a tag is part of a page and reads values only.
    "commands": "forms actions selectors rules models "
    "| values access audit locks catalogues backup moving signin web",
    "templatetags": "selectors rules models | values formats access web",
}

# Packages of the ground floor beside its rooms: what each may import besides itself.
SERVICES = {
    "values": "",
    "formats": "",
    "access": "models values audit",
    "audit": "models values django_internals",
    "locks": "models values audit",
    "django_internals": "values",
    "catalogues": "models values audit",
    "backup": "models values audit selectors locks",
    "moving": "models values audit locks backup",
    "web": "models values access audit rules selectors django_internals",
    "signin": "models values access audit rules selectors actions web django_internals",
    "administration": (
        "models values formats access audit rules selectors actions forms catalogues locks signin web"
    ),
}
# Rooms and services that write rows; a service writes what only it knows, as the audit its events.
WRITERS = {"actions", "audit", "backup", "catalogues", "locks", "moving", "signin"}


def room_of(name: str, house: House) -> str:
    """The room, service or place of a dotted module name: `rules`, `audit`, `commands`, `root`, `roof`."""
    parts = name.split(".")
    if name in ROOF:
        return "roof"
    if parts[0] in OUTSIDE:
        return "outside"
    if len(parts) == 1:
        return "root"
    if parts[1] in {"urls", "public_urls"}:
        return "urls"
    # the pages of the administration may be several files
    if parts[1] == "admin":
        return "root"
    if parts[1] == "management":
        return "commands"
    stands_alone = parts[1] not in ROOMS and f"{parts[0]}.{parts[1]}" not in house.packages
    return "root" if stands_alone and len(parts) == 2 else parts[1]


def room(module: Module, house: House) -> str:
    return room_of(module.name, house)


def allowed(kind: str) -> set[str]:
    """What a room or a service may import, itself included."""
    said = ROOMS.get(kind, SERVICES.get(kind, ""))
    return {kind, *said.replace("|", " ").split()}


def floor_of(name: str) -> int:
    return FLOORS[name.split(".")[0]]
