"""Whether a backup can be lived from: brought back into a scratch database, migrated and verified there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from clinic.backup import BackupError, manifest, postgres, sealing, sqlite

ENGINES = {"sqlite": sqlite, "postgresql": postgres}


def open_backup(path: Path) -> tuple[manifest.Manifest, Iterator[bytes]]:
    """The manifest and the copy of a sealed file, which is verified as it is read."""
    known = sealing.known_keys()
    return manifest.read_manifest(_pieces(path, known))


def _pieces(path: Path, known: list[str]) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from sealing.unseal(file, known)


def backup_faults(live, path: Path) -> Iterator[str]:
    """What is wrong with a backup: each a sentence; none when it can be lived from."""
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
    if said := _manage(scratch.url, "migrate", "--verbosity", "0"):
        yield f"The copy cannot be migrated to this release: {said}"
        return
    if lost := found.lost(scratch.counts()):
        yield f"Migrating the copy to this release lost rows: {'; '.join(lost)}."
    if said := _manage(scratch.url, "verify_record", "--since", found.anchor):
        yield said


def _manage(url: str, *words: str) -> str:
    """What a command said when it failed. It runs in a process that knows the scratch database alone."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
    ran = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    if not ran.returncode:
        return ""
    lines = ran.stderr.strip().splitlines() or [f"{words[0]} failed and did not say why."]
    return lines[-1].removeprefix("CommandError: ")
