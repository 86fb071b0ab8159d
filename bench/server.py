"""Runs the real server on loopback with a database of a given size."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_SECONDS = 60
KEYS = {"SECRET_KEY": secrets.token_urlsafe(48), "AUDIT_KEY": secrets.token_urlsafe(48)}


def environment(database: str, **more: str) -> dict[str, str]:
    """Production settings, without TLS and without collected static files; `more` replaces some of them."""
    plain = {"DEBUG": "false", "SECURE_SSL_REDIRECT": "false", "HASHED_STATIC": "false"}
    settings = {"DJANGO_SETTINGS_MODULE": "bench.settings", "DATABASE_URL": database, "ALLOWED_HOSTS": HOST}
    return {**KEYS, **os.environ, **plain, **settings, **more}


def manage(database: str, *arguments: str, root: Path = ROOT, **more: str) -> str:
    """Runs a command of manage.py and returns its output; `root` is the folder of another version."""
    command = [sys.executable, "manage.py", *arguments]
    environ = environment(database, **more)
    done = subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"manage.py {arguments[0]} failed:\n{done.stderr[-2000:]}")
    return done.stdout


@contextlib.contextmanager
def running(database: str, *, root: Path = ROOT, **more: str) -> Iterator[int]:
    """Runs the server until the block ends; gives its port."""
    with started(database, root=root, **more) as (port, _process):
        yield port


@contextlib.contextmanager
def started(
    database: str, *, root: Path = ROOT, log: Path | None = None, **more: str
) -> Iterator[tuple[int, int]]:
    """Runs the server until the block ends; gives its port and its process. `log` takes what it reports."""
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--listen", f"{HOST}:{port}"]
    with process(command, port, root=root, log=log, environ=environment(database, **more)) as server:
        yield port, server.pid


@contextlib.contextmanager
def process(
    command: list[str],
    port: int,
    *,
    root: Path = ROOT,
    log: Path | None = None,
    environ: dict[str, str] | None = None,
) -> Iterator[subprocess.Popen]:
    """Runs a program that answers on a port until the block ends. `log` takes what it reports."""
    with contextlib.ExitStack() as stack:
        errors = stack.enter_context(log.open("wb")) if log else None
        server = subprocess.Popen(command, cwd=root, env=environ, stdout=subprocess.DEVNULL, stderr=errors)
        try:
            _wait_for(port, server)
            yield server
        finally:
            server.terminate()
            server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _wait_for(port: int, server: subprocess.Popen) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.02)
    raise SystemExit("The server did not start.")
