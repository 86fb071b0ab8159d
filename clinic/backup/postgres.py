"""Copies and restores PostgreSQL with pg_dump and pg_restore, in one snapshot while people work."""

import contextlib
import glob
import os
import re
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings

from clinic.backup import BackupError, manifest

PIECE = 1024 * 1024
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/libpq/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)


@contextlib.contextmanager
def open_copy(live) -> Iterator[tuple[manifest.Manifest, Iterator[bytes]]]:
    """The manifest and the bytes of a dump, both from one snapshot of a transaction of its own."""
    with _cursor(live) as cursor:
        program = _program("pg_dump", cursor)
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # a long dump must not count as idle
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        found = manifest.read_from_database(cursor, "postgresql", _tables(cursor))
        yield found, _dump(live, program, snapshot)
        cursor.execute("ROLLBACK")


def _dump(live, program: str, snapshot: str) -> Iterator[bytes]:
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    with _run(
        [program, *_server(live), *options, live.settings_dict["NAME"]], live, stdout=subprocess.PIPE
    ) as dump:
        yield from iter(lambda: dump.stdout.read(PIECE), b"")


def read_back(live, pieces: Iterator[bytes]) -> None:
    """Let pg_restore read the whole archive without restoring it."""
    with _cursor(live) as cursor:
        program = _program("pg_restore", cursor)
    _feed([program, f"--file={os.devnull}"], live, pieces)


def database_bytes(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The copy as it is: an archive for pg_restore."""
    return pieces


@dataclass(frozen=True)
class Scratch:
    live: object
    name: str

    @property
    def url(self) -> str:
        """For the environment of a child process, never for its command line."""
        known = self.live.settings_dict
        options = {name: value for name, value in known["OPTIONS"].items() if isinstance(value, str | int)}
        more = f"?{urlencode(options)}" if options else ""
        return f"postgres://{self._account()}@{self._place()}/{self.name}{more}"

    def _account(self) -> str:
        user, password = self.live.settings_dict["USER"] or "", self.live.settings_dict["PASSWORD"] or ""
        return quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")

    def _place(self) -> str:
        """The host and port, or the folder of a socket, which a URL has behind the port."""
        host, port = self.live.settings_dict["HOST"] or "", self.live.settings_dict["PORT"]
        where = f":{port}" if port else ""
        return f"{where}/{host}" if host.startswith("/") else f"{host}{where}"

    def counts(self) -> dict[str, int]:
        with _cursor(self.live, self.name) as cursor:
            return manifest.row_counts(cursor, _tables(cursor))


@contextlib.contextmanager
def scratch(live, pieces: Iterator[bytes]) -> Iterator[Scratch]:
    """The dump restored into a database of its own on the same server, dropped afterwards."""
    if live.vendor != "postgresql":
        raise BackupError(
            "The backup was taken from PostgreSQL. Set DATABASE_URL to a PostgreSQL server to try it on."
        )
    name = f"filiform_drill_{uuid.uuid4().hex[:12]}"
    with _cursor(live) as cursor:
        program = _program("pg_restore", cursor)
        _create(cursor, name)
        try:
            options = ["--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={name}"]
            _feed([program, *_server(live), *options], live, pieces)
            yield Scratch(live, name)
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _create(cursor, name: str) -> None:
    cursor.execute(
        "SELECT current_user, pg_encoding_to_char(encoding), datcollate, datctype, "
        "(SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user) "
        "FROM pg_database WHERE datname = current_database()"
    )
    role, encoding, collate, ctype, may = cursor.fetchone()
    if not may:
        raise BackupError(
            f"The role {role} may not create databases, and the drill needs one to try the backup in. Let it "
            f'(ALTER ROLE "{role}" CREATEDB), or set DATABASE_URL to another server for the drill.'
        )
    cursor.execute(
        f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING %s LC_COLLATE %s LC_CTYPE %s',
        [encoding, collate, ctype],
    )


@contextlib.contextmanager
def _cursor(live, name: str = ""):
    """A cursor on a connection of its own, outside the caller's transaction."""
    own = live.copy()
    own.settings_dict["NAME"] = name or own.settings_dict["NAME"]
    try:
        with own.cursor() as cursor:
            yield cursor
    finally:
        own.close()


def _tables(cursor) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    return [name for (name,) in cursor.fetchall()]


def _program(name: str, cursor) -> str:
    """The path of a program of the server's release, else of the next newer one."""
    cursor.execute("SHOW server_version_num")
    server = int(cursor.fetchone()[0]) // 10000
    candidates = [(number, path) for path in _places(name) if (number := _release(path)) >= server]
    if not candidates:
        raise BackupError(
            f"There is no {name} of PostgreSQL {server} or newer here. Install the client programs (Debian "
            f"and Ubuntu: `apt install postgresql-client-{server}`; macOS: `brew install libpq`), or name "
            "the folder they are in with PG_BIN."
        )
    return min(candidates, key=lambda found: found[0])[1]


def _places(name: str) -> list[str]:
    if settings.PG_BIN:
        folders = [settings.PG_BIN]
    else:
        folders = os.get_exec_path() + [folder for place in PLACES for folder in glob.glob(place)]
    return [found for folder in folders if (found := shutil.which(name, path=folder))]


def _release(path: str) -> int:
    output = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r" (\d+)", output)
    return int(number[1]) if number else 0


def _server(live) -> list[str]:
    """Options for host and user. The password is in the environment: everybody can read a command line."""
    options, _ = live.client.settings_to_cmd_args_env(live.settings_dict, [])
    return [*options[1:-1], "--no-password"]


def _feed(command: list[str], live, pieces: Iterator[bytes]) -> None:
    with _run(command, live, stdin=subprocess.PIPE) as program:
        # a program that failed stops reading; its error output says why
        with contextlib.suppress(BrokenPipeError):
            for piece in pieces:
                program.stdin.write(piece)
        with contextlib.suppress(BrokenPipeError):
            program.stdin.close()


@contextlib.contextmanager
def _run(command: list[str], live, **pipes) -> Iterator[subprocess.Popen]:
    """Run a program; it is killed when the block ends early, and a failure is raised as BackupError."""
    _, secrets = live.client.settings_to_cmd_args_env(live.settings_dict, [])
    with tempfile.TemporaryFile() as output:
        environment = {**os.environ, **(secrets or {})}
        process = subprocess.Popen(command, env=environment, stderr=output, **pipes)
        try:
            yield process
            code = process.wait()
        finally:
            _stop(process)
        if code:
            output.seek(0)
            raise BackupError(f"{Path(command[0]).name} failed: {_first_line(output.read())}")


def _stop(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _first_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[0] if lines else "it did not say why"
