"""Verifies both ways that rows and events agree: each row as its last event left it, each event's rows there.

The newest entry of each row is kept in a file, not in memory, and the tables are read in pieces. Who works
meanwhile is not in the way: what looks wrong is judged again with the events since.
"""

import contextlib
import hmac
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from clinic.audit import macs, packing, rows
from clinic.audit.verification import CHUNK, Fault, RecordCheck
from clinic.models import AuditEvent, User

# The columns by which a row leads to the row that it is a part of.
PARENTS = (
    *("session", "report", "screening", "followup", "consent", "visit", "episode", "paper", "patient"),
    "user",
)
MAX_PARENTS = 4
# How often what looks wrong is judged again while people work.
ROUNDS = 5
ALTERED, REMOVED, ADDED, BACK, UNKNOWN = "altered", "removed", "added", "returned", "unknown-key"
DESCRIPTIONS = {
    ALTERED: "was altered: it does not say what event {seq} left in it",
    REMOVED: "is not there: event {seq} left it, and none removed it",
    ADDED: "was added: no event wrote it",
    UNKNOWN: "is covered by event {seq} under a key that is not among the keys given",
    BACK: "stands there again: event {seq} removed it",
}


def row_count() -> int:
    return sum(model._base_manager.count() for model in rows.covered_models().values())


def faults(progress: Callable[[int], None]) -> Iterator[Fault]:
    """Every row that is not as its newest event left it, by table and key."""
    with _scratch() as folder, _Newest(folder) as newest:
        yield from newest.unreadable_events()
        found = dict(_wrong(newest, progress))
        for _ in range(ROUNDS):
            if not found or not newest.catch_up():
                break
            found = _judged_again(newest, found)
        for (table, key), (kind, seq) in sorted(found.items()):
            yield _fault(table, key, kind, seq)


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="filiform-verify-") as folder:
        yield Path(folder)


class _Newest:
    """The newest entry of each row, read from the events in their order into a file."""

    def __init__(self, folder: Path):
        self.file = sqlite3.connect(folder / "newest.sqlite3", isolation_level=None)
        self.file.execute("PRAGMA synchronous = OFF")
        self.file.execute("PRAGMA journal_mode = OFF")
        self.file.execute(
            "CREATE TABLE newest (tab TEXT, key TEXT, mac BLOB, seq INTEGER, key_id TEXT, "
            "seen INTEGER DEFAULT 0, PRIMARY KEY (tab, key)) WITHOUT ROWID"
        )
        self.until, self.broken, self.keys = 0, [], macs.keys()
        self.catch_up()

    def __enter__(self) -> "_Newest":
        return self

    def __exit__(self, *raised) -> None:
        self.file.close()

    def catch_up(self) -> bool:
        """Read the events since the last time; whether there were any."""
        before = self.until
        self.file.execute("BEGIN")
        while events := list(self._next_events()):
            self.until = events[-1][0]
            self.file.executemany(
                "INSERT INTO newest (tab, key, mac, seq, key_id) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET mac = excluded.mac, seq = excluded.seq, key_id = excluded.key_id",
                self._entries(events),
            )
        self.file.execute("COMMIT")
        return self.until > before

    def _next_events(self):
        return (
            AuditEvent.objects.filter(seq__gt=self.until)
            .order_by("seq")
            .values_list("seq", "key_id", "rows")[:CHUNK]
        )

    def _entries(self, events: list[tuple]) -> Iterator[tuple]:
        for seq, key_id, packed in events:
            try:
                for entry in packing.unpack(packed):
                    yield entry.table, entry.key, entry.mac, seq, key_id
            except (ValueError, IndexError):
                self.broken.append(seq)

    def unreadable_events(self) -> Iterator[Fault]:
        for seq in self.broken:
            yield Fault(f"event {seq}", "altered", "names its rows in no form that can be read", seq)

    def entry(self, table: str, key: str) -> tuple[bytes, int, str] | None:
        sql = "SELECT mac, seq, key_id FROM newest WHERE tab = ? AND key = ?"
        return self.file.execute(sql, (table, key)).fetchone()

    def see(self, table: str, keys: list[str]) -> None:
        sql = "UPDATE newest SET seen = 1 WHERE tab = ? AND key = ?"
        self.file.executemany(sql, [(table, key) for key in keys])

    def unseen(self) -> Iterator[tuple[str, str, int]]:
        """Rows that an event left and that no table holds."""
        return self.file.execute(
            "SELECT tab, key, seq FROM newest WHERE seen = 0 AND mac <> ?", (packing.GONE,)
        )


def _wrong(newest: _Newest, progress: Callable[[int], None]) -> Iterator[tuple[tuple, tuple]]:
    done = 0
    for table in sorted(rows.covered_models()):
        for some in _stored(table):
            newest.file.execute("BEGIN")
            newest.see(table, [str(row[0]) for row in some])
            newest.file.execute("COMMIT")
            for row in some:
                if judged := _judged(newest, table, str(row[0]), row):
                    yield (table, str(row[0])), judged
            done += len(some)
            progress(done)
    for table, key, seq in newest.unseen():
        yield (table, key), (REMOVED, seq)


def _stored(table: str) -> Iterator[list[tuple]]:
    found = rows.covered_models()[table]._base_manager.order_by("pk")
    columns = found.values_list("pk", *rows.covered_columns(table))
    some = list(columns[:CHUNK])
    while some:
        yield some
        some = list(columns.filter(pk__gt=some[-1][0])[:CHUNK])


def _judged(newest: _Newest, table: str, key: str, row: tuple | None) -> tuple[str, int] | None:
    """What is wrong with a row, and the event that says so."""
    entry = newest.entry(table, key)
    if entry is None:
        return (ADDED, 0) if row else None
    mac, seq, key_id = entry
    if row is None:
        return None if mac == packing.GONE else (REMOVED, seq)
    if mac == packing.GONE:
        return BACK, seq
    known = newest.keys.get(key_id)
    if known is None:
        return UNKNOWN, seq
    return None if hmac.compare_digest(rows.row_mac(table, row, known), mac) else (ALTERED, seq)


def _judged_again(newest: _Newest, found: dict) -> dict:
    again = {}
    with transaction.atomic():
        newest.catch_up()
        for table, key in found:
            if judged := _judged(newest, table, key, _row(table, key)):
                again[table, key] = judged
    return again


def _row(table: str, key: str) -> tuple | None:
    model = rows.covered_models().get(table)
    if model is None:
        return None
    found = model._base_manager.filter(pk=key).values_list("pk", *rows.covered_columns(table))
    return found.first()


def _fault(table: str, key: str, kind: str, seq: int) -> Fault:
    return Fault(_named(table, key, seq), kind, DESCRIPTIONS[kind].format(seq=seq), seq)


def _named(table: str, key: str, seq: int) -> str:
    """The row by what it is and the nearest reference: its own or its parent's, else those of its event."""
    model = rows.covered_models().get(table)
    row = model._base_manager.filter(pk=key).first() if model else None
    reference = _reference(row) if row else _reference_of_event(seq)
    name = f"{model._meta.verbose_name if model else table} {key}"
    return f"{name} ({reference})" if reference else name


def _reference(row) -> str:
    for _ in range(MAX_PARENTS):
        if row is None or isinstance(row, User):
            return "" if row is None else row.username
        if ref := getattr(row, "ref", ""):
            return ref
        row = _parent(row)
    return ""


def _parent(row):
    columns = {field.name: field.attname for field in row._meta.concrete_fields if field.is_relation}
    name = next((name for name in PARENTS if name in columns and getattr(row, columns[name])), None)
    try:
        return getattr(row, name) if name else None
    except ObjectDoesNotExist:
        return None  # gone as well


def _reference_of_event(seq: int) -> str:
    event = AuditEvent.objects.filter(seq=seq).values_list("object_ref", "patient_ref").first()
    return " ".join(dict.fromkeys(part for part in event or () if part))


CHECK = RecordCheck("Rows", "rows", row_count, faults)
