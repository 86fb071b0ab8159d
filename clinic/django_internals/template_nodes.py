"""The tags of templates, drawn exactly as Django draws them, only faster."""

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    TextNode,
    VariableNode,
    render_value_in_context,
)  # fmt: skip
from django.template.context import Context
from django.template.defaulttags import (
    AutoEscapeControlNode,
    FilterNode,
    ForNode,
    IfNode,
    RegroupNode,
    URLNode,
    WithNode,
)  # fmt: skip
from django.template.library import InclusionNode, SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.smartif import TokenBase
from django.templatetags.i18n import BlockTranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from clinic.django_internals.template_conditions import branch_condition
from clinic.django_internals.template_expressions import QuickExpression
from clinic.django_internals.template_parts import QuickInclude, QuickInclusion
from clinic.values import addresses

# The pictures of a page have some hundred coordinates, most of them the same on the next page.
NUMBERS_KEPT = 1024  # technical:

Draw = Callable[[Context], str]


class QuickNodes(NodeList):
    """`parts` are its texts, and what draws the others."""

    def __init__(self, nodes: NodeList):
        super().__init__(nodes)
        self.parts = [node.s if type(node) is TextNode else _drawing(node) for node in nodes]

    def render(self, context: Context) -> SafeString:
        return SafeString("".join([part if part.__class__ is str else part(context) for part in self.parts]))


def _drawing(node: Node) -> Draw:
    """`render_annotated` notes where a template failed, for a page that the product does not show."""
    if type(node) is QuickVariable:
        return node.drawing()
    return node.render if type(node).render_annotated is Node.render_annotated else node.render_annotated


def text_of(value: Any, context: Context) -> str:
    kind = type(value)
    if kind is SafeString:
        return value
    if kind is str:
        return escape(value) if context.autoescape else value
    if kind is int and not settings.USE_THOUSAND_SEPARATOR:
        return str(value)
    if kind is float:
        return _number(repr(value), context.use_l10n, settings.USE_THOUSAND_SEPARATOR, get_language())
    return render_value_in_context(value, context)


@lru_cache(maxsize=NUMBERS_KEPT)
def _number(figures: str, use_l10n: bool | None, grouped: bool, language: str | None) -> str:
    """Such as a coordinate of a picture. By its figures: `-0.0` equals `0.0` and is written otherwise."""
    return str(localize(float(figures), use_l10n=use_l10n))


class QuickVariable(VariableNode):
    def drawing(self) -> Draw:
        resolve = self.filter_expression.resolve

        def draw(context: Context) -> str:
            try:
                value = resolve(context)
            except UnicodeDecodeError:
                return ""
            return text_of(value, context)

        return draw


class QuickAddress(URLNode):
    """Of an address its fixed words are kept, never a reference in it."""

    def render(self, context: Context) -> str:
        args = [value.resolve(context) for value in self.args]
        kwargs = {name: value.resolve(context) for name, value in self.kwargs.items()}
        name, request = self.view_name.resolve(context), getattr(context, "request", None)
        match = getattr(request, "resolver_match", None)
        app = getattr(request, "current_app", getattr(match, "namespace", None))
        try:
            url = addresses.reverse(name, args=args, kwargs=kwargs, current_app=app)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            url = ""
        if self.asvar:
            context[self.asvar] = url
            return ""
        return escape(url) if context.autoescape else url


class QuickStatic(StaticNode):
    """An address is kept as long as the storage that gave it."""

    def quicken(self) -> None:
        self.drawn, self.storage = "", None

    def render(self, context: Context) -> str:
        if self.varname is not None or not (self.path.is_text and context.autoescape):
            return super().render(context)
        if self.storage is not storages["staticfiles"]:
            self.drawn, self.storage = super().render(context), storages["staticfiles"]
        return self.drawn


class QuickIf(IfNode):
    def quicken(self) -> None:
        self.branches = [
            (condition and branch_condition(condition), nodes.render)
            for condition, nodes in self.conditions_nodelists
        ]

    def render(self, context: Context) -> str:
        for holds, draw in self.branches:
            if holds is None or holds(context):
                return draw(context)
        return ""


class QuickFor(ForNode):
    def render(self, context: Context) -> str:
        parent = context.get("forloop", {})
        dicts = context.dicts
        names: dict[str, Any] = {}
        dicts.append(names)
        try:
            values = self.sequence.resolve(context, ignore_failures=True)
            if values is None:
                values = []
            if not hasattr(values, "__len__"):
                values = list(values)
            length = len(values)
            if length < 1:
                return self.nodelist_empty.render(context)
            drawn: list[str] = []
            loop = names["forloop"] = {"parentloop": parent}
            single = self.loopvars[0] if len(self.loopvars) == 1 else None
            parts = self.nodelist_loop.parts
            for index, item in enumerate(reversed(values) if self.is_reversed else values):
                loop["counter0"], loop["counter"] = index, index + 1
                loop["revcounter"], loop["revcounter0"] = length - index, length - index - 1
                loop["first"], loop["last"] = index == 0, index == length - 1
                if single is None:
                    dicts.append(self.unpacked(item))
                else:
                    # what a tag in the loop has set stays, as with Django
                    names[single] = item
                drawn += [part if part.__class__ is str else part(context) for part in parts]
                if single is None:
                    dicts.pop()
        finally:
            dicts.pop()
        return SafeString("".join(drawn))

    def unpacked(self, item: Any) -> dict[str, Any]:
        try:
            length = len(item)
        except TypeError:
            length = 1
        if len(self.loopvars) != length:
            raise ValueError(f"Need {len(self.loopvars)} values to unpack in for loop; got {length}. ")
        return dict(zip(self.loopvars, item, strict=False))


class QuickWith(WithNode):
    def render(self, context: Context) -> str:
        context.dicts.append({name: value.resolve(context) for name, value in self.extra_context.items()})
        try:
            return self.nodelist.render(context)
        finally:
            context.dicts.pop()


class QuickSimple(SimpleNode):
    def render(self, context: Context) -> str:
        arguments = [value.resolve(context) for value in self.args]
        if self.takes_context:
            arguments.insert(0, context)
        named = {name: value.resolve(context) for name, value in self.kwargs.items()}
        output = self.func(*arguments, **named)
        if self.target_var is not None:
            context[self.target_var] = output
            return ""
        if not context.autoescape or type(output) is SafeString:
            return output
        return conditional_escape(output)


QUICK: dict[type[Node], type[Node]] = {
    VariableNode: QuickVariable,
    IfNode: QuickIf,
    ForNode: QuickFor,
    WithNode: QuickWith,
    IncludeNode: QuickInclude,
    InclusionNode: QuickInclusion,
    SimpleNode: QuickSimple,
    URLNode: QuickAddress,
    StaticNode: QuickStatic,
}
# Whose values may be looked up faster too; no other is known not to change them as it draws.
WITH_VALUES = (
    FilterNode, AutoEscapeControlNode, RegroupNode, BlockTranslateNode, ExtendsNode, BlockNode,
)  # fmt: skip


def quickened(part: Any) -> Any:
    """The nodes, or what a node holds, with the faster ones in their places."""
    kind = type(part)
    if kind is FilterExpression:
        return QuickExpression(part)
    if kind is NodeList:
        return QuickNodes(NodeList(map(quickened, part)))
    if kind in (list, tuple):
        return kind(map(quickened, part))
    if kind is dict:
        return {name: quickened(value) for name, value in part.items()}
    if isinstance(part, Node):
        _quicken(part)
    elif isinstance(part, TokenBase):
        vars(part).update(quickened(vars(part)))
    return part


def _quicken(node: Node) -> None:
    quick = QUICK.get(type(node))
    held = vars(node)
    if quick or type(node) in WITH_VALUES:
        held.update(quickened(held))
    else:
        held.update((name, quickened(held[name])) for name in node.child_nodelists if name in held)
    if quick:
        node.__class__ = quick
        getattr(node, "quicken", lambda: None)()
