"""The numbers of the rules, each with what the comment beside it says of where it comes from.

`# source: ...` names what was read. `# own choice: ...` says that the product or the practice chose it.
`# technical: ...` says why it has no clinical, legal or billing meaning. The comment stands at the end of the
line, or in the lines above the statement or above the part of it that has the number.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.sources.technical import MODULES, PLACES

ROOT = Path(__file__).parents[2]
RULES = ("clinic/models/limits.py", "clinic/rules", "patients/rules", "treatments/rules")
TAG = re.compile(r"#\s*(source|own choice|technical): (.*)")
OWN_CHOICE = "the practice's own choice, no published value"
# without a meaning of their own inside a function: nothing, one, the last of a list
COUNTING = {0, 1}


@dataclass(frozen=True)
class Number:
    """The numbers of one statement. `kind` is source, own choice, technical, or "" where nothing says it."""

    path: str
    line: int
    name: str
    values: tuple[str, ...]
    kind: str
    text: str

    @property
    def origin(self) -> str:
        """What the page shows: the source, or the words for a number that nobody published."""
        return f"{OWN_CHOICE}: {self.text}" if self.kind == "own choice" else self.text


def of_rules() -> list[Number]:
    """Every number of the rules that is not technical by its module or place, in the order of the files."""
    found = [number for path in _files() for number in of_file(path, path.read_text())]
    return [number for number in found if number.path not in MODULES]


def missing(numbers: list[Number]) -> list[str]:
    return [f"{one.path}:{one.line} {one.name} {', '.join(one.values)}" for one in numbers if not one.kind]


def of_file(path: Path, text: str) -> Iterator[Number]:
    lines, tree = text.split("\n"), ast.parse(text)
    relative = path.relative_to(ROOT).as_posix() if path.is_absolute() else path.as_posix()
    found: dict[tuple[int, str, str, str], list[str]] = {}
    for statement, name, is_module in _statements(tree):
        for literal in _literals(statement, is_module=is_module):
            kind, said = _comment(lines, statement.lineno, literal.lineno)
            if not kind and (relative, name) in PLACES:
                kind, said = "technical", PLACES[relative, name]
            value = ast.get_source_segment(text, literal) or str(literal.value)
            values = found.setdefault((statement.lineno, name, kind, said), [])
            values += [value] if value not in values else []
    for (line, name, kind, said), values in found.items():
        yield Number(relative, line, name, tuple(values), kind, said)


def _files() -> Iterator[Path]:
    for place in RULES:
        found = ROOT / place
        yield from [found] if found.is_file() else sorted(found.rglob("*.py"))


def _statements(tree: ast.Module) -> Iterator[tuple[ast.stmt, str, bool]]:
    """(statement, the name that it sets or the function around it, whether it is of the module itself)."""
    yield from _within(tree.body, "", "module")


def _within(body: list[ast.stmt], around: str, place: str) -> Iterator[tuple[ast.stmt, str, bool]]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            yield _signature(statement), statement.name, False
            yield from _within(statement.body, statement.name, "function")
        elif isinstance(statement, ast.ClassDef):
            yield from _within(statement.body, statement.name, "class")
        elif isinstance(getattr(statement, "body", None), list):
            yield from ((head, around, False) for head in _heads(statement))
            for name in ("body", "orelse", "finalbody"):
                yield from _within(getattr(statement, name, []), around, place)
            for part in (*getattr(statement, "handlers", []), *getattr(statement, "cases", [])):
                yield from _within(part.body, around, place)
        else:
            yield statement, around if place == "function" else _target(statement, around), place == "module"


def _signature(function: ast.FunctionDef) -> ast.stmt:
    """Its decorators and the defaults of what it takes, as one statement."""
    defaults = [*function.args.defaults, *(one for one in function.args.kw_defaults if one is not None)]
    parts = ast.Tuple([*function.decorator_list, *defaults], ast.Load())
    return ast.copy_location(ast.Expr(ast.copy_location(parts, function)), function)


def _heads(statement: ast.stmt) -> Iterator[ast.stmt]:
    """What stands in the line of an `if`, a `for` or a `with`, as statements of their own."""
    parts = [getattr(statement, name, None) for name in ("test", "iter", "subject")]
    parts += [item.context_expr for item in getattr(statement, "items", [])]
    yield from (ast.copy_location(ast.Expr(part), part) for part in parts if part is not None)


def _target(statement: ast.stmt, around: str) -> str:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    names = [ast.unparse(target) for target in targets if target is not None]
    return ".".join(part for part in (around, ", ".join(names)) if part)


def _literals(statement: ast.stmt, *, is_module: bool) -> Iterator[ast.Constant]:
    """The numbers in it, without places in a list and, inside a function, without those that only count."""
    skipped = {id(inner) for node in ast.walk(statement) if isinstance(node, ast.Subscript)
               for inner in ast.walk(node.slice)}  # fmt: skip
    decimals = {id(inner) for node in ast.walk(statement) if isinstance(node, ast.Call)
                and ast.unparse(node.func) == "Decimal" for inner in node.args}  # fmt: skip
    for node in ast.walk(statement):
        if not isinstance(node, ast.Constant) or id(node) in skipped:
            continue
        if isinstance(node.value, str):
            if id(node) in decimals or _is_number(node.value):
                yield node
            continue
        is_number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        if is_number and (is_module or node.value not in COUNTING):
            yield node


def _is_number(text: str) -> bool:
    """Whether a text is a number with a fraction, as decimals are written."""
    return re.fullmatch(r"\d+\.\d+", text) is not None


def _comment(lines: list[str], start: int, line: int) -> tuple[str, str]:
    """(kind, text) of the nearest comment: on the line, above it in the statement, above the statement."""
    if at_end := TAG.search(lines[line - 1]):
        return at_end[1], at_end[2].strip()
    place = line - 1
    while place >= start and not TAG.search(lines[place - 1]):
        place -= 1
    if place >= start and lines[place - 1].lstrip().startswith("#"):
        return _whole(lines, place)
    place = start - 1
    while place >= 1 and lines[place - 1].lstrip().startswith("#"):
        if TAG.search(lines[place - 1]):
            return _whole(lines, place)
        place -= 1
    return "", ""


def _whole(lines: list[str], place: int) -> tuple[str, str]:
    """A comment with the lines that go on with it."""
    tag = TAG.search(lines[place - 1])
    words = [tag[2].strip()]
    while lines[place].lstrip().startswith("#") and not TAG.search(lines[place]):
        words.append(lines[place].lstrip().lstrip("#").strip())
        place += 1
    return tag[1], " ".join(words)
