"""manage.py restore_drill: tries a backup, or writes out the copy in it."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from clinic.actions import backup
from clinic.backup import BackupError, folder
from clinic.management import sentences, termination

NEWEST = "newest"


class Command(BaseCommand):
    help = (
        "Try a backup: bring it back into a scratch database, migrate it, compare its rows with what was "
        "counted, verify chain, locks and seals, and remove it again. Exits with 1 when anything is off."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default=NEWEST, help="the backup (default: %(default)s)")
        parser.add_argument(
            "--folder",
            type=Path,
            default=settings.BACKUP_FOLDER,
            help="where backups lie (default: BACKUP_FOLDER)",
        )
        parser.add_argument(
            "--to",
            type=Path,
            metavar="PATH",
            help="do not try it: put the copy, readable, at PATH, and leave",
        )

    def handle(self, *, file, to, **options):
        try:
            path = folder.newest(options["folder"]) if file == NEWEST else Path(file)
            with termination.clean_exit():
                self.write_out(path, to) if to else self.drill(path)
        except BackupError as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(
                f"{error.filename or path}: {error.strerror}. Nothing was left behind."
            ) from error
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {sentences.first_line(error)}.") from error

    def drill(self, path: Path) -> None:
        found = backup.try_backup(connection, path)
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{path.name} cannot be relied on. First: {found[0]}")
        self.stdout.write(f"{path.name} is as it was written: brought back, migrated, counted and verified.")

    def write_out(self, path: Path, to: Path) -> None:
        manifest = backup.write_out(path, to)
        self.stdout.write(
            f"The copy of {manifest.at:%Y-%m-%d %H:%M} UTC is at {to}: {manifest.rows:,} rows, "
            f"{manifest.events:,} audit events. Everybody who can read that file can read the record."
        )
        self.stdout.write(f"Check it with: verify_record --since {manifest.anchor}")
