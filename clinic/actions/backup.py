"""Making, trying and opening a backup. The event says which file and how many rows, nothing more."""

from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.db import transaction

from clinic import audit
from clinic.backup import folder, sealing
from clinic.backup.manifest import Manifest
from clinic.backup.trial import ENGINES, backup_faults, open_backup


@dataclass(frozen=True)
class FinishedBackup:
    path: Path
    manifest: Manifest


def make_backup(live, into: Path) -> FinishedBackup:
    """A sealed copy of the database. It has its name only after it was read back whole."""
    secret, engine = sealing.current_key(), ENGINES[live.vendor]
    with engine.taken(live) as (manifest, pieces), folder.unfinished(into, manifest.at) as (path, file):
        sealing.seal(chain([manifest.line()], pieces), secret, file)
        folder.flush_to_disk(file)
        engine.read_back(live, open_backup(path)[1])
        return FinishedBackup(folder.give_final_name(path), manifest)


def record_backup(made: FinishedBackup) -> None:
    counted = {"file": made.path.name, "rows": made.manifest.rows, "events": made.manifest.events}
    with transaction.atomic():
        audit.record("backup.made", None, by=None, changes={name: [None, n] for name, n in counted.items()})


def try_backup(live, path: Path) -> list[str]:
    """What is wrong with a backup; tried in a scratch database and noted in the live one."""
    found = list(backup_faults(live, path))
    with transaction.atomic():
        audit.record(
            "backup.drill_failed" if found else "backup.drilled",
            None,
            by=None,
            changes={"file": [None, path.name]},
            reason=" ".join(found),
        )
    return found


def write_out(path: Path, to: Path) -> Manifest:
    """Put the copy of a backup, readable, at `to`. A file that breaks off leaves nothing there."""
    manifest, pieces = open_backup(path)
    folder.write_out(ENGINES[manifest.engine].plain(pieces), to)
    audit.look("backup.opened", None, by=None, reason=path.name)
    return manifest
