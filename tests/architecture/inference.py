"""Light inference of plain Python values: receivers whose `update` or `add` changes no row.

A receiver is *plain* when it is provably no model, queryset, manager or cursor: a dict, a set, a hash, a
module of ours. Inference is local and knows no types of libraries; what it cannot prove counts as rows.
"""

import ast
import sys
from functools import cache

from tests.architecture.scopes import Binding, Scope, scope_of
from tests.architecture.sources import Function, House

PLAIN_TYPES = {
    *("dict", "list", "set", "frozenset", "tuple", "str", "bytes", "bytearray", "int", "float"),
    *("bool", "Mapping", "MutableMapping", "Sequence", "MutableSet", "Counter", "defaultdict"),
    *("OrderedDict", "deque", "QueryDict", "MultiValueDict", "ErrorDict", "ErrorList"),
    *("SessionBase", "ContextVar", "BytesIO", "StringIO"),
}
# Attributes of Django's forms, widgets, requests and responses that are dictionaries.
PLAIN_ATTRIBUTES = {
    *("GET", "POST", "FILES", "META", "COOKIES", "headers", "cookies"),
    *("attrs", "cleaned_data", "errors", "fields", "initial", "fields_cache"),
}
PLAIN_LITERALS = (
    *(ast.Dict, ast.List, ast.Set, ast.Tuple, ast.Constant, ast.JoinedStr),
    *(ast.DictComp, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.Compare),
)
# The standard library holds no rows of ours, except where it speaks to a database.
LIBRARY = sys.stdlib_module_names - {"sqlite3"}
# Calls that give no rows although their methods are called like those of querysets.
PLAIN_CALLS = {"django.template.Library", "vars"}
LOGIN_REQUESTS = {"request", "self.request"}
DEPTH = 12


class Inference:
    """Whether an expression of a house is a plain value."""

    def __init__(self, house: House):
        self.house = house
        self.plain_fields = _plain_fields(house)

    def is_plain(
        self, node: ast.expr | None, scope: Scope, *, items: bool = False, depth: int = DEPTH
    ) -> bool:
        """`items`: what stands in a plain container counts as plain too, as for `groups[key].add(row)`."""
        if node is None or depth == 0:
            return False
        if isinstance(node, PLAIN_LITERALS):
            return True
        again = {"items": items, "depth": depth - 1}
        judge = getattr(self, f"_{type(node).__name__.lower()}", None)
        return bool(judge and judge(node, scope, again))

    def is_ours(self, node: ast.AST | None, scope: Scope, *, depth: int = DEPTH) -> bool:
        """A module of ours, the standard library, a class of ours that is no model, or the login session.

        For verbs that plain values do not have at all: a dictionary is no excuse for `save`.
        """
        if node is None or depth == 0:
            return False
        if isinstance(node, ast.Name) and scope.of(node.id):
            return all(self._is_our_binding(binding, scope, depth - 1) for binding in scope.of(node.id))
        if isinstance(node, ast.Call):
            return self._names_plain_class(node.func, scope) or self._is_known_path(scope.dotted(node.func))
        return isinstance(node, ast.Attribute) and self._is_our_attribute(node, scope)

    def _is_our_binding(self, binding: Binding, scope: Scope, depth: int) -> bool:
        if binding.kind == "import":
            return binding.dotted in self.house or binding.dotted.split(".")[0] in LIBRARY
        if binding.kind == "annotation":
            return self._names_plain_class(binding.node, scope)
        return binding.kind == "value" and self.is_ours(binding.node, scope, depth=depth)

    def _is_our_attribute(self, node: ast.Attribute, scope: Scope) -> bool:
        dotted = scope.dotted(node)
        is_login_session = node.attr == "session" and ast.unparse(node.value) in LOGIN_REQUESTS
        return is_login_session or dotted in self.house or self._is_known_path(dotted)

    def _is_known_path(self, dotted: str) -> bool:
        return "." in dotted and dotted.split(".")[0] in LIBRARY

    def _name(self, node: ast.Name, scope: Scope, again: dict) -> bool:
        bindings = scope.of(node.id)
        return bool(bindings) and all(self._is_plain_binding(binding, scope, again) for binding in bindings)

    def _is_plain_binding(self, binding: Binding, scope: Scope, again: dict) -> bool:
        if binding.kind == "import":
            return self._is_plain_import(binding.dotted, again)
        if binding.kind == "annotation":
            return is_plain_annotation(binding.node) or self._names_plain_class(binding.node, scope)
        return (
            binding.kind == "plain" or binding.kind == "value" and self.is_plain(binding.node, scope, **again)
        )

    def _is_plain_import(self, dotted: str, again: dict) -> bool:
        """A module of ours, the standard library, or a plain constant of a module of ours."""
        if dotted in self.house or dotted.split(".")[0] in LIBRARY:
            return True
        before, _, name = dotted.rpartition(".")
        owner = self.house.modules.get(before)
        if owner is None:
            # a module of a library is no row; its classes may be
            return again["items"] and name[:1].islower()
        return self._name(ast.Name(id=name), scope_of(owner), again)

    def _attribute(self, node: ast.Attribute, scope: Scope, again: dict) -> bool:
        if node.attr in PLAIN_ATTRIBUTES or node.attr in self.plain_fields:
            return True
        if node.attr == "session":
            return ast.unparse(node.value) in LOGIN_REQUESTS
        dotted = scope.dotted(node)
        return "." in dotted and dotted.split(".")[0] != "self" and self._is_known(dotted, again)

    def _is_known(self, dotted: str, again: dict) -> bool:
        first = dotted.split(".")[0]
        before = dotted.rpartition(".")[0]
        return (first in LIBRARY or before in self.house.modules) and self._is_plain_import(dotted, again)

    def _subscript(self, node: ast.Subscript, scope: Scope, again: dict) -> bool:
        return again["items"] and self.is_plain(node.value, scope, **again)

    def _await(self, node: ast.Await, scope: Scope, again: dict) -> bool:
        return self.is_plain(node.value, scope, **again)

    def _binop(self, node: ast.BinOp, scope: Scope, again: dict) -> bool:
        return self.is_plain(node.left, scope, **again) or self.is_plain(node.right, scope, **again)

    def _ifexp(self, node: ast.IfExp, scope: Scope, again: dict) -> bool:
        return self.is_plain(node.body, scope, **again) and self.is_plain(node.orelse, scope, **again)

    def _boolop(self, node: ast.BoolOp, scope: Scope, again: dict) -> bool:
        return all(self.is_plain(value, scope, **again) for value in node.values)

    def _call(self, node: ast.Call, scope: Scope, again: dict) -> bool:
        dotted = scope.dotted(node.func)
        if dotted in PLAIN_TYPES | PLAIN_CALLS or dotted.split(".")[0] in LIBRARY and "." in dotted:
            return True
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"copy", "setdefault", "get", "pop"}:
            inner = node.func.attr != "copy"
            return (again["items"] or not inner) and self.is_plain(node.func.value, scope, **again)
        return self._names_plain_class(node.func, scope) or self._gives_plain(node.func, scope)

    def _names_plain_class(self, node: ast.AST | None, scope: Scope) -> bool:
        """A class of ours without a base is no model: its methods are read where it stands."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = ast.parse(node.value, mode="eval").body
        definitions = self._definitions(node, scope)
        return bool(definitions) and all(
            isinstance(one, ast.ClassDef) and not one.bases for one in definitions
        )

    def _definitions(self, node: ast.AST | None, scope: Scope) -> list[ast.AST]:
        """The classes and functions of ours that an expression names, here or in another module."""
        if isinstance(node, ast.Name):
            here = [binding.node for binding in scope.of(node.id) if binding.kind == "definition"]
            if here:
                return here
        before, _, name = scope.dotted(node).rpartition(".") if node else ("", "", "")
        owner = self.house.modules.get(before)
        return [one for one in owner.tree.body if getattr(one, "name", "") == name] if owner else []

    def _gives_plain(self, called: ast.expr, scope: Scope) -> bool:
        """A function of ours whose annotation says so."""
        definitions = self._definitions(called, scope)
        return bool(definitions) and all(_returns_plain(node) for node in definitions)


@cache
def inference_of(house: House) -> Inference:
    return Inference(house)


def is_plain_annotation(node: ast.AST | None) -> bool:
    if isinstance(node, ast.Constant):
        if node.value is None:
            return True
        return isinstance(node.value, str) and is_plain_annotation(ast.parse(node.value, mode="eval").body)
    if isinstance(node, ast.BinOp):
        return is_plain_annotation(node.left) and is_plain_annotation(node.right)
    if isinstance(node, ast.Subscript):
        return is_plain_annotation(node.value)
    return getattr(node, "id", getattr(node, "attr", "")) in PLAIN_TYPES


def _returns_plain(node: ast.AST | None) -> bool:
    return isinstance(node, Function) and is_plain_annotation(node.returns)


def _plain_fields(house: House) -> set[str]:
    """Names of annotated class attributes that are plain in every class of the house that has them.

    A value and a related manager may have one name (`sites`): then it proves nothing.
    """
    plain, other = set(), _related_names(house)
    for module in house:
        for node in (inner for cls in module.classes for inner in cls.body):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                (plain if is_plain_annotation(node.annotation) else other).add(node.target.id)
            elif isinstance(node, ast.Assign):
                other.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return plain - other


def _related_names(house: House) -> set[str]:
    keywords = (node for module in house for node in module.nodes if isinstance(node, ast.keyword))
    related = (node.value for node in keywords if node.arg == "related_name")
    return {value.value for value in related if isinstance(value, ast.Constant)}
