"""Addresses of rows in the administration: by reference where the table is clinical, by key elsewhere."""

import contextlib

from django.contrib import admin
from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from clinic.administration.by_reference import FoundByReferenceAdmin


def list_address(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def row_address(row: Model) -> str:
    """Everything of the row's pages but the verb at their end; by its key where no reference leads to it."""
    page = admin.site._registry[type(row)]
    if isinstance(page, FoundByReferenceAdmin):
        with contextlib.suppress(NoReverseMatch):
            return page.url_of(row).removesuffix("change/")
    return f"{list_address(type(row))}{row.pk}/"
