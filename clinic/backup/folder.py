"""The folder of backups: a file gets its name when it is complete, and older ones are rotated."""

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
    """How many days, weeks and months keep their newest backup; all backups of the last day are kept."""

    days: int = 7
    weeks: int = 4
    months: int = 12


@contextlib.contextmanager
def unfinished(folder: Path, at: datetime) -> Iterator[tuple[Path, BinaryIO]]:
    """A file to write, readable for its owner only; removed unless `give_final_name` was called."""
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
    """Write the file to the disk and close it: Windows cannot rename an open file."""
    file.flush()
    os.fsync(file.fileno())
    file.close()


def write_out(pieces: Iterable[bytes], path: Path) -> None:
    """Write a new file, readable for its owner only; removed again when the pieces break off."""
    descriptor = os.open(path, _NEW, 0o600)
    with contextlib.ExitStack() as unless_whole:
        unless_whole.callback(path.unlink)
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            flush_to_disk(file)
        unless_whole.pop_all()


def give_final_name(path: Path) -> Path:
    """Give a complete file its name, durably even after a power cut."""
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
    """The backups in the folder, newest first: files with our name and our beginning."""
    found = [path for path in folder.iterdir() if NAME.fullmatch(path.name)] if folder.is_dir() else []
    return sorted((path for path in found if _is_ours(path)), key=lambda path: path.name, reverse=True)


def newest(folder: Path) -> Path:
    found = backups(folder)
    if not found:
        raise BackupError(f"There is no backup in {folder}. Run `python manage.py backup`, or name the file.")
    return found[0]


def rotate(folder: Path, policy: RotationPolicy, *, made: Path) -> list[Path]:
    """Remove what the policy does not keep; never the one just made, and no foreign file."""
    existing = backups(folder)
    to_keep = paths_to_keep(existing, policy) | {
        path for path in existing if _at(path) > _at(made) - timedelta(days=1)
    }
    removed = [path for path in existing if path not in to_keep] + _broken_off(folder)
    for path in removed:
        path.unlink(missing_ok=True)
    return removed


def paths_to_keep(existing: list[Path], policy: RotationPolicy) -> set[Path]:
    periods: list[tuple[int, Callable[[date], object]]] = [
        (policy.days, lambda day: day),
        (policy.weeks, lambda day: day.isocalendar()[:2]),
        (policy.months, lambda day: (day.year, day.month)),
    ]
    to_keep = set()
    for number, period in periods:
        newest_of: dict = {}
        for path in existing:
            newest_of.setdefault(period(_at(path).date()), path)
        to_keep |= set(list(newest_of.values())[:number])
    return to_keep


def _at(path: Path) -> datetime:
    return datetime.strptime(NAME.fullmatch(path.name)[1], STAMP).replace(tzinfo=UTC)


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(max(map(len, MAGICS))).startswith(MAGICS)


def _broken_off(folder: Path) -> list[Path]:
    """Unfinished files that a power cut left; one of today may still be in use."""
    old = time.time() - DAY_SECONDS
    names = (path for path in folder.iterdir() if path.name.endswith(UNFINISHED))
    return [p for p in names if NAME.fullmatch(p.name.removesuffix(UNFINISHED)) and p.stat().st_mtime < old]
