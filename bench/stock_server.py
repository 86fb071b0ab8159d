"""Makes the stock project's database, fills it and serves it with gunicorn."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

from bench import server
from bench.server import HOST
from bench.stock import filling

USERNAME = "stock"
WORKERS = 2
# Sessions to save three sites in, one for each round.
EMPTY_SESSIONS = 100
# gunicorn keeps a connection open, as the product's server does, only with threads
THREADS = 4


@contextlib.contextmanager
def running(record: str, database: str, served: str, *, password: str) -> Iterator[int]:
    """Gives the port. `record` is the demo's database, `served` the stock one as servers reach it."""
    _django(database, "migrate", "--run-syncdb", "--verbosity", "0")
    about = ("--noinput", "--username", USERNAME, "--email", "stock@example.org")
    _django(database, "createsuperuser", *about, DJANGO_SUPERUSER_PASSWORD=password)
    filling.fill(record, database, empty_sessions=EMPTY_SESSIONS)
    port = server.free_port()
    command = [
        sys.executable, "-m", "gunicorn", "bench.stock.wsgi", "--bind", f"{HOST}:{port}",
        "--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "120", "--log-level", "warning",
    ]  # fmt: skip
    with server.process(command, port, environ=_environment(served)):
        yield port


def _environment(database: str, **more: str) -> dict[str, str]:
    return server.environment(database, DJANGO_SETTINGS_MODULE="bench.stock.settings", **more)


def _django(database: str, *arguments: str, **more: str) -> None:
    command = [sys.executable, "-m", "django", *arguments]
    environ = _environment(database, **more)
    done = subprocess.run(command, cwd=server.ROOT, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The stock project's {arguments[0]} failed:\n{done.stderr[-2000:]}")
