"""PgBouncer in transaction mode on loopback, in front of a PostgreSQL server."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bench import server

# Every statement outside of a transaction may reach another connection, so nothing may outlive one: the
# options of a start are left out, and the one that the product asks for is given to each connection here.
SETTINGS = """[databases]
* = host={host} port={port} connect_query='SET jit = off'

[pgbouncer]
listen_addr = {listen}
listen_port = {listen_port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 20
max_client_conn = 400
ignore_startup_parameters = extra_float_digits,options
logfile = {folder}/log
"""


@contextlib.contextmanager
def running(address: str) -> Iterator[int]:
    """Stands in front of the server of this address until the block ends; gives its port."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise SystemExit("There is no pgbouncer here. Install it, such as with apt-get install pgbouncer.")
    parts, port = urlsplit(address), server.free_port()
    with tempfile.TemporaryDirectory(prefix="bench-pooler-") as name:
        folder = Path(name)
        about = {"host": parts.hostname, "port": parts.port or 5432, "listen": server.HOST}
        settings = SETTINGS.format(**about, listen_port=port, folder=folder)
        (folder / "settings.ini").write_text(settings, encoding="utf-8")
        (folder / "users").write_text(f'"{parts.username}" "{parts.password}"\n', encoding="utf-8")
        with server.process([program, "-q", *_account(folder), str(folder / "settings.ini")], port):
            yield port


def _account(folder: Path) -> list[str]:
    """PgBouncer refuses root, which lends it an account."""
    if os.geteuid() != 0:
        return []
    for path in (folder, *folder.iterdir()):
        shutil.chown(path, "nobody")
    return ["-u", "nobody"]


def pooled(address: str, port: int) -> str:
    """The address of the same database through the pooler.

    Cursors that the server keeps between transactions cannot be had there. The product does without anyway,
    the former commit and the stock admin do when they are told to.
    """
    parts = urlsplit(address)
    return (
        f"postgres://{parts.username}:{parts.password}@{server.HOST}:{port}{parts.path}"
        "?DISABLE_SERVER_SIDE_CURSORS=True"
    )
