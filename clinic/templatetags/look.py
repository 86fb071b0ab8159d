"""Template tags of small components: icons, states, tags, fields and their errors."""

import re
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clinic.values import requests

register = template.Library()
COMMAND = re.compile(r"`([^`]+)`")
PHONE_NUMBER = re.compile(r"\+?\d[\d\s().\-/]*")


@register.simple_tag
@cache
def icon(name, size=""):
    """A shape of the sprite, hidden from assistive technology: the text beside it has the meaning."""
    css = f"ic ic-{size}" if size else "ic"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>',
        css,
        static("clinic/sprite.svg"),
        name,
    )


@register.simple_tag
def state(kind, text, shape=""):
    """A status in a column: shape and text."""
    return _status("state", kind, text, shape)


@register.simple_tag
def tag(kind, text, shape=""):
    """A prominent status: shape and text on a tint."""
    return _status("tag", kind, text, shape)


def _status(css: str, kind, text, shape) -> SafeString:
    drawn, words = icon(shape or kind), conditional_escape(text)
    return mark_safe(f'<span class="{css} k-{conditional_escape(kind)}">{drawn}{words}</span>')


@register.filter
def commands(sentence) -> SafeString:
    """A sentence that a terminal shows as well: what stands between backticks as code."""
    return mark_safe(COMMAND.sub(r"<code>\1</code>", conditional_escape(sentence)))


@register.simple_tag
def then(signed, now):
    """What stood when it was signed, and beside it what stands now where that differs."""
    if not signed or signed == now:
        return now
    return format_html(_("{then} (now {now})"), then=signed, now=now)


@register.simple_tag
def field_hint(field) -> SafeString | str:
    """The hint of a bound field, above its control; escaped unless it is marked safe."""
    if not field.help_text:
        return ""
    named = format_html(' id="{}_helptext"', field.auto_id) if field.auto_id else ""
    return format_html('<span class="form-text"{}>{}</span>', named, field.help_text)


@register.simple_tag
def field_error(field) -> SafeString | str:
    """The errors of a bound field, above its control: octagon and text."""
    errors = field.errors
    if not errors:
        return ""
    line = '<p class="invalid-feedback">{}<span><span class="vh">{} </span>{}</span></p>'
    messages = format_html_join("", line, ((icon("stop"), _("Error:"), error) for error in errors))
    return format_html('<div class="field-errors" id="{}_error">{}</div>', field.auto_id, messages)


@register.simple_tag
def control(field, css) -> SafeString:
    """The control of a bound field as crispy's own tag draws it: its classes, and the name of its widget."""
    widgets = getattr(field.field.widget, "widgets", None)
    if widgets is None:
        drawn = field.as_widget(attrs={"class": _with_classes(field.field.widget, css)})
        return drawn + field.as_hidden(only_initial=True) if field.field.show_hidden_initial else drawn
    for widget in widgets:
        widget.attrs["class"] = _with_classes(widget, css)
    return mark_safe(str(field))


def _with_classes(widget, css: str) -> str:
    own, name = widget.attrs.get("class", ""), type(widget).__name__.lower()
    classes = (own if name in own else f"{own} {name}").split()
    return " ".join([*classes, *(more for more in css.split() if more not in classes)])


@register.simple_tag
def chip_boxes(field) -> SafeString:
    """Each choice of a bound field as a chip; a word among numbers is wider."""
    figures = _option(field, "chips") == "num"
    return mark_safe("".join(_chip(choice, figures=figures) for choice in field))


@register.filter
def sided_boxes(field):
    """The boxes of each part of the body that a bound field asks for, in the order of its choices."""
    boxes = iter(field)
    return [{"name": area.name, "left": next(boxes), "right": next(boxes)} for area in field.field.areas]


def _chip(choice, *, figures: bool) -> str:
    css = "chip chip-word" if figures and not is_number(choice.data["value"]) else "chip"
    return (
        f'<label class="{css}">{choice.tag()}<span>{conditional_escape(choice.choice_label)}</span></label>'
    )


@register.filter
def look(field):
    """The look of a bound field: scale, chips, seg, or "" for plain."""
    return _option(field, "look")


@register.filter
def option(field, name):
    """A data-attribute of the field's widget; templates cannot spell its hyphen."""
    return _option(field, name)


def _option(field, name):
    try:
        return field.field.widget.attrs.get(f"data-{name}", "")
    except AttributeError:
        return ""


@register.filter
def initials(name):
    """Two initials for the avatar beside a name."""
    words = [word for word in str(name).replace(",", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.filter
def dialled(phone):
    """The part of a typed phone number that a link can call: no words before it, no extension after it."""
    number = PHONE_NUMBER.search(phone)
    return re.sub(r"[^+\d]", "", number[0]) if number else ""


@register.filter
def is_number(value):
    return str(value).isdigit()


@register.filter
def problems(source):
    """What is wrong with a form, a formset or a list of forms, as {id, text} in reading order."""
    found = []
    for form in getattr(source, "forms", None) or _as_list(source):
        found += _problems_of(form)
    if hasattr(source, "non_form_errors"):
        found += [{"id": "main", "text": text} for text in source.non_form_errors()]
    return found


def _as_list(source):
    if not source:
        return []
    return source if isinstance(source, list | tuple) else [source]


def _problems_of(form):
    if not hasattr(form, "errors"):
        return []
    found = [{"id": "main", "text": text} for text in form.non_field_errors()]
    for field in form:
        found += [{"id": _focus_id(field), "text": text} for text in field.errors]
    return found


def _focus_id(field):
    """The id to focus: that of the first radio button in a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag
def request_number():
    """By what the log names this request; nothing outside one."""
    return requests.spoken_number()
