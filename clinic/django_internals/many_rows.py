"""Many rows of a narrow table in one statement, noted for the audit as those are that the ORM writes.

A file of 50,000 patients brings a million search keys: as instances they would take longer than all else.
"""

import json
from collections.abc import Sequence

from django.db import models

from clinic.django_internals import writes


def insert(connection, model: type[models.Model], names: Sequence[str], rows: Sequence[tuple]) -> None:
    """Insert rows given as numbers and texts in the order of `names`, which are attributes of the columns.

    Every other column but the key needs a default of the database. Triggers and constraints check each row;
    nothing else validates it.
    """
    if not rows:
        return
    fields = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    table, columns = model._meta.db_table, ", ".join(quote(field.column) for field in fields)
    source, params = _source(connection, fields, rows)
    noted = writes.fields_of(model)
    returning = f" RETURNING {', '.join(quote(field.column) for field in noted)}" if noted else ""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(table)} ({columns}) {source}{returning}", params)
        written = cursor.fetchall() if noted else ()
    writes.note_rows(connection, table, [writes.row_state(noted, row) for row in written])


def _source(connection, fields: list[models.Field], rows: Sequence[tuple]) -> tuple[str, list]:
    """The rows as a table of parameters: a list for each column on PostgreSQL, one JSON text on SQLite."""
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{_array_type(field, connection)}" for field in fields)
        return f"SELECT * FROM unnest({arrays})", [list(column) for column in zip(*rows, strict=True)]
    values = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(fields)))
    return f"SELECT {values} FROM json_each(%s)", [json.dumps(rows)]


def _array_type(field: models.Field, connection) -> str:
    """A cast to the column's own length would cut off a text that the column itself refuses."""
    return "text[]" if isinstance(field, models.CharField) else f"{field.db_type(connection)}[]"
