"""Copies and restores SQLite while people work."""

import contextlib
import re
import shutil
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from clinic.backup import BackupError, manifest
from clinic.backup.folder import write_out
from clinic.values.databases import sqlite_file

PIECE = 1024 * 1024
FAST = 1
ASIDE = "filiform-copy-"
LEFT_BEHIND = re.compile(r"filiform-copy-\w{8}")
DAY_SECONDS = 24 * 60 * 60


@contextlib.contextmanager
def open_copy(live) -> Iterator[tuple[manifest.Manifest, Iterator[bytes]]]:
    """The manifest and the bytes of a copy as of one moment; it blocks nobody."""
    with _folder(live) as folder:
        path = folder / "copy.sqlite3"
        _copy(live, path)
        with _opened(path) as cursor:
            _refuse_broken(cursor)
            found = manifest.read_from_database(cursor, "sqlite", _tables(cursor))
        yield found, _compressed(path)


def _copy(live, path: Path) -> None:
    """SQLite's online backup in one step: a single snapshot, while writers go on in the write-ahead log."""
    own = live.copy()
    try:
        own.connect()
        with own.wrap_database_errors, contextlib.closing(sqlite3.connect(path)) as target:
            # after a crash the copy is useless anyway
            target.execute("PRAGMA synchronous=OFF")
            own.connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    finally:
        own.close()


def _refuse_broken(cursor) -> None:
    cursor.execute("PRAGMA integrity_check(5)")
    results = [line for (line,) in cursor.fetchall()]
    if results != ["ok"]:
        raise BackupError(
            f"The database itself is damaged ({results[0]}). Stop Filiform, keep its file as it is, and "
            "bring back the newest backup; docs/admin.md says how."
        )


def read_back(live, pieces: Iterator[bytes]) -> None:
    """Read the whole copy."""
    for _ in database_bytes(pieces):
        pass


def database_bytes(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The uncompressed database file, never more than one piece at once."""
    decompressor = zlib.decompressobj()
    try:
        for piece in pieces:
            while piece:
                yield decompressor.decompress(piece, PIECE)
                piece = decompressor.unconsumed_tail
    except zlib.error as broken:
        raise BackupError(f"The copy in the file cannot be unpacked: {broken}.") from broken
    yield decompressor.flush()
    if not decompressor.eof:
        raise BackupError("The copy in the file breaks off before its end.")


@dataclass(frozen=True)
class Scratch:
    path: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path.as_posix()}"

    def counts(self) -> dict[str, int]:
        with _opened(self.path) as cursor:
            _refuse_broken(cursor)
            return manifest.row_counts(cursor, _tables(cursor))


@contextlib.contextmanager
def scratch(live, pieces: Iterator[bytes]) -> Iterator[Scratch]:
    """The copy as a database file of its own, removed afterwards."""
    with _folder(live) as folder:
        write_out(database_bytes(pieces), folder / "scratch.sqlite3")
        yield Scratch(folder / "scratch.sqlite3")


@contextlib.contextmanager
def _folder(live) -> Iterator[Path]:
    """A folder beside the database: that disk holds the readable record already, and no other disk may."""
    file = sqlite_file(live)
    parent = file.parent if file else None
    if parent:
        _clear(parent)
    with tempfile.TemporaryDirectory(prefix=ASIDE, dir=parent) as folder:
        yield Path(folder)


def _clear(parent: Path) -> None:
    """Remove copies that a power cut left; those of today may still be in use."""
    for path in parent.iterdir():
        if LEFT_BEHIND.fullmatch(path.name) and path.stat().st_mtime < time.time() - DAY_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Cursor]:
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            yield connection.cursor()
    except sqlite3.DatabaseError as broken:
        raise BackupError(f"The copy cannot be read as a database: {broken}.") from broken


def _tables(cursor) -> list[str]:
    cursor.execute(
        r"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'"
    )
    return sorted(name for (name,) in cursor.fetchall())


def _compressed(path: Path) -> Iterator[bytes]:
    compressor = zlib.compressobj(FAST)
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(PIECE), b""):
            yield compressor.compress(piece)
    yield compressor.flush()
