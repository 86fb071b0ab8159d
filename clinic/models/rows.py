"""Rows of a related table as one value of a row, so that a page needs few queries."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import TypeVar, overload

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import (
    CharField,
    Field,
    ForeignObject,
    IntegerField,
    JSONField,
    Lookup,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import JSONObject
from django.db.models.lookups import In
from django.utils.dateparse import parse_date, parse_datetime

from clinic.django_internals.statements import list_parameter

Row = TypeVar("Row", bound=Model)


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


class RowCount(Subquery):
    """How many rows `queryset` has. Made by a group, the rows were sorted first."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) rows_of)"
    output_field = IntegerField()

    def __init__(self, queryset):
        # no column: what an index tells is enough
        super().__init__(queryset.order_by().values(one=Value(1)))


@ForeignObject.register_lookup
@Field.register_lookup
class Among(In):
    """`pk__among=queryset`: as `pk__in`, where the queryset gives few keys of a growing table.

    PostgreSQL makes the list first and looks its keys up. It would otherwise take the queryset for one more
    table to join, and behind eight others (join_collapse_limit) join those whole.

    `pk__among=(1, 2)`: as `pk__in`, in one parameter, so that a prepared query takes a list of any length.
    """

    lookup_name = "among"

    def as_sql(self, compiler, connection):
        if not self.rhs_is_direct_value():
            return super().as_sql(compiler, connection)
        left, left_params = self.process_lhs(compiler, connection)
        keys = list_parameter(connection, self.rhs)
        return f"{left} IN (SELECT value FROM json_each(%s))", (*left_params, keys)

    def as_postgresql(self, compiler, connection):
        left, left_params = self.process_lhs(compiler, connection)
        if self.rhs_is_direct_value():
            return f"{left} = ANY(%s)", (*left_params, list_parameter(connection, self.rhs))
        keys, key_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY(ARRAY{keys})", (*left_params, *key_params)


@CharField.register_lookup
@TextField.register_lookup
class Beginning(Lookup):
    """A range from the text itself to the last one that begins with it, compared letter by letter.

    `startswith` is found by the same index, but Django escapes its text for LIKE, so that a prepared query
    could not put another in its place. PostgreSQL needs an index with pattern operators.
    """

    lookup_name = "beginning"
    template = "({0} >= %s AND {0} < (%s || char(1114111)))"
    postgresql_template = "({0} ~>=~ %s AND {0} ~<~ (%s || chr(1114111)))"

    def as_sql(self, compiler, connection, template: str = template):
        left, left_params = self.process_lhs(compiler, connection)
        _placeholder, start = self.process_rhs(compiler, connection)
        return template.format(left), (*left_params, *start, *left_params, *start)

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, self.postgresql_template)


class Beside:
    """Rows of one table that a row leads to by `names`, without a join for each of them.

    As `select_related(*names)`, and quicker where a statement has many joins: PostgreSQL tries the orders of
    up to eight of them, which took longer than all else of it. With `columns`, the others are read when they
    are asked for.
    """

    def __init__(self, model: type[Model], *names: str, columns: Iterable[str] = ()):
        self.model, self.names = model, names
        fields = model._meta.concrete_fields
        self.fields = [field for field in fields if not columns or field.name in columns or field.primary_key]
        self.label = f"beside_{names[0]}"

    def as_list(self) -> RelatedRows:
        is_led_to = reduce(or_, [Q(pk=OuterRef(name)) for name in self.names])
        columns = {field.attname: field.attname for field in self.fields}
        return RelatedRows(self.model._default_manager.filter(is_led_to).order_by(), **columns)

    def put(self, row: Model) -> None:
        if self.label not in vars(row):
            return
        found = {other.pk: other for other in self._instances(row)}
        for name in self.names:
            *path, last = name.split("__")
            holder = _at_the_end(row, path)
            key = holder and getattr(holder, holder._meta.get_field(last).attname)
            if key in found:
                setattr(holder, last, found[key])

    def _instances(self, row: Model) -> Iterator[Model]:
        names = [field.attname for field in self.fields]
        for columns in vars(row).pop(self.label):
            values = [_stored(field, columns[field.attname]) for field in self.fields]
            yield self.model.from_db(DEFAULT_DB_ALIAS, names, values)


def read_beside(rows: QuerySet, *lists: Beside) -> QuerySet:
    """The rows with their lists, for `put_beside`."""
    return rows.annotate(**{each.label: each.as_list() for each in lists})


def put_beside(row: Row, *lists: Beside) -> Row:
    """The row with what it leads to in the place of its lists, as far as it was read with them."""
    for each in lists:
        each.put(row)
    return row


def _at_the_end(row: Model | None, path: list[str]) -> Model | None:
    for name in path:
        row = getattr(row, name, None)
    return row


def _stored(field: Field, value):
    """A value in the database's JSON as its column has it."""
    if value is None:
        return None
    if isinstance(field, models.BooleanField):
        return bool(value)
    if isinstance(field, models.DateTimeField):
        return instant(value)
    return day(value) if isinstance(field, models.DateField) else value


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


def stored_key(text: str | None) -> str:
    """The UUID in a column of `RelatedRows` with its dashes, which SQLite omits, or the empty text."""
    if not text or "-" in text:
        return text or ""
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def as_list(value: str | list) -> list:
    """The list in a JSON column of `RelatedRows`, which SQLite gives as text."""
    return json.loads(value) if isinstance(value, str) else value
