"""Finds the texts in Python modules that people read and that do not pass through gettext."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

TRANSLATES = frozenset({
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy",
    "pgettext", "pgettext_lazy", "npgettext",
})  # fmt: skip
# Keywords whose value a person reads, even when it is one word.
SHOWN = frozenset({
    "label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "description",
    "violation_error_message", "message", "way_out", "theirs", "mine"
})  # fmt: skip
# Calls of which the argument at that place is read by a person.
SAYS = {
    "ValidationError": 0, "Unreadable": 0, "StaleRecord": 0, "Reason": 1,
    "messages.success": 1, "messages.error": 1, "messages.warning": 1, "messages.info": 1,
}  # fmt: skip
# What is raised for developers and operators, and ends in a log.
FOR_DEVELOPERS = re.compile(
    r"(Value|Type|Lookup|Key|Runtime|Assertion|NotImplemented|Command)Error"
    r"|ImproperlyConfigured|RecordLocked|SuspiciousOperation|BadRequest|.*[Ll]og(ger)?\.\w+"
)
SENTENCE = re.compile(
    r"[“(]?[A-Z][a-z'’]* [^A-Z]|[“(]?[A-Za-z][a-z'’-]+(,? [a-z0-9'’-]+){2}|[A-Z][a-z'’]+[.:]$"
)
NO_TEXT = re.compile(
    r"\b(SELECT|INSERT|UPDATE|CREATE|PRAGMA|DROP|FROM|TRIGGER)\b|^\s*<\w|\\[dbs]|^[\w-]+/[\w-]+"
)


@dataclass(frozen=True)
class Text:
    line: int
    text: str


def untranslated(source: str) -> list[Text]:
    finder = _Finder()
    finder.visit(ast.parse(source))
    return finder.found


def shadowed(source: str) -> Iterator[int]:
    """Lines that give another meaning to `_` in a module that translates with it."""
    if "gettext as _" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        is_variable = isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store)
        if is_variable or (isinstance(node, ast.arg) and node.arg == "_"):
            yield node.lineno


class _Finder(ast.NodeVisitor):
    def __init__(self):
        self.found: list[Text] = []

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Call(self, node):
        name = ast.unparse(node.func)
        if name.rpartition(".")[2] in TRANSLATES or FOR_DEVELOPERS.fullmatch(name):
            return
        place = SAYS.get(name, SAYS.get(name.rpartition(".")[2]))
        if place is not None and len(node.args) > place:
            self._must_be_translated(node.args[place])
        for keyword in node.keywords:
            if keyword.arg in SHOWN:
                self._must_be_translated(keyword.value)
        self.generic_visit(node)

    def visit_Dict(self, node):
        """Keys are codes."""
        for key, value in zip(node.keys, node.values, strict=True):
            if not isinstance(key, ast.Constant | None):
                self.visit(key)
            self.visit(value)

    def visit_Compare(self, node):
        for each in (node.left, *node.comparators):
            if not isinstance(each, ast.Constant):
                self.visit(each)

    def visit_AnnAssign(self, node):
        if node.value is not None:
            self.visit(node.value)

    def visit_arg(self, node):
        """An annotation may be written as a string."""

    def visit_JoinedStr(self, node):
        parts = (part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
        self._look_at(node, "".join(parts))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self._look_at(node, node.value)

    def _look_at(self, node, text: str):
        if SENTENCE.match(text) and not NO_TEXT.search(text):
            self._add(node, text)

    def _must_be_translated(self, node):
        """One word is enough where a person reads it."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.search(r"[A-Za-z]{2}", node.value):
                self._add(node, node.value)
        elif isinstance(node, ast.IfExp):
            self._must_be_translated(node.body)
            self._must_be_translated(node.orelse)

    def _add(self, node, text: str):
        if (found := Text(node.lineno, text)) not in self.found:
            self.found.append(found)
