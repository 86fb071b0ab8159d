"""Database roles of PostgreSQL that own nothing, and acting as one of them within a test's transaction."""

import contextlib
from collections.abc import Iterator

from django.db import connection


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
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
        run("RESET SESSION AUTHORIZATION")
