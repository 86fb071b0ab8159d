"""Migrations that lay a column out anew, text as bytes, and back: the rows say what they said.

What is locked and what a MAC covers stays the same, so that no event is recorded. Filiform's triggers are off
while it migrates.
"""

from collections.abc import Callable

from django.db.migrations.operations import AlterField
from django.db.models import Field

# Rows that are written anew at once.
CHUNK = 500


class ConvertColumn(AlterField):
    """Makes a text column a `HexField` or a `CompressedText` of the same name."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        connection, field = schema_editor.connection, _field(to_state, app_label, self)
        if connection.vendor == "postgresql":
            _alter(schema_editor, field, field.db_type(connection), field.sql_to_bytes)
            if field.packs_in_python:
                _rewrite(connection, field, lambda stored: field.pack(field.unpack(stored)))
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            _update(connection, field, field.pack)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        connection, field = schema_editor.connection, _field(from_state, app_label, self)
        if connection.vendor == "postgresql":
            if field.packs_in_python:
                _rewrite(connection, field, lambda stored: field.plain(field.unpack(stored)))
            former = _field(to_state, app_label, self)
            _alter(schema_editor, field, former.db_type(connection), field.sql_to_text)
        else:
            _update(connection, field, field.unpack)
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def _field(state, app_label: str, operation: AlterField) -> Field:
    return state.apps.get_model(app_label, operation.model_name)._meta.get_field(operation.name)


def _alter(schema_editor, field: Field, db_type: str, expression: str) -> None:
    quote = schema_editor.quote_name
    table, column = quote(field.model._meta.db_table), quote(field.column)
    using = expression.format(column)
    schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {db_type} USING {using}")


def _rewrite(connection, field: Field, convert: Callable[[bytes], bytes]) -> None:
    """What no function of PostgreSQL does, some rows at a time."""
    quote, meta = connection.ops.quote_name, field.model._meta
    table, column, key = quote(meta.db_table), quote(field.column), quote(meta.pk.column)
    some = f"SELECT {key}, {column} FROM {table} WHERE {key} > %s ORDER BY {key} LIMIT {CHUNK}"
    last = 0
    with connection.cursor() as cursor:
        cursor.execute(some, [last])
        while rows := cursor.fetchall():
            last = rows[-1][0]
            changed = [(convert(bytes(stored)), row) for row, stored in rows]
            cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", changed)
            cursor.execute(some, [last])
        # what waits to be checked at the commit would keep the table from being altered
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _update(connection, field: Field, convert: Callable) -> None:
    """SQLite lends its statements a function of Python."""
    quote = connection.ops.quote_name
    table, column = quote(field.model._meta.db_table), quote(field.column)
    connection.connection.create_function("filiform_convert", 1, convert)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = filiform_convert({column})")
