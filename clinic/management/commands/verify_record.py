"""Checks that the record stands as it was written: audit chain, rows, locks and their surroundings, seals."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from clinic.actions import audit as audit_actions
from clinic.audit import gaps, rows, verification
from clinic.locks import changeable

PROGRESS_INTERVAL_SECONDS = 5
NO_ANCHOR = (
    "Not seen without --since ANCHOR: an end of the chain that was cut off with the rows it had written."
)
WHOLE = "The record is as it was written."
ONLY_NOW = (
    "Not seen: what was changed before the same row was written again by the product, or before a migration "
    "that changed its table, or that was broken off. Verify every night, and before each update."
)


class Command(BaseCommand):
    help = (
        "Check the audit chain, each row against its last event, the locks with what surrounds them, and the "
        "seals. Names what is not as it was written, and exits with 1 then. It only reads, but for --note; "
        "people may go on working."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--anchor", action="store_true", help="print the head of the chain, to keep elsewhere, and leave"
        )
        parser.add_argument(
            "--scope", action="store_true", help="list what is not checked and why, and leave"
        )
        parser.add_argument(
            "--locks", action="store_true", help="list when the rows of each table lock, and leave"
        )
        parser.add_argument(
            "--only",
            action="append",
            choices=list(verification.CHECKS),
            help="check this part alone; may be given more than once",
        )
        parser.add_argument(
            "--note",
            action="store_true",
            help="write the result of a whole check into the audit, for a monitor",
        )
        parser.add_argument("--since", metavar="ANCHOR", help="check against a head that was kept elsewhere")
        parser.add_argument("--show", type=int, default=20, help="faults to name (default: %(default)s)")

    def handle(self, *, anchor, scope, locks, since, show, only=None, note=False, **options):
        for asked, lines in ((anchor, anchor_line), (scope, unchecked), (locks, changeable.lines)):
            if asked:
                self.stdout.write("\n".join(lines()))
                return
        since_anchor = read(since) if since else None
        found = Found(self.stderr.write, show)
        for name in only or verification.CHECKS:
            self.run_check(verification.CHECKS[name], found)
        if since_anchor:
            with found.reading("Anchor"):
                found.add(verification.anchor_faults(since_anchor))
            self.stdout.write(
                f"Anchor: event {since_anchor.seq:,}, taken {since_anchor.at:%Y-%m-%d %H:%M} UTC."
            )
        if waiting := gaps.count():
            self.stdout.write(
                f"Looks that wait to be filed: {waiting:,}. The next look at a page files them."
            )
        if not since_anchor:
            self.stdout.write(NO_ANCHOR)
        self.conclude(found, whole=not only, note=note)

    def conclude(self, found: "Found", *, whole: bool, note: bool) -> None:
        if whole and note:
            audit_actions.record_check(faults=found.count)
        found.refuse()
        self.stdout.write(WHOLE if whole else "What was checked is as it was written.")

    def run_check(self, check: verification.RecordCheck, found: "Found") -> None:
        total, before = 0, found.count
        with found.reading(check.name):
            total = check.count()
            found.add(check.faults(Progress(self.stdout, check, total)))
        wrong = found.count - before
        result = f"{wrong:,} found that are not as written" if wrong else "as written"
        self.stdout.write(f"{check.name}: {total:,} {check.unit}, {result}.")


class Found:
    """The faults: the first ones are named, all of them counted."""

    def __init__(self, write, show: int):
        self.write, self.show, self.count, self.first = write, show, 0, None

    def add(self, faults: Iterable[verification.Fault]) -> None:
        for fault in faults:
            self.first = self.first or fault
            self.count += 1
            if self.count <= self.show:
                self.write(f"{fault.where} {fault.description}. [{fault.kind}]")

    @contextmanager
    def reading(self, name: str) -> Iterator[None]:
        """A table that is gone, or that this role may not read, is a fault of its part and hides no other."""
        try:
            yield
        except DatabaseError as error:
            reason = str(error).partition("\n")[0]
            self.add([verification.Fault(name, "unreadable", f"could not be read: {reason}")])

    def refuse(self) -> None:
        if self.first is None:
            return
        more = max(self.count - self.show, 0)
        rest = f" {more:,} more were not named; --show names them." if more else ""
        raise CommandError(
            f"The record is not as it was written. First: {self.first.where} {self.first.description}. "
            f"{self.count:,} found in all.{rest}"
        )


class Progress:
    """Writes every few seconds how far a long check has come."""

    def __init__(self, stdout, check: verification.RecordCheck, total: int):
        self.stdout, self.check, self.total, self.written_at = stdout, check, total, time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self.written_at >= PROGRESS_INTERVAL_SECONDS:
            self.written_at = time.monotonic()
            self.stdout.write(f"{self.check.name}: {done:,} of {self.total:,} {self.check.unit}")
            self.stdout.flush()


def anchor_line() -> list[str]:
    return [verification.current_anchor()]


def unchecked() -> list[str]:
    """What no event covers, with the reasons, and what no check can see."""
    tables = [f"table {table}: {reason}" for table, reason in rows.UNCOVERED.items()]
    columns = [
        f"column {table}.{column}: {reason}" for (table, column), reason in rows.UNCOVERED_COLUMNS.items()
    ]
    return [*tables, *columns, NO_ANCHOR, ONLY_NOW]


def read(text: str) -> verification.Anchor:
    try:
        return verification.read_anchor(text)
    except verification.InvalidAnchor as refused:
        raise CommandError(str(refused)) from refused
