"""Where SQLite keeps its file."""

from pathlib import Path
from urllib.parse import unquote, urlsplit


def sqlite_file(connection) -> Path | None:
    """The file behind the connection; None for PostgreSQL and for databases in memory."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or ":memory:" in name or "mode=memory" in name:
        return None
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)
