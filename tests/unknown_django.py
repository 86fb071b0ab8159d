"""Simulates a Django release that the shortcuts were not tested with."""

import contextlib
from collections.abc import Iterator

import django
import pytest

from clinic.django_internals import startup

UNKNOWN = (9, 7, 0, "final", 0)


@contextlib.contextmanager
def unknown_release() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django, "VERSION", UNKNOWN)
        reset_shortcuts()
        yield
    reset_shortcuts()


def reset_shortcuts() -> None:
    """Clears what the shortcuts cached about the installed Django version."""
    for shortcut in startup.ALL:
        vars(shortcut).pop("reasons", None)
        vars(shortcut).pop("is_off", None)
