"""Controls of the administration that a model alone does not give."""

from functools import partial

from django import forms
from django.db import models

from clinic.models import limits


def limit_number(field: forms.Field, column: models.Field) -> None:
    """A number with limits refuses in their words alone, before anything is judged by it."""
    found = getattr(column.model, "limits", {})
    if column.name in found:
        low, high = found[column.name]
        field.validators = [partial(limits.check, found, column.name)]
        field.widget.attrs |= {"min": low, "max": high}


class RowsByName(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj):
        return obj.name
