"""What the commands that bring a file in have in common: reading it, its columns, its faults, progress."""

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError

from clinic import access
from clinic.access import Permission
from clinic.models import User
from clinic.rules import csv_import
from clinic.rules.csv_import import Table
from clinic.values.errors import Reason
from patients.actions.bringing_in.files import FileFacts
from patients.rules.bringing_in import columns
from patients.rules.bringing_in.columns import Target
from patients.rules.bringing_in.files import digest_of
from patients.rules.bringing_in.rows import Fault

NOTHING = "Nothing was saved."


@dataclass(frozen=True)
class OpenedFile:
    table: Table
    facts: FileFacts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the CSV file of the old system")
    parser.add_argument(
        "--by", required=True, metavar="USERNAME", help="who answers for it: a lead or an administrator"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and save nothing")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="HEADER=NAME",
        help="what a column of the file holds, where the guess is wrong; HEADER= leaves it out",
    )


def person(username: str) -> User:
    """Whoever answers for it; refused without the permission that the page asks for."""
    user = User.objects.with_roles().filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"{NOTHING} Nobody with an open account signs in as “{username}”.")
    if not access.may(user, Permission.PATIENTS_BRING_IN):
        raise CommandError(f"{NOTHING} “{username}” is neither a lead nor an administrator.")
    return user


def opened(file: Path, kind: str, changes: list[str], targets: tuple[Target, ...]) -> OpenedFile:
    """The file as a table, with what its columns hold."""
    content = _content(file)
    try:
        table = csv_import.table(content)
    except csv_import.NotATable as refused:
        raise CommandError(f"{NOTHING} {refused}") from None
    said = dict(_said(change) for change in changes)
    mapping, reasons = columns.chosen(table.head, columns.guess(table.head, targets), said, targets)
    refuse(reasons)
    return OpenedFile(table, FileFacts(kind, file.name, digest_of(content), mapping))


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > csv_import.MAX_BYTES:
            raise CommandError(f"{NOTHING} {csv_import.too_large(csv_import.MAX_BYTES)}")
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{NOTHING} {file} cannot be read: {error.strerror}.") from None


def _said(change: str) -> tuple[str, str]:
    header, sign, name = change.rpartition("=")
    if not sign:
        raise CommandError(f"{NOTHING} Write --column HEADER=NAME, such as --column “Cell no=phone”.")
    return header, name.strip()


def refuse(reasons: Iterable[Reason]) -> None:
    found = [str(reason.message) for reason in reasons]
    if found:
        raise CommandError("\n".join([NOTHING, *found]))


def column_lines(opened_file: OpenedFile, targets: tuple[Target, ...]) -> Iterable[str]:
    """The guess, as it is or was changed."""
    labels = {target.name: target.label for target in targets}
    table, mapping = opened_file.table, opened_file.facts.mapping
    yield f"{len(table.rows):,} rows, {table.encoding}, separated by {table.separator!r}."
    for header, name in zip(table.head, mapping, strict=True):
        yield f"  {header or '(no name)'}: {f'{labels[name]} ({name})' if name else 'left out'}"


def faults_error(faults: list[Fault], rows: int) -> CommandError:
    """Every fault, by row and column."""
    faults = sorted(faults, key=lambda fault: fault.row)
    in_rows = len({fault.row for fault in faults})
    count = f"{len(faults):,} fault{'' if len(faults) == 1 else 's'} in {in_rows:,} of {rows:,} rows"
    return CommandError(
        "\n".join([*map(str, faults), f"{NOTHING} {count}: correct the file, then run again."])
    )


def telling(write: Callable[[str], None], what: str, total: int) -> Callable[[int], None]:
    """Progress on one line of a terminal, on lines of their own in a log."""
    ending = "\r" if sys.stdout.isatty() else "\n"

    def tell(done: int) -> None:
        write(f"{what} {done:,} of {total:,}{ending}")

    return tell
