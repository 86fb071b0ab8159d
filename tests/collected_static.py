"""Static files as production serves them: collected, compressed, under names that carry a hash."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.test import override_settings

from clinic.templatetags import look

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "clinic.web.static_files.HashedFiles"},
}


@contextlib.contextmanager
def hashed_static_files(folder: Path, **more) -> Iterator[None]:
    """`folder` holds the collected files; links lead to their hashed names."""
    found = {"WHITENOISE_USE_FINDERS": False, "WHITENOISE_AUTOREFRESH": False}
    with override_settings(STATIC_ROOT=folder, STORAGES=STORAGES, **{**found, **more}):
        # the icon tag caches the URL of its file
        look.icon.cache_clear()
        yield
    look.icon.cache_clear()


def collect(folder: Path) -> Path:
    with hashed_static_files(folder):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder
