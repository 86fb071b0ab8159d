"""Circles among apps, among their folders and among modules."""

from collections import defaultdict
from collections.abc import Callable

from tests.architecture.imports import arrows
from tests.architecture.sources import House

Graph = dict[str, set[str]]


def modules(house: House) -> Graph:
    found: Graph = {module.name: set() for module in house}
    for module in house:
        found[module.name] = {to for _, to in arrows(module, house) if to in house and to != module.name}
    return found


def apps(house: House) -> Graph:
    return folded(house, lambda name: name.split(".")[0])


def folders(house: House) -> Graph:
    """The rooms and packages of each app; its root counts as one."""
    return folded(house, lambda name: folder_of(name, house))


def folder_of(name: str, house: House) -> str:
    parts = name.split(".")
    if len(parts) == 1:
        return name
    folder = ".".join(parts[:2])
    return folder if folder in house.packages else f"{parts[0]}.<root>"


def folded(house: House, level: Callable[[str], str]) -> Graph:
    found: Graph = defaultdict(set)
    for one, others in modules(house).items():
        found[level(one)].update(level(other) for other in others if level(other) != level(one))
    return dict(found)


def mutual(graph: Graph) -> list[tuple[str, str]]:
    return sorted(
        {(one, other) for one in graph for other in graph[one] if one < other and one in graph.get(other, ())}
    )


def circles(graph: Graph) -> list[list[str]]:
    """Groups in which each reaches each."""
    reached = {one: _reached(one, graph) for one in graph}
    groups = {tuple(sorted(b for b in graph if b in reached[a] and a in reached[b])) for a in graph}
    return sorted(list(group) for group in groups if len(group) > 1)


def _reached(start: str, graph: Graph) -> set[str]:
    found, waiting = set(), list(graph[start])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += graph.get(one, ())
    return found
