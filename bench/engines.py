"""Where databases stand: SQLite files in a folder, or a PostgreSQL server with PgBouncer in front of it."""

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2.sql import SQL, Identifier

from bench import pooler

POSTGRESQL, SQLITE = "PostgreSQL", "SQLite"


def engine_of(address: str) -> str:
    return POSTGRESQL if address.startswith("postgres") else SQLITE


@dataclass(frozen=True)
class SqliteFiles:
    """New databases are files of a folder."""

    folder: Path
    name: str = SQLITE
    about: str = SQLITE

    def new(self, name: str) -> str:
        return f"sqlite:///{self.folder}/{name}.sqlite3"

    def served(self, address: str) -> str:
        return address


@dataclass(frozen=True)
class PooledServer:
    """New databases are created on the server, and dropped when it is closed; servers reach all pooled."""

    address: str
    pooler_port: int
    created: list[str]
    about: str
    name: str = POSTGRESQL

    def new(self, name: str) -> str:
        database = f"bench_{secrets.token_hex(4)}_{name}"
        _run(self.address, SQL("CREATE DATABASE {}").format(Identifier(database)))
        self.created.append(database)
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{database}"))

    def served(self, address: str) -> str:
        return pooler.pooled(address, self.pooler_port)


Engine = SqliteFiles | PooledServer


@contextlib.contextmanager
def opened(name: str, folder: Path, address: str) -> Iterator[Engine]:
    """The engine of this name; `address` is that of the PostgreSQL server."""
    if name == SQLITE:
        yield SqliteFiles(folder)
        return
    created: list[str] = []
    try:
        with pooler.running(address) as port:
            yield PooledServer(address, port, created, _about(address))
    finally:
        for database in created:
            _run(address, SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(database)))


def _about(address: str) -> str:
    """Whether a commit waits for the disk decides what a write costs there."""
    settings = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
    found = {name: _run(address, SQL(f"SHOW {name}"), reads=True) for name in settings}
    version = found.pop("server_version").split()[0]
    told = ", ".join(f"`{name}` {value}" for name, value in found.items())
    return f"PostgreSQL {version} ({told}) with PgBouncer in transaction mode between"


def _run(address: str, statement, *, reads: bool = False) -> str:
    with contextlib.closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if reads else ""
