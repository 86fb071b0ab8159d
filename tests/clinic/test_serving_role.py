"""The role of docs/deploy/ serves every request and cannot switch a lock off."""

import contextlib
import os
import re
import subprocess
from pathlib import Path

import psycopg2
import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from clinic.management.commands import serve
from tests import database_roles, factories
from tests.treatments import notes

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SITES, LOCK = "treatments_needlesite", "filiform_lock_treatments_needlesite"
OTHER_FUNCTION = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
# What takes a lock off, goes around it, or prepares for that.
REFUSED = [
    f"ALTER TABLE {SITES} DISABLE TRIGGER ALL",
    f"ALTER TABLE {SITES} DISABLE TRIGGER {LOCK}_update",
    f"ALTER TABLE {SITES} DROP CONSTRAINT site_arrives_once",
    f"ALTER TABLE {SITES} ADD COLUMN more text",
    f"ALTER TABLE {SITES} RENAME TO elsewhere",
    f"ALTER TABLE {SITES} ENABLE ROW LEVEL SECURITY",
    f"DROP TRIGGER {LOCK}_update ON {SITES}",
    f"DROP FUNCTION {LOCK}() CASCADE",
    f"DROP TABLE {SITES} CASCADE",
    f"ALTER FUNCTION {LOCK}() RESET search_path",
    f"CREATE OR REPLACE FUNCTION {LOCK}() {OTHER_FUNCTION}",
    f"CREATE FUNCTION other() {OTHER_FUNCTION}",
    f"CREATE TRIGGER other BEFORE UPDATE ON {SITES} FOR EACH ROW EXECUTE FUNCTION {LOCK}()",
    f"CREATE RULE other AS ON UPDATE TO {SITES} DO INSTEAD NOTHING",
    f"TRUNCATE {SITES}",
    f"TRUNCATE {SITES} CASCADE",
    "SET session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', FALSE)",
    "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
    f"CREATE TEMP TABLE {SITES} (id bigint)",
    f"CREATE TEMP VIEW {SITES} AS SELECT 1",
    "CREATE TABLE public.other (id bigint)",
    "CREATE SCHEMA other",
    "CREATE ROLE other",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('clinic', '9999', now())",
    "DELETE FROM django_migrations",
    "COPY clinic_auditevent TO PROGRAM 'cat'",
    "UPDATE pg_trigger SET tgenabled = 'D'",
]
NOT_ALLOWED = "42501"


@pytest.fixture
def role():
    name = database_roles.name_of("serve")
    database_roles.run(*database_roles.serving_statements(name))
    return name


def answer_to(statement: str) -> str:
    """The code of PostgreSQL's refusal; nothing where it obeys."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return error.__cause__.pgcode
    return ""


@pytest.mark.parametrize("statement", REFUSED)
def test_the_serving_role_switches_no_lock_off(statement, role):
    with database_roles.acting_as(role):
        assert answer_to(statement) == NOT_ALLOWED


def test_the_serving_role_becomes_nobody_else(role):
    owner, database = connection.settings_dict["USER"], connection.settings_dict["NAME"]
    with database_roles.acting_as(role):
        assert answer_to(f'SET ROLE "{owner}"') == NOT_ALLOWED
        assert answer_to(f'ALTER DATABASE "{database}" SET session_replication_role = replica') == NOT_ALLOWED


def test_serving_and_verifying_need_no_more_than_that_role(role, capsys, draft):
    notes.signed(draft)
    with database_roles.acting_as(role):
        serve.refuse_unready_database()
        serve.refuse_missing_locks()
        call_command("verify_record")
        call_command("remind_credentials")

    assert "The record is as it was written." in capsys.readouterr().out


def test_a_request_runs_as_that_role_and_the_test_as_the_owner(role, client, reception):
    seen = set()

    def note(execute, sql, params, many, context):
        with connection.connection.cursor() as cursor:
            cursor.execute("SELECT session_user, current_user")
            seen.add(cursor.fetchone())
        return execute(sql, params, many, context)

    with database_roles.requests_as(role), connection.execute_wrapper(note):
        client.post(reverse("account_login"), {"login": reception.username, "password": factories.PASSWORD})
        assert seen == {(role, role)}
        seen.clear()
        assert client.session["_auth_user_id"] == str(reception.pk)
        assert (role, role) not in seen


@pytest.fixture
def login(transactional_db):
    """The role as it stands in the database."""
    name = database_roles.name_of("serve")
    connection.ensure_connection()
    database_roles.run(*database_roles.serving_statements(name))
    known = connection.settings_dict
    yield {"host": known["HOST"], "port": known["PORT"], "dbname": known["NAME"], "user": name,
           "password": database_roles.PASSWORD}  # fmt: skip
    database_roles.run(f'DROP OWNED BY "{name}"', f'DROP ROLE "{name}"')


def test_signed_in_at_the_database_it_is_refused_the_same(login):
    with contextlib.closing(psycopg2.connect(**login)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            for statement in REFUSED:
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(statement)


def test_a_backup_is_read_as_that_role(login, tmp_path):
    program = Path(os.environ.get("PG_BIN", "")) / "pg_dump"
    where = [f"--{name}={login[name]}" for name in ("host", "port", "dbname")]
    command = [
        program,
        *where,
        f"--username={login['user']}",
        "--format=custom",
        f"--file={tmp_path / 'copy'}",
    ]

    done = subprocess.run(
        command, env={"PGPASSWORD": login["password"]}, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def psql(transactional_db):
    """Runs a file of docs/deploy/ as it stands, but for names of its own; `filiform` becomes the database."""
    program = Path(os.environ.get("PG_BIN", "")) / "psql"
    if not program.exists():
        pytest.skip("no psql beside this PostgreSQL")
    connection.ensure_connection()
    known, name = connection.settings_dict, database_roles.name_of("owner")

    def run(text: str, *, user: str, password: str, database: str = name) -> subprocess.CompletedProcess:
        where = [f"--host={known['HOST']}", f"--port={known['PORT']}", f"--username={user}"]
        given = {"PGPASSWORD": password, "OWNER_PASSWORD": "owner's own", "SERVE_PASSWORD": "to serve"}
        return subprocess.run(
            [program, "--no-psqlrc", *where, f"--dbname={database}"],
            input=re.sub(r"\bfiliform(?=\b|_serve)", name, text),
            env={"PATH": os.environ["PATH"], **given}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    run.name, run.superuser = name, {"user": known["USER"], "password": known["PASSWORD"]}
    yield run
    database_roles.run(
        f'DROP DATABASE IF EXISTS "{name}"',
        f'DROP ROLE IF EXISTS "{name}"',
        f'DROP ROLE IF EXISTS "{name}_serve"',
    )


def test_the_files_make_an_owner_and_a_role_that_serves(psql):
    owner = {"user": psql.name, "password": "owner's own"}
    serving = {"user": f"{psql.name}_serve", "password": "to serve"}
    made = psql(database_roles.text_of("roles.sql"), **psql.superuser, database="postgres")
    assert (made.returncode, made.stderr) == (0, "")
    psql("CREATE TABLE django_migrations (id int); CREATE TABLE kept (id int)", **owner)

    granted = [psql(database_roles.text_of("grants.sql"), **owner) for _again in range(2)]

    assert [(each.returncode, each.stdout + each.stderr) for each in granted] == [(0, "")] * 2
    psql("CREATE TABLE later (id int GENERATED ALWAYS AS IDENTITY, words text)", **owner)
    for allowed in (
        "INSERT INTO kept VALUES (1)",
        "INSERT INTO later (words) VALUES ('a')",
        "DELETE FROM kept",
    ):
        assert psql(allowed, **serving).stderr == ""
    for refused in (
        "TRUNCATE kept",
        "DROP TABLE later",
        "CREATE TABLE own (id int)",
        "DELETE FROM django_migrations",
    ):
        assert "ERROR" in psql(refused, **serving).stderr


def test_grants_that_leave_a_way_to_create_are_said_and_undone(psql):
    """On PostgreSQL 14 the schema belongs to a superuser: what the owner revokes there goes unheard."""
    psql(database_roles.text_of("roles.sql"), **psql.superuser, database="postgres")
    psql(
        "ALTER SCHEMA public OWNER TO CURRENT_USER; GRANT CREATE ON SCHEMA public TO PUBLIC", **psql.superuser
    )
    owner = {"user": psql.name, "password": "owner's own"}
    psql("CREATE TABLE django_migrations (id int)", **owner)

    said = psql(database_roles.text_of("grants.sql"), **owner)

    assert said.returncode != 0
    assert "may still create" in said.stderr
    assert "ERROR" in psql("TABLE django_migrations", user=f"{psql.name}_serve", password="to serve").stderr
