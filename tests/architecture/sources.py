"""A tree of Python sources, read from a folder or given as text: the walls see no difference."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

FLOORS = {"clinic": 0, "patients": 1, "treatments": 2}
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Finding(NamedTuple):
    """One breach of a wall."""

    line: int
    what: str


class Module:
    """One file: its path in the tree, its dotted name and its syntax tree."""

    def __init__(self, path: str, text: str):
        self.path, self.text = path, text
        parts = path.removesuffix(".py").split("/")
        self.is_package = parts[-1] == "__init__"
        self.parts = tuple(parts[:-1] if self.is_package else parts)
        self.name = ".".join(self.parts)
        self.app = self.parts[0]
        self.floor = FLOORS[self.app]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in self.nodes if isinstance(node, Function)]

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        return [node for node in self.nodes if isinstance(node, ast.ClassDef)]

    @cached_property
    def strings(self) -> list[ast.Constant]:
        """String constants that the code uses; docstrings are comments."""
        said = {id(first) for node in self.nodes for first in _docstring(node)}
        constants = (node for node in self.nodes if isinstance(node, ast.Constant))
        return [node for node in constants if isinstance(node.value, str) and id(node) not in said]


class House:
    """All modules of the floors, by dotted name."""

    def __init__(self, files: Mapping[str, str]):
        found = (Module(path, text) for path, text in sorted(files.items()))
        self.modules = {module.name: module for module in found}

    @classmethod
    def read(cls, root: Path) -> "House":
        paths = [path for floor in FLOORS for path in (root / floor).rglob("*.py")]
        kept = [path for path in paths if "migrations" not in path.relative_to(root).parts]
        return cls({path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in kept})

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules.values())

    def __contains__(self, name: str) -> bool:
        return name in self.modules or name in self.packages

    def of_app(self, app: str) -> list[Module]:
        return [module for module in self if module.app == app]

    @cached_property
    def packages(self) -> set[str]:
        """Dotted names of folders, with or without an `__init__.py`."""
        return {
            ".".join(module.parts[:depth]) for module in self for depth in range(1, len(module.parts))
        } | {module.name for module in self if module.is_package}


def own_nodes(function: ast.AST) -> list[ast.AST]:
    """The nodes of a function without those of functions and classes inside it."""
    waiting, found = list(ast.iter_child_nodes(function)), []
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, Function | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
    return found


def sorted_findings(found: Iterable[Finding]) -> list[Finding]:
    return sorted(set(found))


def _docstring(node: ast.AST) -> list[ast.expr]:
    if not isinstance(node, ast.Module | ast.ClassDef | Function) or not node.body:
        return []
    first = node.body[0]
    return [first.value] if isinstance(first, ast.Expr) else []
