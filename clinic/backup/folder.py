"""Where backups lie: a file gets its name when it is whole, and of the older ones some are kept."""

import contextlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from clinic.backup import BackupError
from clinic.backup.sealing import MAGICS

NAME = re.compile(r"filiform-(\d{8}T\d{6}Z)-[0-9a-f]{6}\.backup")
UNFINISHED = ".unfinished"
STAMP = "%Y%m%dT%H%M%SZ"
DAY_SECONDS = 24 * 60 * 60
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class RotationPolicy:
    """The newest backup of each of so many days, weeks and months that have one; and all of the last day."""

    days: int = 7
    weeks: int = 4
    months: int = 12


@contextlib.contextmanager
def unfinished(folder: Path, at: datetime) -> Iterator[tuple[Path, BinaryIO]]:
    """A file to write, readable for its owner alone; gone when it gets no name from `finish`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"filiform-{at.astimezone(UTC).strftime(STAMP)}-{secrets.token_hex(3)}.backup"
    path = folder / f"{name}{UNFINISHED}"
    descriptor = os.open(path, _NEW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield path, file
    finally:
        path.unlink(missing_ok=True)


def flush_to_disk(file: BinaryIO) -> None:
    """On the disk, and closed: Windows renames no open file."""
    file.flush()
    os.fsync(file.fileno())
    file.close()


def write_out(pieces: Iterable[bytes], path: Path) -> None:
    """A file that was not there, readable for its owner alone; gone again when the pieces break off."""
    descriptor = os.open(path, _NEW, 0o600)
    with contextlib.ExitStack() as unless_whole:
        unless_whole.callback(path.unlink)
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            flush_to_disk(file)
        unless_whole.pop_all()


def give_final_name(path: Path) -> Path:
    """Give a whole file its name, so that it stands there after a power cut too."""
    whole = path.with_name(path.name.removesuffix(UNFINISHED))
    path.rename(whole)
    if os.name == "posix":
        folder = os.open(whole.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return whole


def backups(folder: Path) -> list[Path]:
    """The newest first. Only what has our name and begins as our files do."""
    found = [path for path in folder.iterdir() if NAME.fullmatch(path.name)] if folder.is_dir() else []
    return sorted((path for path in found if _is_ours(path)), key=lambda path: path.name, reverse=True)


def newest(folder: Path) -> Path:
    found = backups(folder)
    if not found:
        raise BackupError(f"There is no backup in {folder}. Run `python manage.py backup`, or name the file.")
    return found[0]


def rotate(folder: Path, keep: RotationPolicy, *, made: Path) -> list[Path]:
    """Remove what is not kept; never the one just made, never what is not ours."""
    there = backups(folder)
    stay = paths_to_keep(there, keep) | {path for path in there if _at(path) > _at(made) - timedelta(days=1)}
    gone = [path for path in there if path not in stay] + _broken_off(folder)
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def paths_to_keep(there: list[Path], keep: RotationPolicy) -> set[Path]:
    periods: list[tuple[int, Callable[[date], object]]] = [
        (keep.days, lambda day: day),
        (keep.weeks, lambda day: day.isocalendar()[:2]),
        (keep.months, lambda day: (day.year, day.month)),
    ]
    stay = set()
    for number, period in periods:
        newest_of: dict = {}
        for path in there:
            newest_of.setdefault(period(_at(path).date()), path)
        stay |= set(list(newest_of.values())[:number])
    return stay


def _at(path: Path) -> datetime:
    return datetime.strptime(NAME.fullmatch(path.name)[1], STAMP).replace(tzinfo=UTC)


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(max(map(len, MAGICS))).startswith(MAGICS)


def _broken_off(folder: Path) -> list[Path]:
    """What a power cut left unfinished; a file of today may still be written."""
    old = time.time() - DAY_SECONDS
    names = (path for path in folder.iterdir() if path.name.endswith(UNFINISHED))
    return [p for p in names if NAME.fullmatch(p.name.removesuffix(UNFINISHED)) and p.stat().st_mtime < old]
