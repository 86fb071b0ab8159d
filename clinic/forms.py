"""The shape that every staff form shares: crispy without a form tag, sentences, and fields that forgive."""

from functools import cache

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxLengthValidator

from clinic.models import MAX_TEXT

TOO_LONG = "%(show_value)s characters are too many here: {limit} fit. Shorten it."
NOT_OFFERED = "That choice is not offered any more. Choose one from the list."
UNPRINTABLE = "There is a character in it that cannot be stored. Type it again instead of pasting it."


class StaffForm(forms.Form):
    """Base of all forms. The <form>, its buttons and its key stand in the template."""

    use_required_attribute = False
    # field name -> the sentence when it was left empty
    needed: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            default = f"{field.label or name.replace('_', ' ').capitalize()} is needed."
            field.error_messages["required"] = self.needed.get(name, default)
            _word_choices(field)
            if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
                _limit(field)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False
        return helper


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
