"""Rows of another table inside a form of the administration, without a script."""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.utils.translation import gettext_lazy

from clinic.administration import help_words, labels
from clinic.administration.base import OnlyAdministrators


class InnerRows(OnlyAdministrators, admin.StackedInline):
    """Rows of another table inside a form. The last is a new one, folded unless `is_open`."""

    menu_name = ""
    add_words = gettext_lazy("Add")
    is_open = False
    extra = 1

    def words_of(self, row: models.Model) -> str:
        """What a row is about, above its fields."""
        return str(row)

    def get_formset(self, request, obj=None, **kwargs):
        # the chips of a list are no column of the table
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        names = [name for name in shown if isinstance(name, str)]
        words = {"labels": labels.labels_of(self.model), "help_texts": help_words.words_of(self.model)}
        return super().get_formset(request, obj, fields=names, **words, **kwargs)
