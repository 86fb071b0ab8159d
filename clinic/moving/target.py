"""The database that a practice moves into: opened by its URL, empty or begun anew, its tables made."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import environ
from django.conf import settings
from django.db import DatabaseError, connections
from django.utils.connection import ConnectionDoesNotExist

from clinic.backup import child, postgres
from clinic.locks import moves, triggers
from clinic.moving import MoveError
from clinic.values import databases
from clinic.values.databases import sqlite_file

ALIAS = "moved"
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# Files that SQLite keeps beside a database.
BESIDE = ("", "-wal", "-shm", "-journal")


@contextlib.contextmanager
def opened(url: str, source) -> Iterator:
    """A connection to a database of the other engine that is empty, or was left by a move that broke off."""
    connection = _connection(url)
    try:
        if connection.vendor == source.vendor:
            raise MoveError(_same_engine(connection, source))
        with _answering(connection):
            _refuse_filled(connection)
            yield connection
    finally:
        connection.close()
        with contextlib.suppress(ConnectionDoesNotExist, AttributeError):
            del connections[ALIAS]
        connections.settings.pop(ALIAS, None)


def _connection(url: str):
    if environ.Env.DB_SCHEMES.get(url.partition(":")[0]) not in databases.ENGINES:
        raise MoveError(
            "Filiform runs on SQLite and on PostgreSQL. Name a database of one of them with --to."
        )
    try:
        parsed = environ.Env.db_url_config(url)
    except ValueError as unreadable:
        raise MoveError("That is no URL of a database. Write it as in DATABASE_URL.") from unreadable
    config = databases.configuration(parsed, settings.BASE_DIR)
    defaults = {**connections.settings["default"], "OPTIONS": {}, "CONN_MAX_AGE": 0}
    empty = dict.fromkeys(("USER", "PASSWORD", "HOST", "PORT"), "")
    connections.settings[ALIAS] = {**defaults, **empty, **config}
    return connections[ALIAS]


def _same_engine(connection, source) -> str:
    known, other = source.settings_dict, connection.settings_dict
    if all(known[name] == other[name] for name in ("NAME", "HOST", "PORT")):
        return "The practice is in that database. Name an empty one of the other engine with --to."
    return (
        f"Both are {ENGINES[source.vendor]}, and a move goes to the other engine. To the same engine a "
        "practice goes by a backup: docs/admin.md, Bring one back."
    )


@contextlib.contextmanager
def _answering(connection) -> Iterator[None]:
    """The target must be there: a PostgreSQL database, or the folder of a SQLite file, which is made."""
    file = sqlite_file(connection)
    if file and not file.exists():
        try:
            file.touch(mode=0o600)
        except OSError as error:
            raise MoveError(f"The file {file} cannot be made: {error.strerror}.") from error
    try:
        connection.ensure_connection()
        moves.mark_of(connection)
    except DatabaseError as error:
        _remove_if_blank(file)
        raise MoveError(f"The target does not answer: {first_line(error)}") from error
    yield


def _remove_if_blank(file: Path | None) -> None:
    if file and file.exists() and not file.stat().st_size:
        file.unlink()


def first_line(error: Exception) -> str:
    """The first line of what a database said, as a sentence."""
    return f"{str(error).strip().partition(chr(10))[0].rstrip('.')}."


def _refuse_filled(connection) -> None:
    tables = sorted(connection.introspection.table_names())
    if tables and moves.UNFINISHED not in tables:
        raise MoveError(
            f"The target is not empty: it has {len(tables)} tables, such as {tables[0]}. Nothing was changed "
            "there. Name an empty database with --to."
        )


def prepare(connection) -> None:
    """Its tables as this release has them, marked as unfinished, without locks: begun anew in any case."""
    _empty(connection)
    moves.set_mark(connection, moves.UNFINISHED)
    # a database that is marked is refused by the checks
    if error := child.run(url_of(connection), "migrate", "--skip-checks", "--verbosity", "0"):
        raise MoveError(f"The tables of the target could not be made: {error}")
    triggers.drop(connection)


def _empty(connection) -> None:
    """What a move that broke off left there."""
    if file := sqlite_file(connection):
        connection.close()
        for ending in BESIDE:
            file.with_name(file.name + ending).unlink(missing_ok=True)
        file.touch(mode=0o600)
        return
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name != moves.UNFINISHED:
                cursor.execute(f'DROP TABLE IF EXISTS "{name}" CASCADE')
    moves.take_mark(connection)


def url_of(connection) -> str:
    """For the environment of a child."""
    if file := sqlite_file(connection):
        return f"sqlite:///{file.as_posix()}"
    return postgres.Scratch(connection, connection.settings_dict["NAME"]).url
