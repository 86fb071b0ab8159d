"""A connection that outlives a request, and is not usable once another file stands where it opened its own.

Opening a database of this many tables takes longer than a plain page. But whoever brings back a backup moves
files, and a connection kept open would go on writing into the file that was moved away.
"""

import os

from django.db.backends.sqlite3 import base

from clinic.values.databases import sqlite_file


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        # before it is opened: what is replaced in between is then noticed, too
        self.opened_file = self._file()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Django asks before the first statement of each request (CONN_HEALTH_CHECKS)."""
        return self._file() == self.opened_file

    def _file(self) -> tuple[int, int] | None:
        """Which file stands there, by its device and number. One that is open keeps its number."""
        path = sqlite_file(self)
        try:
            found = os.stat(path) if path else None
        except FileNotFoundError:
            return None
        return found and (found.st_dev, found.st_ino)
