"""Which value a name stands for: the bindings of a module and of each function in it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tests.architecture.sources import Function, Module, own_nodes


@dataclass(frozen=True)
class Binding:
    """What a name was bound to: value, annotation, import, definition, plain or unknown."""

    kind: str
    node: ast.AST | None = None
    dotted: str = ""


UNKNOWN, PLAIN = Binding("unknown"), Binding("plain")


@dataclass
class Scope:
    """The names of a module or a function, and the scope around it."""

    module: Module
    around: "Scope | None" = None
    names: dict[str, list[Binding]] = field(default_factory=dict)

    def bind(self, name: str, binding: Binding) -> None:
        self.names.setdefault(name, []).append(binding)

    def of(self, name: str) -> list[Binding]:
        if name in self.names:
            return self.names[name]
        return self.around.of(name) if self.around else []

    def dotted(self, node: ast.AST) -> str:
        """`dt.date.today` as `datetime.date.today`: the path of an expression, through the imports."""
        if isinstance(node, ast.Attribute):
            before = self.dotted(node.value)
            return f"{before}.{node.attr}" if before else ""
        if not isinstance(node, ast.Name):
            return ""
        bindings = self.of(node.id)
        imported = [binding.dotted for binding in bindings if binding.kind == "import"]
        return imported[0] if imported else "" if bindings else node.id


@cache
def scope_of(module: Module) -> Scope:
    scope = Scope(module)
    _bind_all(scope, module.tree)
    return scope


@cache
def walk(module: Module) -> list[tuple[ast.AST, Scope]]:
    """Every node with the scope in which it stands."""
    return list(_walk(module.tree, scope_of(module)))


def _walk(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    for child in ast.iter_child_nodes(node):
        yield child, scope
        inner = scope
        if isinstance(child, Function | ast.Lambda):
            inner = Scope(scope.module, scope)
            _bind_arguments(inner, child.args)
            _bind_all(inner, child)
        yield from _walk(child, inner)


def _bind_arguments(scope: Scope, arguments: ast.arguments) -> None:
    for arg in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        scope.bind(arg.arg, Binding("annotation", arg.annotation) if arg.annotation else UNKNOWN)
    for rest in (arguments.vararg, arguments.kwarg):
        if rest is not None:
            scope.bind(rest.arg, PLAIN)


def _bind_all(scope: Scope, node: ast.AST) -> None:
    for inner in own_nodes(node):
        if isinstance(inner, ast.Import | ast.ImportFrom):
            _bind_import(scope, inner)
        elif isinstance(inner, Function | ast.ClassDef):
            scope.bind(inner.name, Binding("definition", inner))
        else:
            _bind_value(scope, inner)


def _bind_import(scope: Scope, node: ast.Import | ast.ImportFrom) -> None:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            dotted = f"{node.module or ''}.{alias.name}"
        else:
            dotted = alias.name if alias.asname else alias.name.split(".")[0]
        name = alias.asname or alias.name
        scope.bind(
            name if isinstance(node, ast.ImportFrom) else name.split(".")[0], Binding("import", dotted=dotted)
        )


def _bind_value(scope: Scope, node: ast.AST) -> None:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            _bind_target(scope, target, node.value)
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        scope.bind(node.target.id, Binding("annotation", node.annotation))
    elif isinstance(node, ast.NamedExpr):
        _bind_target(scope, node.target, node.value)
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        _bind_target(scope, node.target, None)
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        _bind_target(scope, node.optional_vars, None)


def _bind_target(scope: Scope, target: ast.expr, value: ast.expr | None) -> None:
    if isinstance(target, ast.Name):
        scope.bind(target.id, Binding("value", value) if value is not None else UNKNOWN)
    elif isinstance(target, ast.Tuple | ast.List):
        several = value.elts if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts) else []
        for place, part in enumerate(target.elts):
            _bind_target(scope, part, several[place] if several else None)
