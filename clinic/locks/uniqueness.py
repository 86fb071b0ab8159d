"""Verifies that each field and constraint that says so still has a valid index that keeps it unique.

Names may differ between releases of Django; what counts is the content. Each engine writes a condition in
words of its own, so that an index is compared by the sorted words of its columns and its condition.
"""

import re
from collections.abc import Iterable, Iterator

from django.db import connection, models

from clinic.audit.verification import Fault
from clinic.locks.triggers import PG_SCHEMA

Words = tuple[str, ...]

_WORD = re.compile(r"\w+|[<>!=~]+")
# What PostgreSQL writes for IN and beside texts: (type)::text = ANY (ARRAY['totp'::character varying])
_OTHER_SPELLINGS = {"=", "ANY", "ARRAY", "IN", "text", "character", "varying"}


def faults(cursor, tables: Iterable[type[models.Model]]) -> Iterator[Fault]:
    indexes_in = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    installed = indexes_in(cursor)
    for model in tables:
        table = model._meta.db_table
        for name, words in _expected(model):
            if (table, words) not in installed:
                yield Fault(
                    f"index {name} on {table}", "missing", "is missing, or does not keep unique what it kept"
                )


def _expected(model: type[models.Model]) -> Iterator[tuple[str, Words]]:
    """(name, words) of each index that the model asks for; one without a name of its own has its columns'."""
    meta = model._meta
    columns = [(field.column,) for field in meta.local_concrete_fields if field.unique]
    columns += [tuple(meta.get_field(name).column for name in names) for names in meta.unique_together]
    yield from ((f"of {', '.join(names)}", tuple(sorted(names))) for names in columns)
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield constraint.name, _words_of(model, constraint)


def _words_of(model: type[models.Model], constraint: models.UniqueConstraint) -> Words:
    if not (constraint.condition or constraint.expressions):
        return tuple(sorted(model._meta.get_field(name).column for name in constraint.fields))
    return _words(str(constraint.create_sql(model, connection.schema_editor())))


def _words(statement: str) -> Words:
    """The words of an index behind the name of its table."""
    _, opening, rest = statement.partition("(")
    return tuple(sorted(word for word in _WORD.findall(opening + rest) if word not in _OTHER_SPELLINGS))


def _on_postgresql(cursor) -> set[tuple[str, Words]]:
    cursor.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        f"JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = {PG_SCHEMA} "
        "AND i.indisunique AND i.indisvalid AND i.indisready AND i.indislive"
    )
    return {(table, _words(definition)) for table, definition in cursor.fetchall()}


def _on_sqlite(cursor) -> set[tuple[str, Words]]:
    cursor.execute(
        "SELECT m.name, x.sql, group_concat(i.name, ' ') FROM sqlite_master m "
        'JOIN pragma_index_list(m.name) l ON l."unique" JOIN sqlite_master x ON x.name = l.name '
        "JOIN pragma_index_info(l.name) i WHERE m.type = 'table' GROUP BY m.name, x.name"
    )
    indexes = {
        (table, _words(sql) if sql else tuple(sorted(columns.split())))
        for table, sql, columns in cursor.fetchall()
    }
    # a whole number as the key of a table is its rowid and has no index
    cursor.execute(
        "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p "
        "WHERE m.type = 'table' AND p.pk"
    )
    return indexes | {(table, (key,)) for table, key in cursor.fetchall()}
