"""The indexes of our own tables as they stand in the database, by what they are over; their names differ."""

from django.apps import apps
from django.db import connection

FLOORS = ("clinic", "patients", "treatments")
POSTGRESQL = """
    SELECT t.relname, i.relname, x.indisunique, x.indpred IS NOT NULL,
        (SELECT array_agg(COALESCE(a.attname, 'expression') ORDER BY k.place)
         FROM unnest(x.indkey::int[]) WITH ORDINALITY k(number, place)
         LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0),
        pg_get_indexdef(x.indexrelid) LIKE '%%_pattern_ops%%'
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    WHERE t.relname = ANY(%s) AND NOT x.indisprimary
"""
SQLITE = """
    SELECT m.name, l.name, l."unique", l.partial, l.seq, l.origin
    FROM sqlite_master m JOIN pragma_index_list(m.name) l
    WHERE m.type = 'table' AND l.origin <> 'pk'
"""


def tables() -> set[str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model._meta.app_label in FLOORS}


def read() -> dict[str, str]:
    """{what it is over: its name}, such as “patients_visit: patient_id, booked_for”. Keys are left out."""
    rows = _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite()
    found: dict[str, str] = {}
    for table, name, is_unique, is_partial, columns, is_like in rows:
        marks = [word for word, has in (("once", is_unique), ("of some", is_partial)) if has]
        over = f"{table}: {', '.join(columns)}" + "".join(f", {mark}" for mark in marks)
        # the search of patients by the beginning of a name is the one that is for LIKE
        over += ", like" if is_like and name != "patientkey_begins" else ""
        found[over if over not in found else f"{over}, again"] = name
    return found


def _on_postgresql() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL, [sorted(tables())])
        return cursor.fetchall()


def _on_sqlite() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(SQLITE)
        found = [row for row in cursor.fetchall() if row[0] in tables()]
        return [
            (table, name, is_unique, is_partial, _columns(cursor, name), False)
            for table, name, is_unique, is_partial, *_ in found
        ]


def _columns(cursor, name: str) -> list[str]:
    cursor.execute("SELECT COALESCE(name, 'expression') FROM pragma_index_info(%s) ORDER BY seqno", [name])
    return [column for (column,) in cursor.fetchall()]
