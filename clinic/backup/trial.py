"""Tries a backup: restores it into a scratch database, migrates and verifies it there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from clinic.backup import BackupError, manifest, postgres, sealing, sqlite

ENGINES = {"sqlite": sqlite, "postgresql": postgres}


def open_backup(path: Path) -> tuple[manifest.Manifest, Iterator[bytes]]:
    """The manifest and the copy in a sealed file, which is verified while it is read."""
    known = sealing.known_keys()
    return manifest.read_manifest(_pieces(path, known))


def _pieces(path: Path, known: list[str]) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from sealing.unseal(file, known)


def backup_faults(live, path: Path) -> Iterator[str]:
    """What is wrong with a backup, each a sentence; none when it can be restored."""
    try:
        found, pieces = open_backup(path)
        if unknown := found.unknown():
            yield (
                f"The backup was taken by a newer Filiform: {unknown[0]} is not known here. Install that "
                "release, then try it again."
            )
            return
        with ENGINES[found.engine].scratch(live, pieces) as scratch:
            yield from _faults_in(scratch, found)
    except BackupError as wrong:
        yield str(wrong)


def _faults_in(scratch, found: manifest.Manifest) -> Iterator[str]:
    if differences := found.differences(scratch.counts()):
        yield f"The copy does not have the rows that its manifest counted: {'; '.join(differences)}."
    if error := _manage(scratch.url, "migrate", "--verbosity", "0"):
        yield f"The copy cannot be migrated to this release: {error}"
        return
    if lost := found.lost(scratch.counts()):
        yield f"Migrating the copy to this release lost rows: {'; '.join(lost)}."
    if error := _manage(scratch.url, "verify_record", "--since", found.anchor):
        yield error


def _manage(url: str, *arguments: str) -> str:
    """The last error line of a failed command. It runs in a process that knows only the scratch database."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    process = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    if not process.returncode:
        return ""
    lines = process.stderr.strip().splitlines() or [f"{arguments[0]} failed and did not say why."]
    return lines[-1].removeprefix("CommandError: ")
