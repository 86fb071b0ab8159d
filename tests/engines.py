"""Which tests mean the same on every engine: those run once, on SQLite.

They never reach a database, or they ask what pages say and to whom; other tests open every page on both.
"""

import types

import pytest

# A test with one of these talks to the database itself, or starts something that does.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup", "settings"}
DATABASE_MARKS = ("django_db", "postgres", "drill")
CONNECTIONS = {"connection", "connections"}
PROCESSES = {"subprocess", "tests.postgres"}


def differs_by_engine(item: pytest.Function) -> bool:
    return reaches_a_database(item) and not item.get_closest_marker("one_engine")


def reaches_a_database(item: pytest.Function) -> bool:
    """True in doubt: a test in a class, and one whose file starts processes or names a connection, counts."""
    return (
        item.cls is not None
        or any(item.get_closest_marker(mark) for mark in DATABASE_MARKS)
        or not DATABASE_FIXTURES.isdisjoint(item.fixturenames)
        or not PROCESSES.isdisjoint(imported_by(item.module))
        or not CONNECTIONS.isdisjoint(vars(item.module))
    )


def imported_by(module: types.ModuleType) -> set[str]:
    return {value.__name__ for value in vars(module).values() if isinstance(value, types.ModuleType)}
