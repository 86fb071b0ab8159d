"""The migrated test database: made once, then copied by every worker of every run in which nothing changed.

Migrating takes a quarter of a minute, copying less than a second. A copy is named by a digest of everything
that shapes it; without one of that name the database is migrated as ever. PostgreSQL is copied by pg_dump
where PG_BIN names its programs, as `python -m tests.postgres` does.
"""

import contextlib
import fcntl
import hashlib
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import distributions
from pathlib import Path

from django.conf import settings
from django.core import management
from django.db import connections
from django.utils import timezone

FOLDER = settings.BASE_DIR / ".pytest_cache" / "migrated"
APPS = ("clinic", "patients", "treatments", "demo")
# What answers requests: migrating runs nothing of it.
UNUSED = {"views", "forms", "static", "templatetags", "__pycache__"}


@contextlib.contextmanager
def migrated_once(folder: Path = FOLDER) -> Iterator[None]:
    """Within the block Django's `migrate` of an empty test database takes the copy, or makes it."""
    plain = management.call_command

    def call_command(name, *args, **options):
        migrate = partial(plain, name, *args, **options)
        return fill(options["database"], folder, migrate) if name == "migrate" else migrate()

    management.call_command = call_command
    try:
        yield
    finally:
        management.call_command = plain


def fill(alias: str, folder: Path, migrate: Callable[[], None]) -> None:
    """One process at a time: the first one migrates, the others copy what it has made."""
    copies = copies_of(connections[alias])
    if copies is None:
        migrate()
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{copies.kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        copy = folder / f"{digest()}.{copies.kind}"
        if copy.exists():
            copies.load(copy)
            return
        migrate()
        for former in folder.glob(f"*.{copies.kind}"):
            former.unlink()
        unfinished = folder / f"{copies.kind}.unfinished"
        copies.save(unfinished)
        unfinished.replace(copy)


def digest(base: Path = settings.BASE_DIR) -> str:
    """Of the apps, the settings, what is installed, and the day.

    Rows of a new database are dated: tests of a day find the same ones however old the copy is.
    """
    shaping = hashlib.sha256()
    installed = sorted(f"{one.name} {one.version}" for one in distributions())
    here = (sys.version, platform.machine(), sqlite3.sqlite_version, str(timezone.localdate()))
    shaping.update("\n".join((*here, *installed)).encode())
    for file in shaping_files(base):
        shaping.update(f"\n{file.relative_to(base)}\n".encode())
        shaping.update(file.read_bytes())
    return shaping.hexdigest()[:24]


def shaping_files(base: Path) -> list[Path]:
    found = [base / "tests" / "settings.py", base / "tests" / "migrated_copies.py"]
    for app in APPS:
        for folder, folders, names in os.walk(base / app):
            folders[:] = set(folders) - UNUSED
            found += [Path(folder) / name for name in names]
    return sorted(found)


@dataclass(frozen=True)
class SqliteCopies:
    connection: object
    kind: str = "sqlite3"

    def load(self, copy: Path) -> None:
        self.connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(copy)) as migrated:
            migrated.backup(self.connection.connection)

    def save(self, copy: Path) -> None:
        copy.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(copy)) as migrated:
            self.connection.connection.backup(migrated)


@dataclass(frozen=True)
class PostgresCopies:
    connection: object
    programs: Path

    @property
    def kind(self) -> str:
        return f"postgresql-{self.connection.pg_version}"

    def load(self, copy: Path) -> None:
        name = self.connection.settings_dict["NAME"]
        self._run("pg_restore", "--no-owner", "--single-transaction", f"--dbname={name}", copy)

    def save(self, copy: Path) -> None:
        self._run("pg_dump", "--no-owner", "--format=custom", f"--file={copy}")

    def _run(self, program: str, *arguments: str | Path) -> None:
        known = self.connection.settings_dict
        server = {name: str(known[name]) for name in ("HOST", "PORT", "USER", "PASSWORD") if known[name]}
        place = {**os.environ, "PGDATABASE": known["NAME"], **{f"PG{name}": server[name] for name in server}}
        subprocess.run([self.programs / program, *arguments], env=place, check=True)


def copies_of(connection) -> SqliteCopies | PostgresCopies | None:
    if connection.vendor == "sqlite":
        return SqliteCopies(connection)
    programs = os.environ.get("PG_BIN")
    if connection.vendor == "postgresql" and programs:
        return PostgresCopies(connection, Path(programs))
    return None
