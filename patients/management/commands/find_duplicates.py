"""manage.py find_duplicates [--csv FILE]: pairs who are likely one person, listed for the page too."""

from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from clinic import audit
from clinic.rules import csv_export
from patients.actions import merged
from patients.models import LikelyPair
from patients.rules.identity import duplicates
from patients.rules.identity.likeness import ComparedPatient, Likeness
from patients.selectors import merged as merged_selectors
from patients.selectors.identity import duplicates as selectors

HEAD = ["ref_a", "ref_b", "score", "reasons"]


class Command(BaseCommand):
    help = (
        "List pairs of patients who are likely one person: both references, the score from 0 to 100 and what "
        "they have in common. Names nobody; that it ran is recorded. The page of possible duplicates shows "
        "these pairs from then on. Those of whom somebody said that they are two people do not come back."
    )

    def add_arguments(self, parser):
        parser.add_argument("--csv", type=Path, metavar="FILE", help="write the list into a new file")

    def handle(self, *, csv: Path | None = None, **options):
        # first, so that no list exists of which the record does not know
        audit.look("patient.duplicates_listed", None, by=None)
        people = selectors.everybody()
        pairs = _undecided(people)
        merged.list_pairs(
            LikelyPair(one_id=one.pk, other_id=other.pk, score=likeness.score)
            for one, other, likeness in pairs
        )
        rows = [
            (one.ref, other.ref, like.score, ", ".join(map(str, like.same))) for one, other, like in pairs
        ]
        if csv is None:
            for row in rows:
                self.stdout.write("  ".join(map(str, row)))
        else:
            _write(csv, rows)
        patients = sum(person is standing for person, standing in people)
        found = f"{len(rows):,} likely pair{'' if len(rows) == 1 else 's'} among {patients:,} patients"
        self.stdout.write(f"{found}{f', in {csv}' if csv else ''}.")


def _undecided(
    people: Sequence[tuple[ComparedPatient, ComparedPatient]],
) -> list[tuple[ComparedPatient, ComparedPatient, Likeness]]:
    """Likely pairs of records that stand, by what is likeliest of them and of those merged into them,

    of whom nobody said that they are two people; the likeliest first.
    """
    stands = {person.ref: standing.ref for person, standing in people}
    kept_apart = {frozenset(stands.get(ref, ref) for ref in pair) for pair in merged_selectors.kept_apart()}
    found: dict[frozenset[str], tuple[ComparedPatient, ComparedPatient, Likeness]] = {}
    for pair in duplicates.likely_pairs([person for person, _standing in people]):
        first, second = people[pair.one][1], people[pair.other][1]
        if first.pk > second.pk:
            first, second = second, first
        refs = frozenset((first.ref, second.ref))
        if len(refs) > 1 and refs not in kept_apart:
            found.setdefault(refs, (first, second, pair.likeness))
    return [*found.values()]


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
