"""Form widgets rendered in Python: exactly what Django's own templates render, only faster."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import sha256
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString

from clinic.django_internals.shortcuts import Shortcut

WIDGETS = "django/forms/widgets/"
INPUTS = (
    "checkbox", "date", "datetime", "email", "hidden", "input", "number", "password", "text", "time", "url",
)  # fmt: skip
# of fields and attributes; a page has at most hundreds
NAMES_KEPT = 2048  # technical:
OPTIONS = ("checkbox_option", "input_option", "radio_option")


class Renderer(DjangoTemplates):
    """A page may have hundreds of inputs. Widgets without a writer here use Django's template."""

    def render(self, template_name: str, context: dict, request=None) -> SafeString:
        write = None if SHORTCUT.is_off else WRITERS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return SafeString(write(context["widget"]).strip())


def _input(widget: dict) -> str:
    value = "" if widget["value"] is None else f' value="{_plain(widget["value"])}"'
    name = _name(widget["name"])
    return f'<input type="{_name(widget["type"])}" name="{name}"{value}{_attributes(widget)}>'


def _option(widget: dict) -> str:
    if not widget.get("wrap_label"):
        return _input(widget)
    named = widget["attrs"].get("id")
    to = f' for="{conditional_escape(named)}"' if named else ""
    return f"<label{to}>{_input(widget)} {_localized(widget['label'])}</label>"


def _textarea(widget: dict) -> str:
    text = _localized(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _select(widget: dict) -> str:
    lines = [f'<select name="{_name(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            lines.append(f'\n  <optgroup label="{_localized(group)}">')
        lines += [f"\n  {_select_option(option)}" for option in options]
        if group:
            lines.append("\n  </optgroup>")
    return "".join([*lines, "\n</select>"])


def _select_option(option: dict) -> str:
    value, label = _plain(option["value"]), _localized(option["label"])
    return f'<option value="{value}"{_attributes(option)}>{label}</option>\n'


def _attributes(widget: dict) -> str:
    return "".join(
        [
            f" {_name(name)}" if value is True else f' {_name(name)}="{_plain(value)}"'
            for name, value in widget["attrs"].items()
            if value is not False
        ]
    )


# typed, because a text that is marked as safe equals one that is not
@lru_cache(maxsize=NAMES_KEPT, typed=True)
def _name(name: str) -> str:
    return conditional_escape(name)


def _plain(value: Any) -> str:
    """What the filter `stringformat` writes for it: never localized."""
    return value if isinstance(value, SafeData) else escape(str(value))


def _localized(value: Any) -> str:
    """What a template writes for a variable."""
    return escape(value) if type(value) is str else conditional_escape(localize(value))


WRITERS: dict[str, Callable[[dict], str]] = {
    **{f"{WIDGETS}{name}.html": _input for name in INPUTS},
    **{f"{WIDGETS}{name}.html": _option for name in OPTIONS},
    f"{WIDGETS}select.html": _select,
    f"{WIDGETS}textarea.html": _textarea,
}
# The templates that the writers reproduce, and those that they include.
SOURCES = (*WRITERS, *(f"{WIDGETS}{name}.html" for name in ("attrs", "input_option", "select_option")))
DIGEST = "00e5880a8325de225d0467e577207dffd477884111786372f152cef04d058457"


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
