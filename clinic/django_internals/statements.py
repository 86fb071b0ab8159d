"""The SQL of a prepared query: which parameter belongs to which value, and what must not be kept at all."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Placeholders stand in the SQL where a value belongs; nothing that is stored or asked for looks like them.
# The number fits PostgreSQL's narrow columns too. The word changes wherever a word is escaped, stripped or
# lowered on its way into the SQL, and then it is missed.
NUMBER = 2_147_129_000
WORD = " %_\\'Filiform\x1a{} "
DAY = dt.date(9871, 1, 1)
INSTANT = dt.datetime(9871, 7, 1, 1, 2, 3, tzinfo=dt.UTC)
KEY = 0x1A66_696C_6966_6F72_6D00_0000_0000_0000
# A day or a time of day anywhere in a text.
WRITTEN_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9]{2}")
# A larger number would not fit a narrow column: Django then composes another query.
LARGEST = 2**31 - 1
# Where a placeholder is large, late or long, its contrary is not: a query that looks at a value shows itself.
CONTRARIES = {
    int: 0,
    str: "",
    uuid.UUID: uuid.UUID(int=0),
    dt.date: dt.date(1971, 1, 1),
    dt.datetime: dt.datetime(1971, 1, 1, tzinfo=dt.UTC),
}


class NotPreparable(Exception):
    """Why a query has to be asked the plain way. The words name arguments, never values."""


@dataclass(frozen=True)
class Statement:
    """SQL with placeholders in the place of its values: {index of the parameter: name of the value}.

    `kept` is what whoever runs it needs beside the SQL.
    """

    sql: str
    params: tuple
    places: dict[int, str]
    kept: Any

    def filled(self, connection, values: dict) -> tuple[str, tuple]:
        params = list(self.params)
        for at, name in self.places.items():
            value = adapted(connection, values[name])
            # A driver may tell whole numbers apart by width: a value takes the type of its placeholder.
            params[at] = type(params[at])(value) if isinstance(value, int) else value
        return self.sql, tuple(params)

    def is_what_django_composes(self, connection, values: dict, sql: str, params) -> bool:
        return _typed(*self.filled(connection, values)) == _typed(sql, params)


def build_statement(connection, sql: str, params, placeholders: dict, *, kept) -> Statement:
    """The statement, once each placeholder was found in it, and no time that nobody passed in."""
    known = {name: adapted(connection, placeholder) for name, placeholder in placeholders.items()}
    statement = Statement(sql, tuple(params), dict(_places(params, known)), kept)
    if lost := known.keys() - set(statement.places.values()):
        raise NotPreparable(f"it does not ask for {', '.join(sorted(lost))} as it is")
    # It may be the clock's: then it would stand still.
    if any(_is_time(param) for at, param in enumerate(params) if at not in statement.places):
        raise NotPreparable("it has a time of its own")
    return statement


def is_changing(value) -> bool:
    """Exactly these types: a subclass may be written in a way of its own."""
    if type(value) is int:
        return -LARGEST <= value <= LARGEST
    return type(value) in (str, uuid.UUID, dt.date) or (
        type(value) is dt.datetime and value.tzinfo is not None
    )


def is_shaping(value) -> bool:
    return value is None or type(value) in (bool, frozenset)


def placeholders(values: dict) -> dict:
    return {
        name: _placeholder(at, value) for at, (name, value) in enumerate(values.items()) if is_changing(value)
    }


def contraries(values: dict) -> dict:
    return {name: CONTRARIES[type(value)] for name, value in values.items() if is_changing(value)}


def adapted(connection, value):
    """As the engine takes it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _placeholder(at: int, value):
    if isinstance(value, int):
        return NUMBER + at
    if isinstance(value, str):
        return WORD.format(at)
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=KEY + at)
    return (INSTANT if isinstance(value, dt.datetime) else DAY) + dt.timedelta(days=at)


def _places(params, known: dict) -> Iterator[tuple[int, str]]:
    for at, param in enumerate(params):
        for name, placeholder in known.items():
            if isinstance(param, type(placeholder)) and param == placeholder:
                yield at, name


def _is_time(param) -> bool:
    """SQLite takes times as text."""
    is_text = isinstance(param, str) and WRITTEN_TIME.search(param)
    return bool(is_text) or isinstance(param, dt.date | dt.time)


def _typed(sql: str, params) -> tuple:
    return sql, [(type(param), param) for param in params]
