"""The settings of the practice that hold numbers, each with where its number comes from."""

import re

from django.db import models

from clinic.models import Practice
from clinic.rules import practice

# telephone numbers and words, no values
NO_VALUES = {"emergency_number", "emergency_words"}


def with_numbers() -> dict[str, str]:
    """{name of a setting: its default} of those whose default is a number or has one."""
    found = {}
    for field in Practice._meta.concrete_fields:
        if field.primary_key or field.name in NO_VALUES or not field.has_default():
            continue
        is_number = isinstance(field, models.IntegerField)
        if is_number or re.search(r"\d", str(field.default)):
            found[field.name] = str(field.default)
    return found


def missing() -> list[str]:
    return sorted(with_numbers().keys() ^ practice.SOURCES.keys())
