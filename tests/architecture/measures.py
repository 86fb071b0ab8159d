"""Sizes: lines of a file and of a function, branches of a function. `async def` counts like `def`."""

import ast

from tests.architecture.sources import Finding, Function, House, Module, own_nodes

MOST_LINES = 300
MOST_FUNCTION_LINES = 45
MOST_BRANCHES = 10
BRANCHES = (
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.match_case),
    *(ast.comprehension, ast.BoolOp),
)


def long_files(module: Module, house: House) -> list[Finding]:
    lines = module.text.count("\n")
    return [Finding(lines, f"{lines} lines")] if lines > MOST_LINES else []


def undescribed(module: Module, house: House) -> list[Finding]:
    """A file says first what lives in it; an empty package says nothing."""
    if module.is_package and not module.text.strip():
        return []
    return [] if ast.get_docstring(module.tree) else [Finding(1, "no docstring")]


def long_functions(module: Module, house: House) -> list[Finding]:
    lengths = ((function, function.end_lineno - function.lineno + 1) for function in module.functions)
    return [
        Finding(f.lineno, f"{f.name}: {length} lines")
        for f, length in lengths
        if length > MOST_FUNCTION_LINES
    ]


def branching_functions(module: Module, house: House) -> list[Finding]:
    counts = ((function, branches(function)) for function in module.functions)
    many = ((function, count) for function, count in counts if count > MOST_BRANCHES)
    return [Finding(function.lineno, f"{function.name}: {count} branches") for function, count in many]


def branches(function: Function) -> int:
    return sum(_weight(node) for node in own_nodes(function) if isinstance(node, BRANCHES))


def _weight(node: ast.AST) -> int:
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    return len(node.values) - 1 if isinstance(node, ast.BoolOp) else 1
