"""Database roles of PostgreSQL that own nothing, and acting as one of them within a test's transaction."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import psycopg2
from django.db import connection
from django.test.client import ClientHandler

ADMIN_PAGE = Path(__file__).resolve().parent.parent / "docs" / "admin.md"
CHAPTER = "### A role that only serves\n"


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


def serving_statements(role: str) -> list[str]:
    """The statements of docs/admin.md that make the serving role, for this database and under that name."""
    chapter = ADMIN_PAGE.read_text(encoding="utf-8").partition(CHAPTER)[2].partition("\n#")[0]
    block = "\n".join(line for line in chapter.splitlines() if line.startswith("    "))
    for written, here in {
        "filiform_serve": f'"{role}"',
        "DATABASE filiform ": f'DATABASE "{connection.settings_dict["NAME"]}" ',
        "ROLE filiform ": "ROLE CURRENT_USER ",
    }.items():
        assert written in block, f"docs/admin.md does not say {written}"
        block = block.replace(written, here)
    # behind the last one stands a line for the shell
    return [statement.strip() for statement in block.split(";")[:-1]]


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
