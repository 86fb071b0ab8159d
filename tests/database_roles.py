"""Database roles of PostgreSQL that own nothing, and acting as one of them within a test's transaction."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg2
from django.db import connection
from django.test.client import ClientHandler

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "deploy"
PASSWORD = "a long one"


def run(*statements: str) -> None:
    """Past Django's cursor, so that what counts or fails the statements of a request does not see these."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def name_of(prefix: str) -> str:
    """Roles belong to the whole server: each test database, and so each worker, needs names of its own."""
    return f"{prefix}_{connection.settings_dict['NAME']}"


@contextlib.contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Everything in the block runs as if this role had signed in: it is the session's role as well."""
    run(f'SET LOCAL SESSION AUTHORIZATION "{role}"')
    try:
        yield
    finally:
        # a transaction that has failed gives the role back itself, when it is rolled back
        with contextlib.suppress(psycopg2.errors.InFailedSqlTransaction):
            run("RESET SESSION AUTHORIZATION")


def serving_statements(role: str, database: str = "") -> list[str]:
    """What docs/deploy/ makes of the serving role, under that name, for that database or the test's."""
    database = database or connection.settings_dict["NAME"]
    made = re.search(r"CREATE ROLE filiform_serve .*?;", text_of("roles.sql"), re.S)[0]
    grants = re.sub(r"^(?:\\.*|BEGIN;|COMMIT;)$", "", text_of("grants.sql"), flags=re.M)
    return [_here(made, role, database), _here(grants, role, database)]


def text_of(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")


def _here(statements: str, role: str, database: str) -> str:
    plain = statements.replace(":'serve_password'", f"'{PASSWORD}'").replace(':"DBNAME"', f'"{database}"')
    # as a value it has quotes already
    return re.sub(r"(')?filiform_serve\b", lambda found: f"'{role}" if found[1] else f'"{role}"', plain)


@contextlib.contextmanager
def requests_as(role: str) -> Iterator[None]:
    """Every request of a test client runs as this role; what the test does besides stays the owner's."""
    plain = ClientHandler.__call__

    def as_role(handler, environ):
        with acting_as(role):
            return plain(handler, environ)

    ClientHandler.__call__ = as_role
    try:
        yield
    finally:
        ClientHandler.__call__ = plain
