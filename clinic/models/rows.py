"""Rows of a related table as one value of a row, so that a page needs few queries."""

import datetime as dt
import json
from typing import overload

from django.db.models import JSONField, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date, parse_datetime


class RelatedRows(Subquery):
    """A list of dicts, one per row of `queryset`, made by the database. Keywords name the columns.

    `queryset` refers to the outer row with OuterRef. Dates come as text: read them with `day` and `instant`.
    """

    template = "(SELECT json_group_array(json(rows_of.row)) FROM (%(subquery)s) rows_of)"
    output_field = JSONField()

    def __init__(self, queryset, **columns):
        super().__init__(queryset.values(row=JSONObject(**columns)))

    def as_postgresql(self, compiler, connection, **extra):
        template = "(SELECT COALESCE(jsonb_agg(rows_of.row), '[]'::jsonb) FROM (%(subquery)s) rows_of)"
        return self.as_sql(compiler, connection, template=template, **extra)


@overload
def day(text: None) -> None: ...
@overload
def day(text: str) -> dt.date: ...
def day(text: str | None) -> dt.date | None:
    return parse_date(text[:10]) if text else None


@overload
def instant(text: None) -> None: ...
@overload
def instant(text: str) -> dt.datetime: ...
def instant(text: str | None) -> dt.datetime | None:
    """The instant in a column of `RelatedRows`: SQLite omits the time zone, PostgreSQL writes it."""
    at = parse_datetime(text) if text else None
    return at if at is None or at.tzinfo else at.replace(tzinfo=dt.UTC)


def as_list(value: str | list) -> list:
    """The list in a JSON column of `RelatedRows`, which SQLite gives as text."""
    return json.loads(value) if isinstance(value, str) else value
