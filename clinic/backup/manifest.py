"""The manifest of a backup: time, engine, migrations, the rows of each table, the end of the audit chain."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain

from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from clinic.audit import macs, verification
from clinic.backup import BackupError
from clinic.models import AuditEvent

VERSION = 1
# Larger than any manifest.
MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """`anchor` is what `verify_record --anchor` would print for the copy itself."""

    engine: str
    taken_at: str
    migrations: list[str]
    counts: dict[str, int]
    anchor: str
    version: int = VERSION

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def events(self) -> int:
        return self.counts[AuditEvent._meta.db_table]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    def differences(self, counts: dict[str, int]) -> list[str]:
        """The tables whose row counts differ, each as a sentence."""
        tables = sorted(self.counts.keys() | counts.keys())
        return [
            f"{table} has {counts.get(table, 'no table')} and not {self.counts.get(table, 'no table')}"
            for table in tables
            if counts.get(table) != self.counts.get(table)
        ]

    def lost(self, counts: dict[str, int]) -> list[str]:
        """The tables that have fewer rows after migrating than were backed up, each as a sentence."""
        return [
            f"{table} has {counts[table]} and had {count}"
            for table, count in sorted(self.counts.items())
            if counts.get(table, count) < count
        ]

    def unknown(self) -> list[str]:
        """Migrations of the copy that this release does not have: a newer release made the backup."""
        disk = MigrationLoader(None).disk_migrations
        known = {key for name, migration in disk.items() for key in (name, *migration.replaces)}
        return sorted(set(self.migrations) - {".".join(key) for key in known})


def read_from_database(cursor, engine: str, tables: list[str]) -> Manifest:
    """The manifest of a database, read in one transaction or from a copy that nobody writes to."""
    cursor.execute(f'SELECT seq, mac FROM "{AuditEvent._meta.db_table}" ORDER BY seq DESC LIMIT 1')
    seq, mac = cursor.fetchone() or (0, macs.GENESIS)
    # a copy from before MACs were kept as bytes has digits
    head = seq, mac if isinstance(mac, str) else bytes(mac).hex()
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    migrations = [f"{app}.{name}" for app, name in cursor.fetchall()]
    at = timezone.now().replace(microsecond=0).isoformat()
    return Manifest(engine, at, migrations, row_counts(cursor, tables), verification.anchor_at(*head))


def row_counts(cursor, tables: list[str]) -> dict[str, int]:
    counts = {}
    for table in tables:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        counts[table] = cursor.fetchone()[0]
    return counts


def read_manifest(pieces: Iterator[bytes]) -> tuple[Manifest, Iterator[bytes]]:
    """The manifest at the beginning of the pieces, and the copy that follows it."""
    beginning = bytearray()
    while b"\n" not in beginning and len(beginning) < MAX_BYTES:
        piece = next(pieces, None)
        if piece is None:
            break
        beginning += piece
    line, _, rest = bytes(beginning).partition(b"\n")
    try:
        values = json.loads(line)
        if values["version"] != VERSION:
            raise BackupError("The file was made by another release of Filiform, which is needed to read it.")
        return Manifest(**values), chain([rest], pieces)
    except (ValueError, KeyError, TypeError) as unreadable:
        raise BackupError("The file has no manifest that can be read. Use another.") from unreadable
