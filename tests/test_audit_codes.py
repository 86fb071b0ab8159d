"""Every audit code that the program can write has a sentence, and every sentence has a code."""

import ast
import re
from pathlib import Path

import pytest

from clinic import audit

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("clinic", "patients", "treatments", "demo")
CALLS = {"record", "look", "AuditEntry"}
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
# Sentences of features that are planned, each with what will write it.
PLANNED: dict[str, str] = {}


def sources() -> list[Path]:
    files = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    return sorted(path for path in files if "migrations" not in path.parts)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def events_in(tree: ast.AST) -> list[tuple[int, ast.expr]]:
    """(line, first argument) of every audit.record(…), audit.look(…) and audit.AuditEntry(…)."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        (call.lineno, call.args[0])
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in CALLS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "audit"
        and call.args
    ]


def patterns_of(expression: ast.expr) -> list[str] | None:
    """Regular expressions for the possible codes; None where only the running program knows."""
    if isinstance(expression, ast.Constant):
        return [re.escape(expression.value)]
    if isinstance(expression, ast.IfExp):
        return [
            pattern
            for branch in (expression.body, expression.orelse)
            for pattern in patterns_of(branch) or []
        ]
    if isinstance(expression, ast.JoinedStr):
        parts = [
            re.escape(part.value) if isinstance(part, ast.Constant) else "[a-z_]+"
            for part in expression.values
        ]
        return ["".join(parts)]
    return None


def without_sentence(tree: ast.AST) -> list[tuple[int, str]]:
    """(line, pattern) of events without a sentence."""
    return [
        (line, pattern)
        for line, expression in events_in(tree)
        for pattern in patterns_of(expression) or []
        if not any(re.fullmatch(pattern, code) for code in audit.SENTENCES)
    ]


def texts_in(tree: ast.AST) -> set[str]:
    """String constants that look like codes, outside of audit.register(…)."""
    registered = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"audit.register", "register"}
        for inner in ast.walk(node)
    }
    constants = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in registered
    ]
    return {c.value for c in constants if isinstance(c.value, str) and CODE.fullmatch(c.value)}


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_an_event_has_a_sentence(path):
    assert without_sentence(tree_of(path)) == []


def test_a_sentence_has_an_event():
    trees = [tree_of(path) for path in sources()]
    codes = set().union(*(texts_in(tree) for tree in trees))
    built = [
        pattern
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for pattern in patterns_of(node)
        if re.match(r"[a-z_\[\]+-]+\\\.[a-z_\[]", pattern)
    ]

    mute = {
        code
        for code in audit.SENTENCES
        if code not in codes and not any(re.fullmatch(pattern, code) for pattern in built)
    }

    assert mute == PLANNED.keys()


@pytest.mark.parametrize("code", sorted(audit.SENTENCES))
def test_a_sentence_reads_on_after_a_name(code):
    sentence = audit.sentence(code)

    assert CODE.fullmatch(code)
    assert re.fullmatch(r"[a-z][^.!]*", sentence), "“Robin checked the patient in”: no capital, no full stop"


def test_a_forgotten_sentence_is_seen():
    line = 'audit.record("session.forgotten", s, by=by)\naudit.record(f"{kind}.forgotten", s, by=by)'

    assert [number for number, _ in without_sentence(ast.parse(line))] == [1, 2]
