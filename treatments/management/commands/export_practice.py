"""manage.py export_practice FOLDER --reason WORDS: the whole practice as CSV and JSON with a description."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from clinic.management import sentences, termination
from treatments.actions import practice_export

NOTHING = "Nothing was taken out."


class Command(BaseCommand):
    help = (
        "Take the whole practice out: one CSV and one JSON file for each table, a description of every "
        "column, signed notes as they were signed, all as of one moment. No passwords and keys. Restricted "
        "records are in it. The files are not locked. It is on record first; people may go on working."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder")
        parser.add_argument("--reason", required=True, help="why, for the audit")

    def handle(self, *, folder: Path, reason: str, **options):
        if not reason.strip():
            raise CommandError(f"Say why with --reason. {NOTHING}")
        make(folder)
        try:
            with termination.clean_exit(), removed_unless_whole(folder):
                practice_export.record(by=None, reason=reason.strip())
                tables, rows = practice_export.into_folder(folder)
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}. {NOTHING}") from error
        except DatabaseError as error:
            message = sentences.first_line(error)
            raise CommandError(f"The database could not be read: {message}. {NOTHING}") from error
        self.stdout.write(f"{folder}: {rows:,} rows of {tables} tables. Keep it locked away.")


@contextlib.contextmanager
def removed_unless_whole(folder: Path) -> Iterator[None]:
    """Half a practice must not be taken for a whole one, nor lie about."""
    try:
        yield
    except BaseException:
        shutil.rmtree(folder)
        raise


def make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise CommandError(f"{folder} is there already. Name a new folder. {NOTHING}") from None
    except OSError as error:
        raise CommandError(f"{folder} cannot be made: {error.strerror}. {NOTHING}") from error
