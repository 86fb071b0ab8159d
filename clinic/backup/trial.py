"""Tries a backup: restores it into a scratch database, migrates and verifies it there."""

from collections.abc import Iterator
from pathlib import Path

from clinic.backup import BackupError, child, manifest, postgres, sealing, sqlite

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
    if error := child.run(scratch.url, "migrate", "--verbosity", "0"):
        yield f"The copy cannot be migrated to this release: {error}"
        return
    if lost := found.lost(scratch.counts()):
        yield f"Migrating the copy to this release lost rows: {'; '.join(lost)}."
    if error := child.run(scratch.url, "verify_record", "--since", found.anchor):
        yield error
