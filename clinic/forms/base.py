"""The base of staff forms: crispy without a form tag, our messages, and limits of text fields."""

from functools import cache

from crispy_forms.helper import FormHelper
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.django_internals.shared_fields import SharingForm
from clinic.forms import form_baseline
from clinic.models import MAX_TEXT
from clinic.values.errors import OverwrittenFields
from clinic.values.words import Text

NEEDED = gettext_lazy("{label} is needed.")
TOO_LONG = gettext_lazy("%(show_value)s characters are too many here: {limit} fit. Shorten it.")
NOT_OFFERED = gettext_lazy("That choice is not offered any more. Choose one from the list.")
UNPRINTABLE = gettext_lazy(
    "There is a character in it that cannot be stored. Type it again instead of pasting it."
)


class FieldsOnly(FormHelper):
    """What crispy is told of every staff form. It asks again for each field, and never changes it."""

    form_tag = False
    disable_csrf = True
    include_media = False

    def get_attributes(self, template_pack=TEMPLATE_PACK) -> dict:
        return _attributes(template_pack)


HELPER = FieldsOnly()


@cache
def _attributes(template_pack: str) -> dict:
    return super(FieldsOnly, HELPER).get_attributes(template_pack)


class StaffForm(SharingForm):
    """Base of all forms. The <form>, its buttons and its key are in the template."""

    use_required_attribute = False
    # field name -> the message when it is empty
    needed: dict[str, str] = {}
    # what the form would overwrite, where somebody else saved first
    conflict: OverwrittenFields | None = None

    @classmethod
    def prepare(cls, fields: dict[str, forms.Field]) -> None:
        set_messages(fields, cls.needed)

    @property
    def differences(self) -> list[form_baseline.Difference]:
        return form_baseline.differences(self, self.conflict) if self.conflict else []

    @property
    def typed(self) -> list[tuple[str, str]]:
        """(label, text) of everything that somebody typed, so that a page without the form can show it."""
        return form_baseline.typed(self)

    @property
    def helper(self) -> FormHelper:
        return HELPER


def set_messages(fields: dict[str, forms.Field], needed: dict[str, str]) -> None:
    for name, field in fields.items():
        field.error_messages["required"] = needed[name] if name in needed else _is_needed(name, field)
        _set_choice_messages(field)
        if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
            _set_limit(field)


def _is_needed(name: str, field: forms.Field) -> Text:
    label = field.label or name.replace("_", " ").capitalize()
    return format_lazy(NEEDED, label=label)


def _set_choice_messages(field: forms.Field) -> None:
    """Our message for a choice that was retired meanwhile, unless the field has a message of its own."""
    for code in ("invalid_choice", "invalid_pk_value"):
        if field.error_messages.get(code) in _default_messages(type(field), code):
            field.error_messages[code] = NOT_OFFERED


@cache
def _default_messages(field_class: type[forms.Field], code: str) -> list:
    defaults = [vars(parent).get("default_error_messages", {}).get(code) for parent in field_class.__mro__]
    return [message for message in defaults if message]


def _set_limit(field: forms.CharField) -> None:
    """Limit every text with a message; without `maxlength` the browser does not cut it off silently."""
    field.widget.attrs.pop("maxlength", None)
    limit = field.max_length or MAX_TEXT
    if field.max_length is None:
        field.validators.append(MaxLengthValidator(limit))
    field.error_messages["max_length"] = format_lazy(TOO_LONG, limit=formats.whole(limit))
    field.error_messages["null_characters_not_allowed"] = UNPRINTABLE
