"""Django's migrate, which alone may create a SQLite file, and lets people go on working on PostgreSQL."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.management.commands import migrate
from django.db import connections

from clinic.locks.migrating import LockedMigrations

# Django's command looks it up here.
migrate.MigrationExecutor = LockedMigrations


class Command(migrate.Command):
    def execute(self, *args, **options):
        name = str(connections[options["database"]].settings_dict["NAME"])
        if name.startswith("file:") and "mode=rw" in name:
            Path(unquote(urlsplit(name).path)).touch(mode=0o600)
        return super().execute(*args, **options)
