"""The shape that every staff form shares: crispy without a form tag, sentences, and fields that forgive."""

from copy import deepcopy
from functools import cache

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxLengthValidator

from clinic.models import MAX_TEXT

TOO_LONG = "%(show_value)s characters are too many here: {limit} fit. Shorten it."
NOT_OFFERED = "That choice is not offered any more. Choose one from the list."
UNPRINTABLE = "There is a character in it that cannot be stored. Type it again instead of pasting it."


class SharedFields(dict):
    """Declared fields that forms have in common, but for `own`, which a form changes: these are copied."""

    def __init__(self, fields: dict[str, forms.Field], own: frozenset[str]):
        super().__init__(fields)
        self.own = own

    def __deepcopy__(self, memo):
        return {name: deepcopy(field, memo) if name in self.own else field for name, field in self.items()}


class StaffForm(forms.Form):
    """Base of all forms. The <form>, its buttons and its key stand in the template."""

    use_required_attribute = False
    # field name -> the sentence when it was left empty
    needed: dict[str, str] = {}
    # fields that a form changes for itself
    own: frozenset[str] = frozenset()

    def __init__(self, *args, only_read=False, **kwargs):
        """`only_read`: no page shows this form; copying the fields of a long one takes a tenth of a save."""
        if only_read:
            self.base_fields = _ready(type(self))
        super().__init__(*args, **kwargs)
        if not only_read:
            _word(self.fields, self.needed)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False
        return helper


@cache
def _ready(form: type[StaffForm]) -> SharedFields:
    fields = deepcopy(form.base_fields)
    _word(fields, form.needed)
    return SharedFields(fields, form.own)


def _word(fields: dict[str, forms.Field], needed: dict[str, str]) -> None:
    for name, field in fields.items():
        default = f"{field.label or name.replace('_', ' ').capitalize()} is needed."
        field.error_messages["required"] = needed.get(name, default)
        _word_choices(field)
        if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
            _limit(field)


def _word_choices(field: forms.Field) -> None:
    """A row that was retired while the page stood open is said in our words, unless the form has its own."""
    for code in ("invalid_choice", "invalid_pk_value"):
        if field.error_messages.get(code) in _usual_words(type(field), code):
            field.error_messages[code] = NOT_OFFERED


@cache
def _usual_words(kind: type[forms.Field], code: str) -> list:
    usual = [vars(parent).get("default_error_messages", {}).get(code) for parent in kind.__mro__]
    return [words for words in usual if words]


def _limit(field: forms.CharField) -> None:
    """Every text ends somewhere and says so in words; the browser must not cut it off in silence."""
    field.widget.attrs.pop("maxlength", None)
    limit = field.max_length or MAX_TEXT
    if field.max_length is None:
        field.validators.append(MaxLengthValidator(limit))
    field.error_messages["max_length"] = TOO_LONG.format(limit=f"{limit:,}")
    field.error_messages["null_characters_not_allowed"] = UNPRINTABLE
