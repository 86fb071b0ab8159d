"""The SQL of a prepared query: which parameter belongs to which value, and which SQL must not be reused."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clinic.django_internals import kept_plans

# Placeholders stand in the SQL in place of a value; no stored or searched value looks like them.
# The number fits PostgreSQL's narrow columns too. The text changes wherever a text is escaped, stripped or
# lowered on its way into the SQL, and then it is not found again.
NUMBER = 2_147_129_000
WORD = " %_\\'Filiform\x1a{} "
DAY = dt.date(9871, 1, 1)
INSTANT = dt.datetime(9871, 7, 1, 1, 2, 3, tzinfo=dt.UTC)
KEY = 0x1A66_696C_6966_6F72_6D00_0000_0000_0000
# A day or a time of day anywhere in a text.
WRITTEN_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9]{2}")
# A larger number does not fit a narrow column, and Django then composes another query.
LARGEST = 2**31 - 1
# Values at the other end of the range: a query whose SQL depends on a value shows itself with them.
CONTRARIES = {
    int: 0,
    str: "",
    uuid.UUID: uuid.UUID(int=0),
    dt.date: dt.date(1971, 1, 1),
    dt.datetime: dt.datetime(1971, 1, 1, tzinfo=dt.UTC),
}
# What a tuple that changes may hold: values of one of these types.
LISTED = (int, str, uuid.UUID, dt.date)


class NotPreparable(Exception):
    """Why a query has to run the plain way. The message names arguments, never values."""


@dataclass(frozen=True)
class Statement:
    """SQL with placeholders in the place of its values: {index of the parameter: name of the value}.

    `runner` is what its caller needs to run it, beside the SQL.
    """

    sql: str
    params: tuple
    value_indexes: dict[int, str]
    runner: Any

    def with_values(self, connection, values: dict) -> tuple[str, tuple]:
        params = list(self.params)
        for index, name in self.value_indexes.items():
            value = adapted(connection, values[name])
            # A driver may distinguish integers by width: a value takes the type of its placeholder.
            params[index] = type(params[index])(value) if isinstance(value, int) else value
        return self.sql, tuple(params)

    def is_what_django_composes(self, connection, values: dict, sql: str, params) -> bool:
        return _typed(*self.with_values(connection, values)) == _typed(sql, params)


def build_statement(
    connection, sql: str, params, placeholders: dict, *, runner, one_plan: bool = False
) -> Statement:
    """The statement, once each placeholder was found in it and no time that was not passed in."""
    adapted_by_name = {name: adapted(connection, value) for name, value in placeholders.items()}
    places = dict(_value_indexes(params, adapted_by_name))
    kept = kept_plans.kept(connection, sql, params, places, one_plan=one_plan)
    statement = Statement(kept, tuple(params), places, runner)
    if lost := adapted_by_name.keys() - set(statement.value_indexes.values()):
        raise NotPreparable(f"it does not ask for {', '.join(sorted(lost))} as it is")
    # It may be the current time, which would then never advance.
    if any(_is_time(param) for index, param in enumerate(params) if index not in statement.value_indexes):
        raise NotPreparable("it has a time of its own")
    return statement


def is_changing(value) -> bool:
    """Exactly these types: a subclass may be adapted in another way. An empty tuple has no type."""
    if type(value) is tuple and value:
        return type(value[0]) in LISTED and all(
            type(each) is type(value[0]) and is_changing(each) for each in value
        )
    if type(value) is int:
        return -LARGEST <= value <= LARGEST
    return type(value) in (str, uuid.UUID, dt.date) or (
        type(value) is dt.datetime and value.tzinfo is not None
    )


def is_shaping(value) -> bool:
    return value is None or value == () or type(value) in (bool, frozenset)


def type_of(value) -> type | tuple:
    """Changing values of the same type share a statement, tuples of any length as well."""
    return (tuple, type(value[0])) if type(value) is tuple else type(value)


def placeholders(values: dict) -> dict:
    return {
        name: _placeholder(index, value)
        for index, (name, value) in enumerate(values.items())
        if is_changing(value)
    }


def contraries(values: dict) -> dict:
    return {name: _contrary(value) for name, value in values.items() if is_changing(value)}


def _contrary(value):
    if type(value) is tuple:
        return tuple(CONTRARIES[type(value[0])] for _ in range(len(value) + 1))
    return CONTRARIES[type(value)]


def adapted(connection, value):
    """The value as the database engine takes it."""
    if isinstance(value, tuple):
        return list_parameter(connection, value)
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def list_parameter(connection, values) -> list | str:
    """A list as one parameter: an array on PostgreSQL, JSON on SQLite."""
    keys = [adapted(connection, value) for value in values]
    return keys if connection.vendor == "postgresql" else json.dumps(keys)


def _placeholder(index: int, value):
    if isinstance(value, tuple):
        return (_placeholder(index, value[0]), _placeholder(index, value[0]))
    if isinstance(value, int):
        return NUMBER + index
    if isinstance(value, str):
        return WORD.format(index)
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=KEY + index)
    return (INSTANT if isinstance(value, dt.datetime) else DAY) + dt.timedelta(days=index)


def _value_indexes(params, adapted_by_name: dict) -> Iterator[tuple[int, str]]:
    for index, param in enumerate(params):
        for name, placeholder in adapted_by_name.items():
            if isinstance(param, type(placeholder)) and param == placeholder:
                yield index, name


def _is_time(param) -> bool:
    """Whether a parameter is a time; SQLite takes times as text."""
    if isinstance(param, list):
        return any(_is_time(each) for each in param)
    is_text = isinstance(param, str) and WRITTEN_TIME.search(param)
    return bool(is_text) or isinstance(param, dt.date | dt.time)


def _typed(sql: str, params) -> tuple:
    return sql, [(type(param), param) for param in params]
