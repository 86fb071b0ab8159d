"""The display label of a choice, without building the choices of its field at every call."""

from functools import cache, partial

from django.db import models
from django.db.models import Model
from django.utils.functional import Promise

from clinic.django_internals.shortcuts import Shortcut, changed_signatures

SHORTCUT = Shortcut(
    "displays of choices",
    partial(changed_signatures, {"_get_FIELD_display(self, field)": (Model, "_get_FIELD_display")}),
)


class QuickDisplays(models.Model):
    """A faster `get_..._display()` for every field with choices: a note calls it dozens of times.

    Choices never change, so that they are kept; each call translates the one label that it gives.
    """

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field):
        if SHORTCUT.is_off:
            return super()._get_FIELD_display(field)
        value = getattr(self, field.attname)
        label = _labels(field).get(value, value)
        return str(label) if isinstance(label, Promise) else label


@cache
def _labels(field: models.Field) -> dict:
    return dict(field.flatchoices)
