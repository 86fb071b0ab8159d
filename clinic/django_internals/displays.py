"""The display label of a choice, without building the choices of its field at every call."""

from functools import cache, partial

from django.db import models
from django.db.models import Model

from clinic.django_internals.shortcuts import Shortcut, changed_signatures

SHORTCUT = Shortcut(
    "displays of choices",
    partial(changed_signatures, {"_get_FIELD_display(self, field)": (Model, "_get_FIELD_display")}),
)


class QuickDisplays(models.Model):
    """A faster `get_..._display()` for every field with choices: a note calls it dozens of times.

    The labels are in the language of the first call, as the product has one; and choices never change.
    """

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field):
        if SHORTCUT.is_off:
            return super()._get_FIELD_display(field)
        value = getattr(self, field.attname)
        return _labels(field).get(value, value)


@cache
def _labels(field: models.Field) -> dict:
    return {value: str(label) for value, label in field.flatchoices}
