"""A demo that was stopped goes on: the same rows in the end, a whole chain, and nobody's copy."""

import datetime as dt
import io
import json
import os
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from clinic.audit import packing, verification
from clinic.models import AuditEvent, Practice, User
from demo import builder
from demo.making import DemoPlan
from demo.scenarios.definitions import SCENARIOS
from patients.models import Patient
from tests import drills, factories
from tests.demo import stories
from tests.demo.stories import NOW, ignore
from tests.live_practice import copied_database, copied_file
from treatments.models import NeedlingSession, Seal

pytestmark = pytest.mark.django_db

AT_ONCE = len(SCENARIOS) + 1
PATIENTS = 3 * AT_ONCE - 5
LATER = dt.timedelta(days=2)


class Stopped(Exception):
    """In place of whatever stops a build."""


@pytest.fixture(autouse=True)
def pieces(monkeypatch):
    monkeypatch.setattr(builder, "PATIENTS_AT_ONCE", AT_ONCE)


def make(*, now=NOW, report_progress=ignore, processes=1, **plan) -> None:
    with time_machine.travel(NOW, tick=False):
        plan = DemoPlan(**{"patients": PATIENTS, "sessions": 2, **plan})
        builder.build(plan, now=now, report_progress=report_progress, processes=processes)


def make_a_part() -> None:
    def stop(progress):
        raise Stopped

    with pytest.raises(Stopped):
        make(report_progress=stop)


def told_and_rolled_back(*builds) -> dict[str, list[dict]]:
    with transaction.atomic():
        for build in builds:
            build()
        rows = stories.told()
        transaction.set_rollback(True)
    return rows


def go_on() -> None:
    make(now=NOW + LATER)


def with_two_processes() -> None:
    make(processes=2)


def faults() -> dict[str, list]:
    return {
        name: list(check.faults(verification.ignore_progress)) for name, check in verification.CHECKS.items()
    }


@pytest.mark.parametrize("builds", [(make_a_part, go_on), (with_two_processes,)], ids=["stopped", "two"])
def test_however_it_is_built_the_rows_are_the_same(builds):
    unbroken, found = told_and_rolled_back(make), told_and_rolled_back(*builds)
    for label, rows in unbroken.items():
        assert found[label] == rows, label


@pytest.mark.parametrize("builds", [(make_a_part, go_on), (with_two_processes,)], ids=["stopped", "two"])
def test_however_it_is_built_verification_finds_no_fault(builds):
    for build in builds:
        build()
    assert Patient.objects.count() == PATIENTS
    assert Practice.objects.get().is_demo
    assert not any(faults().values())


def test_nobody_is_a_copy_and_each_seal_and_mac_is_its_own():
    make()
    people = Patient.objects.values_list("family_name", "given_name", "born", "phone", "address")
    assert len(set(people)) == PATIENTS
    digests = Seal.objects.values_list("digest", flat=True)
    assert len(set(digests)) == len(digests) == NeedlingSession.objects.signed().count()
    macs = Counter(
        entry.mac
        for packed in AuditEvent.objects.values_list("rows", flat=True)
        for entry in packing.unpack(packed)
    )
    assert not [mac for mac, times in macs.items() if times > 1]


def test_the_record_goes_on_behind_its_keys():
    make(patients=AT_ONCE)
    newest = Patient.objects.order_by("-pk").first()
    assert factories.patient(by=newest.registered_by).pk == newest.pk + 1


def test_the_same_command_goes_on_and_says_how_far_it_is():
    arguments = ("--patients", str(PATIENTS), "--sessions-per-patient", "2")
    make_a_part()
    out = io.StringIO()
    call_command("demo", *arguments, stdout=out)
    first, *others = out.getvalue().splitlines()
    assert first == f"Going on with {AT_ONCE} of {PATIENTS} patients, where an earlier run was stopped."
    assert [line.split()[0] for line in others[:2]] == [str(2 * AT_ONCE), str(PATIENTS)]
    assert "a minute, " in others[0]
    assert others[0].endswith("minutes left")
    assert Patient.objects.count() == PATIENTS


@pytest.mark.parametrize(
    "arguments",
    [("--seed", "another"), ("--sessions-per-patient", "1"), ("--patients", str(AT_ONCE - 1))],
)
def test_another_command_does_not_go_on_with_it(arguments):
    make_a_part()
    plan = {"--patients": str(PATIENTS), "--sessions-per-patient": "2", **dict([arguments])}
    with pytest.raises(CommandError, match=f"other patients was begun here, and {AT_ONCE} patients stand"):
        call_command("demo", *(part for pair in plan.items() for part in pair), stdout=io.StringIO())
    assert Patient.objects.count() == AT_ONCE


def test_somebody_registered_meanwhile_is_not_taken_for_the_demo():
    make_a_part()
    factories.patient(by=User.objects.get(username="reception"))
    assert [reason.code for reason in builder.refusal_reasons(DemoPlan(PATIENTS, 2))] == ["begun-otherwise"]


SCRIPT = "import django; django.setup(); from tests.demo import stories; "
PIECES, FULL_KILLS = 8, 10
BUILD = f"{SCRIPT}stories.build({PIECES * AT_ONCE}, at_once={AT_ONCE}, processes=2)"
VERIFY = f"{SCRIPT}from django.core.management import call_command; call_command('verify_record')"


def python(script: str, database: str) -> subprocess.Popen:
    place = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, env=place, stdout=subprocess.PIPE, text=True
    )


def answer(script: str, database: str) -> str:
    process = python(script, database)
    output, _ = process.communicate()
    assert process.returncode == 0
    return output


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The address of a copy of the empty test database."""
    if connection.vendor == "sqlite":
        yield copied_file(folder / f"{uuid.uuid4()}.sqlite3")
    else:
        with copied_database() as url:
            yield url


def digests(database: str) -> dict[str, str]:
    return json.loads(answer(f"{SCRIPT}import json; print(json.dumps(stories.digests()))", database))


def killed_and_gone_on_with(database: str, *, after: int) -> int:
    """How many patients stood in between."""
    process = python(BUILD, database)
    for _ in range(after):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    standing = int(answer(f"{SCRIPT}print(len(stories.stored_rows()['patients.Patient']))", database))
    answer(BUILD, database)
    return standing


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_killed_and_gone_on_with_equals_an_unbroken_run(tmp_path):
    kills = drills.count(FULL_KILLS)
    with empty_database(tmp_path) as database:
        answer(BUILD, database)
        unbroken = digests(database)
    for number in range(kills):
        after = 1 + number % (PIECES - 2)
        with empty_database(tmp_path) as database:
            standing = killed_and_gone_on_with(database, after=after)
            assert after * AT_ONCE <= standing < PIECES * AT_ONCE
            assert digests(database) == unbroken
            assert "The record is as it was written." in answer(VERIFY, database)
    drills.record("kill -9 of the making of a demo", kills=kills, differing=0)
