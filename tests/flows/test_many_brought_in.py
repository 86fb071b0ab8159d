"""A large file of another system: every fault of it named, nothing saved until it is right, then all."""

import csv
import io
import os
import re
import resource
import time
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clinic import audit
from clinic.audit import row_check, verification
from clinic.models import AuditEvent
from patients.models import Coverage, Patient
from tests import drills, people_with_errors
from tests.people_with_errors import Registered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill]

HEAD = ["Chart #", "Last Name", "First Name", "Preferred", "DOB", "Sex", "Cell Phone", "Email",
        "Street", "City", "State", "ZIP", "Insurance", "Notes"]  # fmt: skip
# {column: what makes its cell a fault}; one in a hundred rows has one of them
FAULTS = {"DOB": "2/30/1980", "Sex": "?", "Cell Phone": "555 014 66", "Email": "nobody", "State": "QQ"}
ONE_IN = 100
# source: issue 15, must show
MOST_SECONDS = 5 * 60


def rows_of(people: list[Registered]) -> list[list[str]]:
    """Nobody twice: of two with one name and birth date the second is left out."""
    found = {}
    for number, person in enumerate(people):
        one = person.identity
        if one.born > people_with_errors.YOUNGEST:
            continue
        sex = one.sex[:1].upper()
        born = f"{one.born.month}/{one.born.day}/{one.born.year}"
        found[one.name_key, one.born] = [
            f"A-{number}", one.family_name, one.given_name, one.preferred_name, born, sex, one.phone_key,
            one.email, one.address, "Springfield", "Illinois", one.postal_code or "62701",
            "Medicare" if number % 5 == 0 else "", "Prefers mornings; calls back" if number % 7 == 0 else "",
        ]  # fmt: skip
    return list(found.values())


def spoilt(rows: list[list[str]], chance: Random) -> tuple[list[list[str]], set[tuple[int, str]]]:
    """The rows with faults, and where they are: (row of the spreadsheet, column)."""
    found, faults = [list(row) for row in rows], set()
    for place in chance.sample(range(len(rows)), len(rows) // ONE_IN):
        column = chance.choice([*FAULTS])
        found[place][HEAD.index(column)] = FAULTS[column]
        faults.add((place + 2, column))
    return found, faults


def test_a_large_file_is_refused_with_every_fault_then_brought_in_whole(lead, tmp_path):
    people = people_with_errors.registrations(drills.count(50_000), seed=15, twice=0)
    rows = rows_of(people)
    audit.file_written()
    bad, faults = spoilt(rows, Random(15))
    path = tmp_path / "old.csv"

    write(path, bad)
    started = processor_seconds()
    with pytest.raises(CommandError) as refused:
        bring_in(path)
    looking = processor_seconds() - started
    named = {
        (int(row), column) for row, column in re.findall(r"^Row (\d+), ([^:]+): ", str(refused.value), re.M)
    }
    assert named == faults
    assert (Patient.objects.count(), AuditEvent.objects.filter(code="patient.registered").count()) == (0, 0)

    write(path, rows)
    before, started = time.monotonic(), processor_seconds()
    said = bring_in(path)
    seconds, worked = time.monotonic() - before, processor_seconds() - started
    assert f"{len(rows):,} patients are registered." in said
    assert "Registered " in said
    assert Patient.objects.count() == len(rows)
    assert Coverage.objects.count() == sum(1 for row in rows if row[-2])
    assert AuditEvent.objects.filter(code="patient.registered").count() == len(rows)
    assert [*verification.chain_faults(), *row_check.faults(verification.ignore_progress)] == []
    with pytest.raises(CommandError, match="This very file"):
        bring_in(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    drills.record(
        "A file of another system",
        rows=len(rows),
        faults_named=len(faults),
        seconds_in_all=round(seconds),
        seconds_of_the_processor=round(worked),
        of_the_processor_to_name_faults=round(looking),
        megabytes_at_most=peak,
    )
    # what other programs do on the machine meanwhile is not the import's
    assert looking + worked < MOST_SECONDS * len(people) / 50_000


def processor_seconds() -> float:
    """Of this process, and of PostgreSQL's that works for it."""
    if connection.vendor != "postgresql":
        return time.process_time()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text()
    # source: proc_pid_stat(5), utime and stime; the name before them may have spaces
    ticks = stat.rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def write(path, rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows([HEAD, *rows])
    path.write_bytes(file.getvalue().encode("utf-16"))


def bring_in(path) -> str:
    out = io.StringIO()
    call_command("import_patients", path, "--by=lead", stdout=out)
    return out.getvalue()
