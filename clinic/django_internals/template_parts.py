"""The parts that templates include, drawn exactly as Django draws them, only faster."""

from django.template.base import Template
from django.template.context import Context, RenderContext
from django.template.library import InclusionNode
from django.template.loader_tags import IncludeNode, construct_relative_path


class QuickInclude(IncludeNode):
    """A part whose name is written in the template is looked for once."""

    def quicken(self) -> None:
        self.part: Template | None = None
        self.values = list(self.extra_context.items())

    def render(self, context: Context) -> str:
        if not self.template.is_text:
            return super().render(context)
        part = self.part
        if part is None:
            name = construct_relative_path(self.origin.template_name, self.template.resolve(context))
            part = self.part = context.template.engine.select_template((name,))
        values = {name: value.resolve(context) for name, value in self.values}
        if self.isolated_context:
            return drawn_apart(part, context, values)
        context.dicts.append(values)
        try:
            return drawn_within(part, context)
        finally:
            context.dicts.pop()


def drawn_within(part: Template, context: Context) -> str:
    """What `part.render(context)` draws inside of another template."""
    state = context.render_context
    outer, state.template = state.template, part
    state.dicts.append({})
    try:
        return part._render(context)
    finally:
        state.template = outer
        state.dicts.pop()


def drawn_apart(part: Template, context: Context, values: dict) -> str:
    """What `part.render(context.new(values))` draws."""
    apart, state = object.__new__(type(context)), object.__new__(RenderContext)
    vars(apart).update(vars(context))
    vars(apart).pop("_processors_index", None)
    state.template = part
    state.dicts = [*context.render_context.dicts, {}]
    apart.render_context = state
    apart.dicts = [{"True": True, "False": False, "None": None}, values]
    return part._render(apart)


class QuickInclusion(InclusionNode):
    def quicken(self) -> None:
        self.part: Template | None = None

    def render(self, context: Context) -> str:
        if not isinstance(self.filename, str):
            return super().render(context)
        arguments, named = self.get_resolved_arguments(context)
        values = self.func(*arguments, **named)
        if type(values) is not dict:
            values = context.new(values).flatten()
        if self.part is None:
            self.part = context.template.engine.get_template(self.filename)
        token = context.get("csrf_token")
        return drawn_apart(self.part, context, values if token is None else {**values, "csrf_token": token})
