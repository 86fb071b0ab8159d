"""Adds the migrations of the next release to those that are on the disk."""

from importlib import import_module

from django.apps import AppConfig
from django.db.migrations.loader import MigrationLoader


class NextRelease(AppConfig):
    name = "tests.scale.next_release"

    def ready(self):
        # it needs the models
        steps, from_disk = import_module("tests.scale.next_release.steps"), MigrationLoader.load_disk

        def with_the_next(loader):
            from_disk(loader)
            leaf = max(name for app, name in loader.disk_migrations if app == "treatments")
            for name, migration in steps.after(leaf).items():
                loader.disk_migrations["treatments", name] = migration

        MigrationLoader.load_disk = with_the_next
