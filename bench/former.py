"""The empty page of the commit that the aims were set at, served from a git worktree of its own."""

import contextlib
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import server
from bench.browser import HttpBrowser
from bench.server import HOST

COMMIT = "e55f0a2ccdacd4252b69e58a1d4e9ca7630094bf"
EMPTY = "/bench/empty/"
# A small practice: its empty page asks for the session and the user, whatever else there is.
PATIENTS = "40"


@contextlib.contextmanager
def serving(database: str, served: str, password: str) -> Iterator[Callable[[], float]]:
    """Gives what asks for the empty page and tells the seconds. Servers reach the database at `served`."""
    with worktree() as root:
        server.manage(database, "migrate", "--verbosity", "0", root=root)
        size = ("--patients", PATIENTS, "--sessions-per-patient", "1")
        server.manage(database, "demo", *size, "--password", password, root=root)
        with server.running(served, root=root) as port:
            browser = HttpBrowser(HOST, port)
            browser.sign_in("therapist", password)
            yield lambda: _seconds(browser)
            browser.connection.close()


def _seconds(browser: HttpBrowser) -> float:
    answer = browser.get(EMPTY)
    if answer.status != 200:
        raise SystemExit(f"The empty page of {COMMIT[:7]} answered {answer.status}.")
    return answer.seconds


@contextlib.contextmanager
def worktree() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-former-") as folder:
        path = Path(folder) / "tree"
        _git("worktree", "add", "--detach", "--quiet", str(path), COMMIT)
        try:
            yield path
        finally:
            _git("worktree", "remove", "--force", str(path))


def _git(*arguments: str) -> None:
    done = subprocess.run(["git", *arguments], cwd=server.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"git {' '.join(arguments[:2])} failed: {done.stderr.strip()}")
