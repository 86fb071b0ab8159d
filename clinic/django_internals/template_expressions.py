"""The values of templates, looked up exactly as Django does, only faster."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.template.base import FilterExpression
from django.template.context import BaseContext, Context
from django.utils.inspect import signature
from django.utils.safestring import SafeData, mark_safe
from django.utils.timezone import template_localtime

# What stands in the place of `VariableDoesNotExist`, which costs more than the lookup.
MISSING: Any = object()
NO_SUCH_KEY = (TypeError, AttributeError, KeyError, ValueError, IndexError)
NO_SUCH_ITEM = (IndexError, ValueError, KeyError, TypeError)


def lookup_of(names: tuple[str, ...]) -> Callable[[Context], Any]:
    """What gives the value of a dotted name, or MISSING. No attribute of the context itself is one."""
    first, bits = names[0], names[1:]

    def look_up(context: Context) -> Any:
        for values in reversed(context.dicts):
            if first in values:
                value = values[first]
                return _followed(context, value, bits) if bits or callable(value) else value
        return MISSING

    return look_up


def _followed(context: Context, current: Any, bits: tuple[str, ...]) -> Any:
    try:
        if callable(current):
            current = _called(context, current)
        for bit in bits:
            kind = type(current)
            current = current[bit] if kind is dict and bit in current else _part(current, kind, bit)
            if callable(current):
                current = _called(context, current)
    except Exception as failure:
        if getattr(failure, "silent_variable_failure", False):
            return context.template.engine.string_if_invalid
        raise
    return current


def _part(current: Any, kind: type, bit: str) -> Any:
    if current is MISSING:
        return MISSING
    if hasattr(kind, "__getitem__"):
        try:
            return current[bit]
        except NO_SUCH_KEY:
            if isinstance(current, BaseContext):
                return MISSING
    try:
        return getattr(current, bit)
    except (TypeError, AttributeError):
        # a property of that name has failed by itself
        if bit in dir(current):
            raise
    try:
        return current[int(bit)]
    except NO_SUCH_ITEM:
        return MISSING


def _called(context: Context, current: Callable) -> Any:
    if getattr(current, "do_not_call_in_templates", False):
        return current
    invalid = context.template.engine.string_if_invalid
    if getattr(current, "alters_data", False):
        return invalid
    try:
        return current()
    except TypeError:
        try:
            needed = signature(current)
        except ValueError:
            return invalid
        try:
            needed.bind()
        except TypeError:
            return invalid
        raise


class Step(NamedTuple):
    """One filter and what Django asks of it each time."""

    write: Callable
    arguments: list[tuple[bool, Any]]
    expects_localtime: bool
    needs_autoescape: bool
    is_safe: bool


def _step(write: Callable, arguments: list[tuple[bool, Any]]) -> Step:
    return Step(
        write,
        [(is_variable, value if is_variable else mark_safe(value)) for is_variable, value in arguments],
        *(getattr(write, flag, False) for flag in ("expects_localtime", "needs_autoescape", "is_safe")),
    )


class QuickExpression(FilterExpression):
    """A name or constant with its filters."""

    __slots__ = ("look_up", "steps")

    def __init__(self, plain: FilterExpression):
        self.token, self.filters, self.var, self.is_var = plain.token, plain.filters, plain.var, plain.is_var
        self.look_up = self._look_up()
        self.steps = [_step(*one) for one in plain.filters]

    def _look_up(self) -> Callable[[Context], Any]:
        if not self.is_var or (self.var.lookups is None and not self.var.translate):
            value = self.var.literal if self.is_var else self.var
            return lambda context: value
        if self.var.lookups is None or self.var.translate:
            return self.var.resolve
        return lookup_of(self.var.lookups)

    @property
    def is_text(self) -> bool:
        """A text in quotes, which nothing changes."""
        return isinstance(self.var, str) and not self.steps

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        value = self.look_up(context)
        if value is MISSING:
            if ignore_failures:
                value = None
            else:
                value = context.template.engine.string_if_invalid
                if value:
                    return value % self.var if "%s" in value else value
        return self.filtered(value, context) if self.steps else value

    def filtered(self, value: Any, context: Context) -> Any:
        for step in self.steps:
            arguments = [each.resolve(context) if asked else each for asked, each in step.arguments]
            if step.expects_localtime:
                value = template_localtime(value, context.use_tz)
            if step.needs_autoescape:
                written = step.write(value, *arguments, autoescape=context.autoescape)
            else:
                written = step.write(value, *arguments)
            value = mark_safe(written) if step.is_safe and isinstance(value, SafeData) else written
        return value

    def for_conditions(self) -> Callable[[Context], Any]:
        """`resolve(context, ignore_failures=True)`."""
        look_up, filtered = self.look_up, self.filtered if self.steps else None

        def ask(context: Context) -> Any:
            value = look_up(context)
            if value is MISSING:
                value = None
            return filtered(value, context) if filtered else value

        return ask
