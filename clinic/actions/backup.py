"""Making, trying and opening a backup. The audit event names the file and the number of rows only."""

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
    """Make a sealed copy of the database. The file gets its name only after it was read back completely."""
    secret, engine = sealing.current_key(), ENGINES[live.vendor]
    with engine.open_copy(live) as (manifest, pieces), folder.unfinished(into, manifest.at) as (path, file):
        sealing.seal(chain([manifest.line()], pieces), secret, file)
        folder.flush_to_disk(file)
        engine.read_back(live, open_backup(path)[1])
        return FinishedBackup(folder.give_final_name(path), manifest)


def record_backup(made: FinishedBackup) -> None:
    counts = {"file": made.path.name, "rows": made.manifest.rows, "events": made.manifest.events}
    with transaction.atomic():
        audit.record("backup.made", None, by=None, changes={name: [None, n] for name, n in counts.items()})


def try_backup(live, path: Path) -> list[str]:
    """The faults of a backup, tried in a scratch database. The result is recorded in the live one."""
    faults = list(backup_faults(live, path))
    with transaction.atomic():
        audit.record(
            "backup.drill_failed" if faults else "backup.drilled",
            None,
            by=None,
            changes={"file": [None, path.name]},
            reason=" ".join(faults),
        )
    return faults


def write_out(path: Path, to: Path) -> Manifest:
    """Write the readable copy of a backup to `to`. A file that breaks off leaves nothing there."""
    manifest, pieces = open_backup(path)
    folder.write_out(ENGINES[manifest.engine].database_bytes(pieces), to)
    audit.look("backup.opened", None, by=None, reason=path.name)
    return manifest
