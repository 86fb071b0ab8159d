"""A command of Filiform in a process of its own, which knows only the database that it is given."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

from django.conf import settings


@contextlib.contextmanager
def started(url: str, *arguments: str, shows: bool = False) -> Iterator[Callable[[], str]]:
    """It begins at once, and is stopped when the block ends before it does.

    The function that is given waits for its end: the last line that it wrote as an error, blank when it
    succeeded. `shows` lets it write where this process does.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
            env={**os.environ, "DATABASE_URL": url},
            cwd=settings.BASE_DIR,
            stdout=None if shows else subprocess.DEVNULL,
            stderr=errors,
        )

        def error() -> str:
            if not process.wait():
                return ""
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines()
            return (lines or [f"{arguments[0]} failed and did not say why."])[-1].removeprefix(
                "CommandError: "
            )

        try:
            yield error
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()


def run(url: str, *arguments: str) -> str:
    with started(url, *arguments) as error:
        return error()
