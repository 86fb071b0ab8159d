"""`manage.py move_record`: a practice goes to the other engine whole, or stays where it is."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from clinic import audit
from clinic.locks import moves, surroundings, triggers
from clinic.locks.surroundings import record_models
from clinic.management.commands import serve
from clinic.models import AuditEvent
from clinic.moving.columns import table_of
from tests.live_practice import ROOT, LivePractice, copied_database, copied_file, new_database

IS_POSTGRESQL = connection.vendor == "postgresql"
# A server that nobody started.
NOBODY = "postgres://filiform:none@127.0.0.1:9/none"
MARKS = {moves.UNFINISHED: "was not finished", moves.MOVED: "moved from here"}
# What somebody might put where the practice was left, so that events vanish unseen.
FORGED = {
    "sqlite": [
        "DROP TRIGGER filiform_moved",
        "CREATE TRIGGER filiform_moved BEFORE INSERT ON clinic_auditevent BEGIN SELECT RAISE(IGNORE); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION filiform_moved() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NULL; END'",
    ],
}


@pytest.fixture
def here(tmp_path):
    """The URL of a copy of the test database."""
    if not IS_POSTGRESQL:
        yield copied_file(tmp_path / "here.sqlite3")
        return
    with copied_database() as url:
        yield url


def moved(to: str) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("move_record", to=to)
    return str(refused.value)


def other_engine(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'other.sqlite3'}" if IS_POSTGRESQL else NOBODY


@pytest.mark.django_db
@pytest.mark.parametrize(("mark", "said"), MARKS.items())
def test_a_database_with_a_mark_is_not_served(mark, said, client):
    moves.set_mark(connection, mark)

    with pytest.raises(CommandError, match=said):
        serve.refuse_unready_database()
    with pytest.raises(CommandError, match=said):
        call_command("check", databases=["default"])
    with pytest.raises(ImproperlyConfigured, match=said):
        moves.refuse_to_serve()
    with pytest.raises(CommandError, match=said):
        call_command("move_record", to=NOBODY)
    assert client.get("/health/").status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_that_is_taken_off_leaves_nothing(mark, client):
    moves.set_mark(connection, mark)

    moves.take_mark(connection)

    serve.refuse_unready_database()
    moves.refuse_to_serve()
    assert client.get("/health/").json() == {"status": "ok"}
    assert list(surroundings.faults(lambda done: None)) == []


@pytest.mark.django_db
def test_nobody_writes_where_the_practice_moved_from():
    moves.set_mark(connection, moves.MOVED)

    with pytest.raises(IntegrityError, match="moved to another database"), transaction.atomic():
        audit.record("user.signed_in", None, by=None)

    assert list(surroundings.faults(lambda done: None)) == []


@pytest.mark.django_db
def test_another_trigger_under_the_name_of_the_mark_is_foreign():
    moves.set_mark(connection, moves.MOVED)
    with connection.cursor() as cursor:
        for statement in FORGED[connection.vendor]:
            cursor.execute(statement)

    found = [(fault.where, fault.kind) for fault in surroundings.faults(lambda done: None)]

    assert found == [("trigger filiform_moved on clinic_auditevent", "foreign")]


@pytest.mark.django_db
def test_a_practice_that_stays_is_served_again(capsys):
    moves.set_mark(connection, moves.MOVED)

    call_command("move_record", stay=True)

    assert "served here again" in capsys.readouterr().out
    assert AuditEvent.objects.latest("seq").code == "record.stayed"
    serve.refuse_unready_database()


@pytest.mark.django_db
def test_a_practice_that_did_not_move_cannot_be_taken_back():
    with pytest.raises(CommandError, match="has not moved from here"):
        call_command("move_record", stay=True)


@pytest.mark.django_db
def test_another_audit_key_is_refused(settings, tmp_path):
    settings.AUDIT_KEY = "another-audit-key-" + "n" * 40

    assert "AUDIT_KEY is another" in moved(other_engine(tmp_path))


@pytest.mark.django_db
def test_a_former_audit_key_that_is_named_is_none_of_another(settings, tmp_path):
    settings.AUDIT_FORMER_KEYS = [settings.AUDIT_KEY]
    settings.AUDIT_KEY = "another-audit-key-" + "n" * 40

    assert "AUDIT_KEY" not in moved("nonsense")


@pytest.mark.django_db
def test_migrations_that_wait_are_named(tmp_path):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()

    assert "1 migrations are not applied here" in moved(other_engine(tmp_path))


@pytest.mark.django_db
def test_a_record_without_its_locks_stays(tmp_path):
    triggers.drop(connection)

    assert "locks of signed records are missing" in moved(other_engine(tmp_path))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "SQLite and on PostgreSQL"),
        ("mysql://root@127.0.0.1/practice", "SQLite and on PostgreSQL"),
        ("postgres://127.0.0.1:notaport/x", "no URL of a database"),
    ],
)
def test_what_is_no_database_for_it_is_said(url, said):
    with pytest.raises(CommandError, match=said):
        call_command("move_record", to=url)


@pytest.mark.django_db
def test_the_same_engine_is_refused(tmp_path):
    same = NOBODY if IS_POSTGRESQL else f"sqlite:///{tmp_path / 'other.sqlite3'}"

    assert "a move goes to the other engine" in moved(same)
    assert not (tmp_path / "other.sqlite3").exists()


@pytest.mark.django_db(transaction=True)
def test_a_target_that_does_not_answer_is_said(here, tmp_path):
    to = f"sqlite:///{tmp_path / 'none' / 'x.sqlite3'}" if IS_POSTGRESQL else NOBODY

    refused = manage(here, "move_record", "--to", to)

    assert (
        "cannot be made" if IS_POSTGRESQL else "CommandError: The target does not answer"
    ) in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_target_that_holds_something_is_refused(here, tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    (tmp_path / "letter").write_text("Dear Ada, " * 500)

    filled = manage(here, "move_record", "--to", f"sqlite:///{tmp_path / 'other'}")
    foreign = manage(here, "move_record", "--to", f"sqlite:///{tmp_path / 'letter'}")

    assert "CommandError: The target is not empty: it has 1 tables, such as recipe." in filled.stderr
    assert "CommandError: The target does not answer: file is not a database." in foreign.stderr


def test_every_column_can_be_moved():
    for model in record_models().values():
        assert len(table_of(model).columns) == len(model._meta.local_concrete_fields)


def manage(url: str, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    environment = LivePractice(url).environment
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def practice(django_db_setup, tmp_path_factory) -> str:
    """A demo practice with signed notes in a SQLite file."""
    url = f"sqlite:///{tmp_path_factory.mktemp('practice') / 'practice.sqlite3'}"
    for arguments in (["migrate", "--verbosity", "0"], ["demo", "--patients", "12"]):
        made = manage(url, *arguments)
        assert made.returncode == 0, made.stderr
    return url


@pytest.fixture
def other():
    with new_database() as url:
        yield url


def stored(url: str) -> dict[str, list[tuple]]:
    """Every row of a SQLite file as it is stored; PostgreSQL keeps no order of the keys of JSON."""
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        return {
            table.name: [
                tuple(_plain(column.kind, value) for column, value in zip(table.columns, row, strict=True))
                for row in file.execute(f'SELECT {table.names} FROM {table.quoted} ORDER BY "{table.key}"')
            ]
            for table in map(table_of, record_models().values())
        }


def _plain(kind: str, value):
    return (kind, json.loads(value)) if kind == "json" and value is not None else (type(value), value)


@pytest.mark.drill
@pytest.mark.postgres
def test_a_round_trip_brings_every_row_back(practice, other, tmp_path):
    before, back = stored(practice), f"sqlite:///{tmp_path / 'back.sqlite3'}"

    there = manage(practice, "move_record", "--to", other)
    again = manage(other, "move_record", "--to", back)

    assert "verified. Set DATABASE_URL to it" in there.stdout, there.stderr
    assert "verified. Set DATABASE_URL to it" in again.stdout, again.stderr
    after, chain = stored(back), AuditEvent._meta.db_table
    added = after[chain][len(before[chain]) :]
    after[chain] = after[chain][: len(before[chain])]
    assert after == before
    assert [event for row in added for _, event in row if event == "record.moved"] == ["record.moved"] * 2
    assert manage(back, "verify_record").returncode == 0
    for left in (practice, other):
        assert "moved from here" in manage(left, "serve", "--listen", "127.0.0.1:0").stderr
    assert manage(practice, "move_record", "--stay").returncode == 0
    assert manage(practice, "verify_record").returncode == 0


@pytest.mark.drill
@pytest.mark.postgres
def test_a_record_that_was_tampered_with_stays_where_it_is(practice, other):
    """Nothing is served of what arrived, and the practice goes on where it was."""
    path = practice.removeprefix("sqlite:///")
    change = "UPDATE clinic_location SET name = ?"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as file:
        name = file.execute("SELECT name FROM clinic_location ORDER BY id").fetchone()[0]
        file.execute(f"{change} WHERE id = 1", ["Elsewhere"])
        refused = manage(practice, "move_record", "--to", other)
        file.execute(f"{change} WHERE id = 1", [name])

    assert "CommandError: The target does not verify." in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "was not finished" in manage(other, "serve", "--listen", "127.0.0.1:0").stderr
    assert manage(practice, "check", "--database", "default").returncode == 0


@pytest.mark.drill
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nobody_moves_while_somebody_writes(here, tmp_path):
    with contextlib.closing(psycopg2.connect(here)) as writer, writer.cursor() as cursor:
        cursor.execute("UPDATE clinic_location SET name = name")
        refused = manage(here, "move_record", "--to", f"sqlite:///{tmp_path / 'other.sqlite3'}")

    assert "CommandError: Somebody is writing here." in refused.stderr
    assert manage(here, "check", "--database", "default").returncode == 0


@pytest.mark.drill
@pytest.mark.postgres
def test_a_move_that_was_killed_can_be_begun_again(practice, other):
    command = [sys.executable, "manage.py", "move_record", "--to", other]
    environment = LivePractice(practice).environment
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as move:
        assert any("Nobody can write here" in line for line in move.stdout)
        time.sleep(0.2)
        os.kill(move.pid, signal.SIGKILL)

    assert "was not finished" in manage(other, "serve", "--listen", "127.0.0.1:0").stderr
    assert manage(practice, "check", "--database", "default").returncode == 0
    assert manage(practice, "move_record", "--to", other).returncode == 0
    assert manage(other, "verify_record").returncode == 0
    assert manage(practice, "move_record", "--stay").returncode == 0
