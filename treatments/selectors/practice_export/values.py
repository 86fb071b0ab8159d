"""A value of the database as JSON and as a cell of a CSV file. Both read back to the same value."""

import base64
import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any

from django.db import models

# The first that fits names the type. Texts that are kept as bytes are texts.
KINDS = (
    (models.BooleanField, "boolean"),
    (models.JSONField, "json"),
    (models.DateTimeField, "instant"),
    (models.DateField, "date"),
    (models.DecimalField, "decimal"),
    (models.UUIDField, "uuid"),
    ((models.CharField, models.TextField, models.GenericIPAddressField), "text"),
    (models.BinaryField, "base64"),
    (models.IntegerField, "integer"),
)
KIND_WORDS = {
    "boolean": "true or false",
    "json": "any JSON value; in CSV its text",
    "instant": "moment in UTC, ISO 8601 with microseconds",
    "date": "day, ISO 8601",
    "decimal": "number with decimals, as text in JSON so that none is lost",
    "uuid": "key of 32 hexadecimal digits with hyphens",
    "text": "text in UTF-8",
    "base64": "bytes in base64",
    "integer": "whole number",
}


def kind_of(field: Any) -> str:
    while field.is_relation:
        field = field.target_field
    return next(kind for types, kind in KINDS if isinstance(field, types))


def as_json(value):
    """A value that `json` writes."""
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
        case dt.date() | dt.time():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case uuid.UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
    return value


def as_cell(value, kind: str) -> str | None:
    """The same as text. Nothing and an empty text are both an empty cell."""
    if value is None:
        return None
    if kind == "json":
        return json.dumps(value, ensure_ascii=False)
    if kind == "boolean":
        return "true" if value else "false"
    return str(as_json(value))
