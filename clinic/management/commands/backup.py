"""manage.py backup: one sealed file with a consistent copy of everything; people may go on working."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from clinic.actions import backup
from clinic.backup import BackupError, folder
from clinic.management import sentences, termination

NOTHING_KEPT = "Nothing of it was kept; earlier backups stand."
KEEP = folder.RotationPolicy()


class Command(BaseCommand):
    help = (
        "Make a backup: a copy of the database as of one moment, checked and sealed with BACKUP_KEY, in a "
        "folder of its own. Older ones are thinned out. People may go on working."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder", type=Path, default=settings.BACKUP_FOLDER, help="where to (default: BACKUP_FOLDER)"
        )
        help_text = "keep the newest backup of each of the last N {0} that have one (default: %(default)s)"
        for name, number in (("days", KEEP.days), ("weeks", KEEP.weeks), ("months", KEEP.months)):
            parser.add_argument(
                f"--{name}", type=int, metavar="N", default=number, help=help_text.format(name)
            )

    def handle(self, *, days, weeks, months, **options):
        target = options["folder"]
        with termination.clean_exit():
            made = make(target)
        self.stdout.write(
            f"{made.path}: {made.manifest.rows:,} rows of {len(made.manifest.counts)} tables, "
            f"{made.manifest.events:,} audit events, {made.path.stat().st_size:,} bytes. Read back whole."
        )
        self.stdout.write(f"Anchor of the copy: {made.manifest.anchor}")
        note(made)
        removed = folder.rotate(target, folder.RotationPolicy(days, weeks, months), made=made.path)
        self.stdout.write(f"{len(folder.backups(target))} backups stand, {len(removed)} older removed.")


def make(into: Path) -> backup.FinishedBackup:
    try:
        return backup.make_backup(connection, into)
    except BackupError as refused:
        raise CommandError(f"{refused} {NOTHING_KEPT}") from refused
    except DatabaseError as error:
        message = sentences.first_line(error)
        raise CommandError(f"The database could not be copied: {message}. {NOTHING_KEPT}") from error
    except OSError as error:
        raise CommandError(
            f"The backup could not be written to {into}: {error.strerror}. {NOTHING_KEPT}"
        ) from error


def note(made: backup.FinishedBackup) -> None:
    try:
        backup.record_backup(made)
    except DatabaseError as error:
        raise CommandError(
            f"The backup stands and is whole, but the audit could not note it: {sentences.first_line(error)}."
        ) from error
