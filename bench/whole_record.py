"""What is done with the whole record by a command: backup, the drill of it, verification."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from bench import server

COMMANDS = {"backup": "backup", "restore drill": "restore_drill", "verification": "verify_record"}


@dataclass(frozen=True)
class Duration:
    """`most` is the largest that one of its processes became, in MB."""

    seconds: float
    most: float


def durations(database: str) -> dict[str, Duration]:
    """Each command once, on the database itself: no pooler stands between."""
    with tempfile.TemporaryDirectory(prefix="bench-backups-") as folder:
        more = {"BACKUP_FOLDER": folder, "BACKUP_KEY": secrets.token_urlsafe(48)}
        environ = server.environment(database, **more)
        return {what: _duration(command, environ) for what, command in COMMANDS.items()}


def _duration(command: str, environ: dict[str, str]) -> Duration:
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", command],
            cwd=server.ROOT, env=environ, stdout=output, stderr=output,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"manage.py {command} failed:\n{output.read().decode()[-2000:]}")
    return Duration(time.monotonic() - began, usage.ru_maxrss / 1024)
