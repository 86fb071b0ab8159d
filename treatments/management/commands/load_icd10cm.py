"""manage.py load_icd10cm FILE: brings the diagnosis codes of a year from the publisher's order file."""

import datetime as dt
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from clinic.rules import code_sets, order_file
from treatments.actions.code_sets import load_file
from treatments.rules import code_sets as rules

APRIL = "april"


class Command(BaseCommand):
    help = (
        "Load the ICD-10-CM order file of a fiscal year (icd10cm_order_2027.txt, unpacked), and say which"
        " families of codes it changes. Loads all of the file or nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the order file of the publisher")
        parser.add_argument("--year", type=int, help="the fiscal year, where the name of the file has none")
        parser.add_argument(
            "--from",
            type=dt.date.fromisoformat,
            dest="valid_from",
            metavar="YYYY-MM-DD",
            help="the first day, where it is not 1 October (1 April for a file that says April)",
        )

    def handle(self, *args, file: Path, year: int | None, valid_from: dt.date | None, **options):
        fiscal_year = _year(file, year)
        try:
            loaded = load_file(
                file, fiscal_year=fiscal_year, valid_from=valid_from or _first_day(file, fiscal_year)
            )
        except order_file.NotTheOrderFile as refused:
            raise CommandError(f"Nothing was loaded. {refused}") from None
        except OSError as error:
            raise CommandError(f"Nothing was loaded. {file} cannot be read: {error.strerror}.") from None
        for line in rules.lines(loaded):
            self.stdout.write(line)


def _year(file: Path, year: int | None) -> int:
    named = order_file.year_in(file.name)
    if year is None and named is None:
        raise CommandError(
            "Nothing was loaded. The file's name has no year: add --year, such as --year 2027."
        )
    if year is not None and named is not None and year != named:
        raise CommandError(f"Nothing was loaded. {file.name} is a file of {named}, and --year says {year}.")
    return year or named or 0


def _first_day(file: Path, fiscal_year: int) -> dt.date:
    begins, _ends = code_sets.days_of(fiscal_year)
    return dt.date(fiscal_year, 4, 1) if APRIL in file.name.lower() else begins
