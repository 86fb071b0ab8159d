"""Whether a shortcut through Django's undocumented parts may be used with the installed version."""

import inspect
import logging
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import django

log = logging.getLogger(__name__)

# Each shortcut was tested with these. Add a release when tests/clinic/test_django_internals*.py pass with it.
TESTED_VERSIONS = ((5, 2),)


class Shortcut:
    """One use of undocumented parts. `differences` yields what of them has changed since it was tested.

    Its module checks `is_off` at every use, and then takes the plain way.
    """

    def __init__(self, name: str, differences: Callable[[], Iterator[str]]):
        self.name, self.differences = name, differences

    @cached_property
    def is_off(self) -> bool:
        return bool(self.reasons)

    @cached_property
    def reasons(self) -> list[str]:
        if django.VERSION[:2] not in TESTED_VERSIONS:
            return [f"Django {django.get_version()} has not been tested"]
        return list(self.differences())


def changed_signatures(parts: Mapping[str, tuple[type, str]]) -> Iterator[str]:
    """What is missing or has other arguments, of {"method(self, argument)": (class, name)}."""
    for expected, (owner, name) in parts.items():
        part = inspect.getattr_static(owner, name, None)
        if part is None:
            yield f"{owner.__name__}.{name} is missing"
        elif not callable(part) or f"{name}({_arguments(part)})" != expected:
            yield f"{owner.__name__}.{name} is not {expected}"


def _arguments(part: Callable) -> str:
    return ", ".join(str(parameter) for parameter in inspect.signature(part).parameters.values())


def report(shortcuts: list[Shortcut]) -> None:
    """Log one line at startup when any of them cannot be used."""
    off = [f"{shortcut.name} ({', '.join(shortcut.reasons)})" for shortcut in shortcuts if shortcut.is_off]
    if off:
        log.warning(
            "Slower than need be, and right all the same: these take Django's plain way. %s. "
            "See docs/django-internals.md.",
            "; ".join(off),
        )
