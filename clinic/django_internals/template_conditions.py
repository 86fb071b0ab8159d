"""The conditions of templates, asked exactly as Django asks them, only faster."""

import operator
from collections.abc import Callable
from typing import Any

from django.template.base import VariableDoesNotExist
from django.template.context import Context
from django.template.defaulttags import TemplateLiteral
from django.template.smartif import TokenBase

Condition = Callable[[Context], Any]


def branch_condition(token: TokenBase) -> Condition:
    """What stands after `if`. It does not hold where the variable of a filter is not there."""
    ask = _condition(token)

    def holds(context: Context) -> Any:
        try:
            return ask(context)
        except VariableDoesNotExist:
            return None

    return holds


def _condition(token: TokenBase) -> Condition:
    """`token.eval`. A comparison that fails does not hold."""
    if type(token) is TemplateLiteral:
        return token.value.for_conditions()
    first = _condition(token.first)
    if token.id == "not":
        return _guarded(lambda context: not first(context))
    second = _condition(token.second)
    if token.id == "and":
        return _guarded(lambda context: first(context) and second(context))
    if token.id == "or":
        return _guarded(lambda context: first(context) or second(context))
    compare = COMPARISONS[token.id]
    return _guarded(lambda context: compare(first(context), second(context)))


def _guarded(ask: Condition) -> Condition:
    def holds(context: Context) -> Any:
        try:
            return ask(context)
        except Exception:  # noqa: BLE001 (a template does not fail where Django's does not)
            return False

    return holds


COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "in": lambda one, other: one in other,
    "not in": lambda one, other: one not in other,
    "is": operator.is_,
    "is not": operator.is_not,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
