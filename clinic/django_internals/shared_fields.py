"""Fields that all forms of a class share; a form that reaches for one of its fields gets a copy.

Django copies every field of a form for each form, and draws each anew. Most forms change none of them, and
most fields of a page just opened are empty or hold one of their own choices: those look the same every time.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from django import forms
from django.core.files.storage import storages
from django.forms.boundfield import BoundField
from django.utils.translation import get_language

from clinic.django_internals.shortcuts import Shortcut, changed_signatures

SIGNATURES = {
    "__getitem__(self, name)": (forms.BaseForm, "__getitem__"),
    "get_bound_field(self, form, field_name)": (forms.Field, "get_bound_field"),
    "__init__(self, form, field, name)": (BoundField, "__init__"),
}
SHORTCUT = Shortcut("shared fields", partial(changed_signatures, SIGNATURES))
# Ways in which one field is drawn: with each of its choices, in each part of a page.
DRAWINGS_KEPT = 64  # technical:

Fields = dict[str, forms.Field]
# {a field that is shared: how it was drawn}. A copy of it is another field, and nobody else's.
SHARED: WeakKeyDictionary[forms.Field, dict[tuple, str]] = WeakKeyDictionary()


class KeptFields(dict):
    """The fields that the forms of a class share; those that hold rows or other widgets each form copies."""

    def __init__(self, fields: Fields):
        super().__init__(fields)
        for field in fields.values():
            if _is_alike_for_all(field):
                SHARED[field] = {}

    def __deepcopy__(self, memo: dict) -> "SharedFields":
        fields = super().items()
        return SharedFields(
            {name: field if field in SHARED else deepcopy(field, memo) for name, field in fields}
        )


def _is_alike_for_all(field: forms.Field) -> bool:
    """Rows are asked for anew each time; widgets of widgets are changed as they are drawn."""
    inner = ("widgets", "widget")
    return not hasattr(field, "queryset") and not any(hasattr(field.widget, name) for name in inner)


class SharedFields(dict):
    """The fields of one form. Whoever gets one may change it, so that it is copied first."""

    # its bound fields by name, which are to have the copy too
    bound: dict[str, BoundField] | None = None

    def __getitem__(self, name: str) -> forms.Field:
        field = super().__getitem__(name)
        if field not in SHARED:
            return field
        self[name] = field = deepcopy(field)
        if self.bound and name in self.bound:
            self.bound[name].field = field
        return field

    def peek(self, name: str) -> forms.Field:
        """A field that is only read."""
        return super().__getitem__(name)

    # with it `dict(fields)` and `{**fields}` take each field by its name
    def __iter__(self):
        return super().__iter__()

    def __or__(self, more):
        return dict(self) | more

    def copy(self):
        return dict(self)

    def get(self, name, default=None):
        try:
            return self[name]
        except KeyError:
            return default

    def setdefault(self, name, default=None):
        return self[name] if name in self else super().setdefault(name, default)

    def pop(self, name, *default):
        field = self.get(name)
        super().pop(name, *default)
        return field if field is not None else default[0]

    def values(self):
        return dict(self).values()

    def items(self):
        return dict(self).items()

    def popitem(self):
        name = list(self)[-1]
        return name, self.pop(name)


class SharingForm(forms.Form):
    """A form whose class prepares its fields once for each language. One may bring prepared `base_fields`."""

    def __init__(self, *args, **kwargs):
        is_plain = SHORTCUT.is_off and "base_fields" not in vars(self)
        if not SHORTCUT.is_off:
            vars(self).setdefault("base_fields", _of_class(type(self), get_language()))
        super().__init__(*args, **kwargs)
        if is_plain:
            self.prepare(self.fields)
        if isinstance(self.fields, SharedFields):
            self.fields.bound = self._bound_fields_cache

    @classmethod
    def prepare(cls, fields: Fields) -> None:
        """What a class does to each of its fields."""

    def __getitem__(self, name: str) -> BoundField:
        if not isinstance(self.fields, SharedFields) or name not in self.fields:
            return super().__getitem__(name)
        bound = self._bound_fields_cache.get(name)
        if bound is None:
            bound = self._bound_fields_cache[name] = self.fields.peek(name).get_bound_field(self, name)
        return bound


def _of_class(form: type[SharingForm], language: str | None) -> KeptFields:
    by_language = BY_CLASS.setdefault(form, {})
    if language not in by_language:
        fields = deepcopy(form.base_fields)
        form.prepare(fields)
        by_language[language] = KeptFields(fields)
    return by_language[language]


BY_CLASS: WeakKeyDictionary[type[SharingForm], dict[str | None, KeptFields]] = WeakKeyDictionary()


def drawing(bound: BoundField, draw: Callable[[], str], *look: Any) -> str:
    """What `draw` writes for a field; kept where every page would show it alike. `look` tells ways apart.

    Nothing that somebody typed is kept: only what an empty field looks like, or one with a choice of its own.
    """
    drawings = None if SHORTCUT.is_off else SHARED.get(bound.field)
    if drawings is None or bound.form.auto_id != "id_%s" or bound.errors:
        return draw()
    value = bound.value()
    if not _is_no_input(value, bound.field):
        return draw()
    key = (*look, *_circumstances(bound), type(value), tuple(value) if type(value) is list else value)
    if key not in drawings:
        if len(drawings) >= DRAWINGS_KEPT:
            del drawings[next(iter(drawings))]
        drawings[key] = draw()
    return drawings[key]


def _circumstances(bound: BoundField) -> tuple:
    """What an unchanged field may still be drawn by."""
    form = bound.form
    return (
        bound.html_name, _words(bound.label), _words(bound.help_text), form.use_required_attribute,
        get_language(), type(form.renderer), storages["staticfiles"],
    )  # fmt: skip


def _words(text: Any) -> str | int:
    """A text, or which one of those that are made in a language as they are read."""
    return text if type(text) is str else id(text)


def _is_no_input(value: Any, field: forms.Field) -> bool:
    if value is None or value == "" or type(value) is bool:
        return True
    choices = getattr(field, "choices", None)
    if type(choices) is not list:
        return False
    if type(value) is list:
        return all(_is_offered(each, choices) for each in value)
    return type(value) is str and _is_offered(value, choices)


def _is_offered(value: Any, choices: list) -> bool:
    """Not in a group, which has a list in the place of a label."""
    return any(str(value) == str(choice) for choice, label in choices if type(label) not in (list, tuple))
