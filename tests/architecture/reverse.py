"""Reverse accessors that reach up: names that a higher floor's foreign keys give to models of a lower one."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture.imports import called
from tests.architecture.sources import FLOORS, Finding, Function, House, Module

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
NO_LOOKUPS = {"annotate", "alias", "aggregate", "values", "update", "create"}
LOOKUP_CALLS = {
    *("filter", "exclude", "get", "Q", "F", "Count", "Sum", "Max", "Min", "Avg", "OuterRef"),
    *("Exists", "Subquery", "Prefetch", "values", "values_list", "order_by", "select_related"),
    *("prefetch_related", "annotate", "aggregate", "alias", "getattr", "hasattr", "attrgetter", "get_field"),
    *("only", "defer", "distinct", "get_or_create", "update_or_create"),
}


def reaching_up(module: Module, house: House) -> list[Finding]:
    """A name that a model of this floor has as well is that model's in modules that name its class."""
    owners = _owners(house, module.floor)
    mentioned = {node.id for node in module.nodes if isinstance(node, ast.Name)}
    mentioned |= {cls.name for cls in module.classes}
    above = _names_from_above(house, module.floor)
    names = {name for name in above if not owners.get(name, set()) & mentioned}
    return sorted({found for node in module.nodes for found in _uses(node, names)}) if names else []


def _uses(node: ast.AST, names: set[str]) -> Iterator[Finding]:
    if isinstance(node, ast.Attribute) and node.attr in names:
        yield Finding(node.lineno, f".{node.attr}")
    if isinstance(node, ast.Call) and called(node) in LOOKUP_CALLS:
        strings = (inner for arg in node.args for inner in ast.walk(arg) if isinstance(inner, ast.Constant))
        texts = [(inner.lineno, inner.value) for inner in strings if isinstance(inner.value, str)]
        if called(node) not in NO_LOOKUPS:
            texts += [(keyword.value.lineno, keyword.arg or "") for keyword in node.keywords]
        for line, text in texts:
            if names & {*text.lstrip("-").split("__")}:
                yield Finding(line, text)


@cache
def _names_from_above(house: House, floor: int) -> set[str]:
    """Accessor and lookup names that models of this floor have only because a higher floor is there."""
    models = [module for module in house if _holds_models(module)]
    above = {name for module in models if module.floor > floor for name in _given_names(module, floor)}
    here = {name for module in models if module.floor <= floor for name in _given_names(module, floor)}
    return above - here


def _holds_models(module: Module) -> bool:
    return module.parts[1:2] == ("models",)


def _given_names(module: Module, floor: int) -> Iterator[str]:
    for cls in module.classes:
        for call in (
            node for node in ast.walk(cls) if isinstance(node, ast.Call) and called(node) in RELATIONS
        ):
            if _floor_of_target(call, module) <= floor:
                yield from _accessors(call, cls)


def _floor_of_target(call: ast.Call, module: Module) -> int:
    """The floor of the model that a relation points to; a setting names the user of the ground floor."""
    keyword = [word.value for word in call.keywords if word.arg == "to"]
    target = [*call.args, *keyword][0]
    if isinstance(target, ast.Constant):
        return FLOORS.get(str(target.value).split(".")[0], module.floor)
    if isinstance(target, ast.Attribute):
        return 0
    modules = [node for node in module.tree.body if isinstance(node, ast.ImportFrom)]
    homes = [node.module for node in modules if any(alias.name == target.id for alias in node.names)]
    return FLOORS.get((homes[0] or "").split(".")[0], module.floor) if homes else module.floor


def _accessors(call: ast.Call, cls: ast.ClassDef) -> list[str]:
    said = {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}
    related = said.get("related_name")
    if related == "+":
        return []
    default = cls.name.lower()
    accessor = default if called(call) == "OneToOneField" else f"{default}_set"
    names = [related or accessor, said.get("related_query_name") or related or default]
    return sorted({str(name) for name in names})


@cache
def _owners(house: House, floor: int) -> dict[str, set[str]]:
    """Attributes that classes of this floor and those below define themselves, and which classes do."""
    found: dict[str, set[str]] = {}
    for module in (module for module in house if module.floor <= floor):
        for cls in module.classes:
            for name in _attributes(cls):
                found.setdefault(name, set()).add(cls.name)
    return found


def _attributes(cls: ast.ClassDef) -> Iterator[str]:
    for node in cls.body:
        if isinstance(node, Function):
            yield node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
