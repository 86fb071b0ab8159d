"""manage.py find_duplicates [--csv FILE]: pairs of patients who are likely one person."""

from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from clinic import audit
from clinic.rules import csv_export
from patients.rules.identity import duplicates
from patients.selectors.identity import duplicates as selectors

HEAD = ["ref_a", "ref_b", "score", "reasons"]


class Command(BaseCommand):
    help = (
        "List pairs of patients who are likely one person: both references, the score from 0 to 100 and what "
        "they have in common. Names nobody and changes nothing; that it ran is recorded."
    )

    def add_arguments(self, parser):
        parser.add_argument("--csv", type=Path, metavar="FILE", help="write the list into a new file")

    def handle(self, *, csv: Path | None = None, **options):
        # first, so that no list exists of which the record does not know
        audit.look("patient.duplicates_listed", None, by=None)
        people = selectors.everybody()
        rows = list(_rows(people))
        if csv is None:
            for row in rows:
                self.stdout.write("  ".join(map(str, row)))
        else:
            _write(csv, rows)
        found = f"{len(rows):,} likely pair{'' if len(rows) == 1 else 's'} among {len(people):,} patients"
        self.stdout.write(f"{found}{f', in {csv}' if csv else ''}.")


def _rows(people) -> Iterator[tuple]:
    for pair in duplicates.likely_pairs(people):
        refs = people[pair.one].ref, people[pair.other].ref
        yield *refs, pair.likeness.score, ", ".join(map(str, pair.likeness.same))


def _write(path: Path, rows: list[tuple]) -> None:
    """A new file that only its owner reads."""
    try:
        path.touch(mode=0o600, exist_ok=False)
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv_export.csv_lines(HEAD, rows))
    except FileExistsError:
        raise CommandError(f"{path} is there already. Name another file.") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
