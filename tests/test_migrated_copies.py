"""The copies of the migrated test database: taken while nothing has changed, made anew otherwise."""

import contextlib
import sqlite3
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import migrated_copies

SHAPING = [
    "clinic/models/practice.py",
    "clinic/locks/triggers.py",
    "patients/migrations/0001_the_patients.py",
    "treatments/catalogues/muscles.csv",
    "tests/settings.py",
]
SERVING = ["clinic/views/health.py", "treatments/static/board.js", "patients/forms/identity.py"]


@pytest.fixture
def product(tmp_path):
    """A folder that holds one file of each sort."""
    for name in (*SHAPING, *SERVING, "tests/migrated_copies.py"):
        file = tmp_path / "product" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("before")
    return tmp_path / "product"


@pytest.fixture
def empty_database(monkeypatch):
    """empty_database() -> a new database in memory, which `fill` then fills."""
    with contextlib.ExitStack() as stack:

        def make() -> sqlite3.Connection:
            database = stack.enter_context(contextlib.closing(sqlite3.connect(":memory:")))
            wrapper = SimpleNamespace(connection=database, ensure_connection=lambda: None)
            copies = migrated_copies.SqliteCopies(wrapper)
            monkeypatch.setattr(migrated_copies, "copies_of", lambda _: copies)
            return database

        yield make


def filled(database: sqlite3.Connection, folder, word: str) -> list:
    """The rows after `fill`; migrating would write that word."""

    def migrate():
        database.executescript(f"CREATE TABLE migrated (word); INSERT INTO migrated VALUES ('{word}');")

    migrated_copies.fill("default", folder, migrate)
    return database.execute("SELECT word FROM migrated").fetchall()


@pytest.mark.parametrize("name", SHAPING)
def test_what_shapes_the_database_is_in_the_digest(product, name):
    before = migrated_copies.digest(product)

    (product / name).write_text("after")

    assert migrated_copies.digest(product) != before


@pytest.mark.parametrize("name", SERVING)
def test_what_only_serves_makes_no_new_copy(product, name):
    before = migrated_copies.digest(product)

    (product / name).write_text("after")

    assert migrated_copies.digest(product) == before


def test_a_copy_of_yesterday_is_not_taken(product, time_machine):
    time_machine.move_to("2031-05-06T12:00:00-05:00")
    before = migrated_copies.digest(product)

    time_machine.move_to("2031-05-07T12:00:00-05:00")

    assert migrated_copies.digest(product) != before


def test_the_second_database_is_copied_from_the_first(empty_database, tmp_path):
    assert filled(empty_database(), tmp_path, "first") == [("first",)]

    assert filled(empty_database(), tmp_path, "second") == [("first",)]


def test_after_a_change_it_is_migrated_and_the_former_copy_goes(empty_database, tmp_path, monkeypatch):
    filled(empty_database(), tmp_path, "before")
    monkeypatch.setattr(migrated_copies, "digest", lambda: "another")

    assert filled(empty_database(), tmp_path, "after") == [("after",)]
    assert [file.name for file in tmp_path.glob("*.sqlite3")] == ["another.sqlite3"]


def test_a_database_that_fails_to_migrate_leaves_no_copy(empty_database, tmp_path):
    database = empty_database()
    database.execute("CREATE TABLE migrated (word)")

    with pytest.raises(sqlite3.OperationalError):
        filled(database, tmp_path, "half")

    assert filled(empty_database(), tmp_path, "whole") == [("whole",)]


@pytest.mark.django_db
def test_the_database_of_the_suite_lacks_no_migration():
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
