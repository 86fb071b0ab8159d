"""Copies the demo's people, sessions and sites into the stock project's database, by SQL."""

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator

import psycopg2

COPIED = {
    "stock_patient": (
        "id, ref, family_name, given_name, born, sex, phone, email, address, city, state, postal_code",
        "SELECT id, ref, family_name, given_name, born, sex, phone, email, address, city, state, postal_code"
        " FROM {record}patients_patient",
    ),
    "stock_session": (
        "id, ref, patient_id, therapist, started_at, ended_at, tolerance, note, plan",
        "SELECT s.id, s.ref, s.patient_id, u.first_name, s.started_at, s.ended_at, s.tolerance, s.note,"
        " s.plan FROM {record}treatments_needlingsession s"
        " JOIN {record}clinic_user u ON u.id = s.therapist_id",
    ),
    "stock_site": (
        "id, session_id, muscle, side, gauge_mm, length_mm, depth_mm, insertions, twitches, technique,"
        " tissue",
        "SELECT n.id, n.session_id, coalesce(m.name, n.unlisted_name), n.side, n.gauge_mm, n.length_mm,"
        " n.depth_mm, n.insertions, n.twitches, n.technique, n.tissue FROM {record}treatments_needlesite n"
        " LEFT JOIN {record}treatments_muscle m ON m.id = n.muscle_id WHERE n.struck_at IS NULL",
    ),
}
# Sessions without a site, one for each of the newest patients, to save three sites in.
EMPTY_SESSIONS = """
    INSERT INTO stock_session (ref, patient_id, therapist, tolerance, note, plan)
    SELECT 'new-' || id, id, 'Stock', '', '', '' FROM stock_patient ORDER BY id DESC LIMIT {count}
"""


def fill(record: str, stock: str, *, empty_sessions: int) -> None:
    """From the database of the demo at the address `record` into the one at `stock`, which has its tables."""
    copy = _postgresql if record.startswith("postgres") else _sqlite
    copy(record, stock, EMPTY_SESSIONS.format(count=empty_sessions))


def _sqlite(record: str, stock: str, afterwards: str) -> None:
    with contextlib.closing(sqlite3.connect(_file(stock))) as target:
        target.execute("ATTACH DATABASE ? AS record", [_file(record)])
        for table, (columns, query) in COPIED.items():
            target.execute(f"INSERT INTO {table} ({columns}) {query.format(record='record.')}")
        target.execute(afterwards)
        target.commit()
        target.execute("DETACH DATABASE record")
        target.execute("ANALYZE")
        target.commit()


def _file(address: str) -> str:
    return address.partition("?")[0].removeprefix("sqlite:///")


def _postgresql(record: str, stock: str, afterwards: str) -> None:
    with _connected(record) as source, _connected(stock) as target:
        for table, (columns, query) in COPIED.items():
            with tempfile.TemporaryFile() as rows:
                source.copy_expert(f"COPY ({query.format(record='')}) TO STDOUT", rows)
                rows.seek(0)
                target.copy_expert(f"COPY {table} ({columns}) FROM STDIN", rows)
            target.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        target.execute(afterwards)
        target.execute("ANALYZE")


@contextlib.contextmanager
def _connected(address: str) -> Iterator:
    with (
        contextlib.closing(psycopg2.connect(address)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        yield cursor
