"""How a database is opened, whichever URL names it: SQLite tuned for several people, or PostgreSQL."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
ENGINES = (SQLITE, POSTGRESQL)
NO_DATABASE = (
    "DATABASE_URL names no database. Write sqlite:///filiform.sqlite3 or "
    "postgres://user:password@host:5432/name."
)
SCHEMES = {"sqlite", "postgres", "postgresql", "psql", "pgsql"}
# Django's own, whose connections last from request to request.
KEPT_SQLITE = "clinic.django_internals.sqlite"
# own choice: a few people keep none of eight threads busy, and after a minute's rest nearly each request had
# opened a connection, whose first draft page costs PostgreSQL some 140 ms: it reads its catalogs anew. Lost
# ones are noticed before a request's first statement, however old. An hour, and not for ever: what a server's
# process has gathered of memory goes with it, and an address that names another machine is asked again.
KEPT_SECONDS = 60 * 60


def known(url: str) -> str:
    """The URL, where it names one of the two engines."""
    if url.partition(":")[0] not in SCHEMES:
        raise ImproperlyConfigured(NO_DATABASE)
    return url


def configuration(parsed: dict, base_folder: Path) -> dict:
    """What Django needs of a URL that was parsed. A relative SQLite file stands below the folder."""
    config = {**parsed}
    config.setdefault("CONN_MAX_AGE", KEPT_SECONDS)
    config["CONN_HEALTH_CHECKS"] = True
    if config["ENGINE"] != SQLITE:
        # A pooler lends a server's connection for one transaction; such a cursor would stay behind on it.
        config.setdefault("DISABLE_SERVER_SIDE_CURSORS", True)
        # Compiling a page's large query takes seconds, running it milliseconds. Options in the URL win.
        config.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
        return config
    path = (base_folder / config["NAME"]).resolve()
    # mode=rw: serving never creates a database, only the migrate command does.
    config["ENGINE"], config["NAME"] = KEPT_SQLITE, f"file:{path.as_posix()}?mode=rw"
    config["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # 20 MB of pages per connection: an index of a large practice does not fit the 2 MB default. Each
        # thread of a server keeps one, and all of a process together hold no more than 24 MB.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-20000; PRAGMA soft_heap_limit=24000000;",
    }
    return config


def sqlite_file(connection) -> Path | None:
    """The file behind the connection; None for PostgreSQL and for databases in memory."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or ":memory:" in name or "mode=memory" in name:
        return None
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)
