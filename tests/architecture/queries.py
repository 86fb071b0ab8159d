"""Calls that ask the database."""

import ast

from tests.architecture.imports import called
from tests.architecture.inference import Inference, inference_of
from tests.architecture.scopes import Scope, walk
from tests.architecture.sources import Finding, House, Module

MANAGERS = {"objects", "_default_manager", "_base_manager"}
QUERYSET_METHODS = {
    *("filter", "exclude", "annotate", "alias", "aggregate", "values_list", "order_by"),
    *("iterator", "in_bulk", "select_related", "prefetch_related", "select_for_update", "only"),
    *("defer", "dates", "datetimes", "using", "earliest", "latest", "distinct", "all", "none"),
    *("raw", "extra", "refresh_from_db", "arefresh_from_db", "aget", "afirst", "alast", "acount"),
    *("aexists", "aaggregate", "aiterator", "get_queryset", "cursor"),
}
# Dictionaries, strings and lists have these too.
SHARED_METHODS = {"values", "count", "first", "last", "exists"}
SHORTCUTS = {"get_object_or_404", "aget_object_or_404", "get_list_or_404", "aget_list_or_404"}
MACHINERY = {*SHORTCUTS, "PreparedQuery", "prefetch_related_objects", "aprefetch_related_objects"}
LIBRARY = ("django.db", "django.contrib.postgres")


def queries(module: Module, house: House) -> list[Finding]:
    """What reads rows: managers, querysets, related managers, cursors, prepared statements."""
    inference = inference_of(house)
    called_nodes = {id(node.func) for node in module.nodes if isinstance(node, ast.Call)}
    found = []
    for node, scope in walk(module):
        if isinstance(node, ast.Attribute) and _asks(node, scope, inference, id(node) in called_nodes):
            found.append(Finding(node.lineno, ast.unparse(node)[-60:]))
        elif isinstance(node, ast.Call) and _asks_by_call(node, scope, inference):
            found.append(Finding(node.lineno, ast.unparse(node.func)))
    return sorted(set(found))


def database_imports(module: Module, house: House) -> list[Finding]:
    """Any import of Django's database layer."""
    found = []
    for node in module.nodes:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found += [Finding(node.lineno, f"imports {name}") for name in names if _is_database(name)]
    return found


def _is_database(name: str) -> bool:
    return name.startswith(LIBRARY)


def _asks(node: ast.Attribute, scope: Scope, inference: Inference, is_called: bool) -> bool:
    """Uncalled, `entry.values` is a field and `Side.values` a list of choices."""
    if node.attr in MANAGERS or node.attr.endswith("_set") and isinstance(node.ctx, ast.Load):
        return True
    if node.attr not in (QUERYSET_METHODS | SHARED_METHODS if is_called else QUERYSET_METHODS):
        return False
    return not inference.is_plain(node.value, scope, items=True)


def _asks_by_call(call: ast.Call, scope: Scope, inference: Inference) -> bool:
    """Shortcuts, prepared statements, and `.get(pk=…)`: the `get` of a dictionary takes no keywords."""
    if called(call) in MACHINERY:
        return True
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "get" or not call.keywords:
        return False
    return not inference.is_plain(call.func.value, scope, items=True)
