"""manage.py move_record: copies the practice into an empty database of the other engine, verified there."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from clinic.actions import moving
from clinic.backup import BackupError
from clinic.management import termination
from clinic.moving import MoveError, target

GOES_ON = "The practice goes on here as before; the target is not served and can be begun again."


class Command(BaseCommand):
    help = (
        "Move the practice from SQLite to PostgreSQL or back: copy everything into an empty database and "
        "verify both. Stop serving first. Nobody can write meanwhile; afterwards this database is not served."
    )

    def add_arguments(self, parser):
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument("--to", metavar="DATABASE_URL", help="an empty database of the other engine")
        group.add_argument("--stay", action="store_true", help="serve the practice here after all, and leave")

    def handle(self, *, to, stay, **options):
        try:
            with termination.clean_exit():
                self.stay() if stay else self.move(to)
        except (MoveError, BackupError) as refused:
            raise CommandError(str(refused)) from refused
        except (DatabaseError, OSError) as error:
            raise CommandError(f"The move broke off: {target.first_line(error)} {GOES_ON}") from error
        except KeyboardInterrupt as stopped:
            raise CommandError(f"The move was stopped. {GOES_ON}") from stopped

    def move(self, to: str) -> None:
        moved = moving.move(to, tell=self.tell)
        self.stdout.write(
            f"The practice is in {target.ENGINES[moved.engine]} now: {moved.rows:,} rows, {moved.events:,} "
            "audit events, verified. Set DATABASE_URL to it and serve; this database is not served any more."
        )
        self.stdout.write(f"Anchor of both: {moved.anchor}")

    def stay(self) -> None:
        moving.stay()
        self.stdout.write("The practice is served here again. Remove the copy that it had moved to.")

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
