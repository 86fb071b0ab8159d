"""Calls that change rows: on models, querysets, related managers and cursors."""

import ast
import re

from tests.architecture.imports import called
from tests.architecture.inference import Inference, inference_of
from tests.architecture.scopes import Scope, walk
from tests.architecture.sources import Finding, House, Module

# Nothing but a row, a queryset or a form has these.
ROW_VERBS = {
    *("save", "delete", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"),
    *("save_m2m", "save_base", "save_form_data", "_raw_delete", "_update", "_insert"),
}
# Dictionaries, sets and hashes have these too.
SHARED_VERBS = {"update", "set", "add", "remove", "clear"}
ASYNC_VERBS = {f"a{verb}" for verb in (ROW_VERBS | SHARED_VERBS) if not verb.startswith("_")}
SQL_CALLS = {"execute", "executemany", "executescript", "callproc", "raw", "copy_expert", "mogrify"}
READING_SQL = re.compile(r"\s*(SELECT|SHOW|EXPLAIN|VALUES|PRAGMA)\b", re.IGNORECASE)
WRITING_WORD = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|DROP|ALTER|CREATE|REPLACE INTO)\b", re.IGNORECASE
)


def writes(module: Module, house: House) -> list[Finding]:
    inference = inference_of(house)
    found = []
    for node, scope in walk(module):
        if isinstance(node, ast.Attribute) and _is_write(node, scope, inference):
            found.append(Finding(node.lineno, ast.unparse(node)))
        elif isinstance(node, ast.Call) and (_is_sql_write(node, scope) or _is_write_by_name(node)):
            found.append(Finding(node.lineno, ast.unparse(node)[:60]))
    return sorted(set(found))


def _is_write(node: ast.Attribute, scope: Scope, inference: Inference) -> bool:
    """Also a verb that is handed on uncalled, as in `on_commit(session.save)`."""
    if not isinstance(node.ctx, ast.Load) or node.attr not in ROW_VERBS | SHARED_VERBS | ASYNC_VERBS:
        return False
    if _is_own_method(node, scope):
        return False
    if node.attr in SHARED_VERBS:
        return not inference.is_plain(node.value, scope, items=True)
    return not inference.is_ours(node.value, scope)


def _is_own_method(node: ast.Attribute, scope: Scope) -> bool:
    """`self.add()` that a class of this module defines: its body is read here as well."""
    if not isinstance(node.value, ast.Name) or node.value.id not in {"self", "cls"}:
        return False
    return any(node.attr == function.name for function in scope.module.functions)


def _is_write_by_name(call: ast.Call) -> bool:
    """`getattr(row, "save")`, `methodcaller("save")`; a row lock is the beginning of a write."""
    if called(call) == "select_for_update":
        return True
    if called(call) not in {"getattr", "methodcaller", "attrgetter"}:
        return False
    named = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    return bool({*named} & (ROW_VERBS | SHARED_VERBS | ASYNC_VERBS))


def _is_sql_write(call: ast.Call, scope: Scope) -> bool:
    """Raw SQL that changes rows, or of which one cannot say that it only reads."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in SQL_CALLS:
        return False
    if isinstance(call.func.value, ast.Call) and called(call.func.value) == "super":
        return False
    text = _sql(call.args[0], scope) if call.args else ""
    return not READING_SQL.match(text) or bool(WRITING_WORD.search(text))


def _sql(node: ast.expr, scope: Scope) -> str:
    """The constant parts of a statement, through a name that is bound once."""
    if isinstance(node, ast.Name):
        bound = [binding.node for binding in scope.of(node.id) if binding.kind == "value"]
        return _sql(bound[0], scope) if len(bound) == 1 and not isinstance(bound[0], ast.Name) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_sql(part, scope) if isinstance(part, ast.Constant) else "?" for part in node.values)
    if isinstance(node, ast.BinOp):
        return _sql(node.left, scope) + _sql(node.right, scope)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
