"""Form widgets rendered in Python: exactly what Django's own templates render, only faster."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData, SafeString, mark_safe

from clinic.django_internals.shortcuts import Shortcut

WIDGETS = "django/forms/widgets/"
INPUTS = (
    "checkbox", "date", "datetime", "email", "hidden", "input", "number", "password", "text", "time", "url",
)  # fmt: skip
OPTIONS = ("checkbox_option", "input_option", "radio_option")


class Renderer(DjangoTemplates):
    """A page may have hundreds of inputs. Widgets without a writer here use Django's template."""

    def render(self, template_name: str, context: dict, request=None) -> SafeString:
        write = None if SHORTCUT.is_off else WRITERS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return mark_safe(write(context["widget"]).strip())


def _input(widget: dict) -> str:
    value = "" if widget["value"] is None else f' value="{_plain(widget["value"])}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{conditional_escape(widget["type"])}" name="{name}"{value}{_attributes(widget)}>'


def _option(widget: dict) -> str:
    if not widget.get("wrap_label"):
        return _input(widget)
    named = widget["attrs"].get("id")
    to = f' for="{conditional_escape(named)}"' if named else ""
    return f"<label{to}>{_input(widget)} {_localized(widget['label'])}</label>"


def _textarea(widget: dict) -> str:
    text = _localized(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _attributes(widget: dict) -> str:
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_plain(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _plain(value: Any) -> str:
    """What the filter `stringformat` writes for it: never localized."""
    return value if isinstance(value, SafeData) else escape(str(value))


def _localized(value: Any) -> str:
    """What a template writes for a variable."""
    return conditional_escape(localize(value))


WRITERS: dict[str, Callable[[dict], str]] = {
    **{f"{WIDGETS}{name}.html": _input for name in INPUTS},
    **{f"{WIDGETS}{name}.html": _option for name in OPTIONS},
    f"{WIDGETS}textarea.html": _textarea,
}
# The templates that the writers reproduce, and those that they include.
SOURCES = (*WRITERS, *(f"{WIDGETS}{name}.html" for name in ("attrs", "input_option")))
DIGEST = "8c1217680935840cee6c96125d5fffffd9fcb827810b1ac1f648b87f49352134"


def changed_templates() -> Iterator[str]:
    """The change found in Django's widget templates, including an override by an installed app."""
    templates = DjangoTemplates()
    try:
        texts = [templates.get_template(name).template.source for name in sorted(set(SOURCES))]
    except TemplateDoesNotExist as missing:
        yield f"the template {missing} is missing"
        return
    if sha256("\n".join(texts).encode()).hexdigest() != DIGEST:
        yield "the templates of widgets have changed"


SHORTCUT = Shortcut("widgets", changed_templates)
