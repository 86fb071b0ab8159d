"""Whether a shortcut through Django's undocumented parts may be taken here, or the plain way has to be."""

import inspect
import logging
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import django

log = logging.getLogger(__name__)

# Each shortcut was tested with these. Add a release when tests/clinic/test_django_internals*.py pass with it.
TESTED_VERSIONS = ((5, 2),)


class Shortcut:
    """One use of undocumented parts. `differences` tells what of them is not as it was when it was tested.

    Its module asks `is_off` at every use, and takes the plain way then.
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
    """What is missing or takes other arguments, of {"method(self, argument)": (class, name)}."""
    for expected, (owner, name) in parts.items():
        part = inspect.getattr_static(owner, name, None)
        if part is None:
            yield f"{owner.__name__}.{name} is missing"
        elif not callable(part) or f"{name}({_arguments(part)})" != expected:
            yield f"{owner.__name__}.{name} is not {expected}"


def _arguments(part: Callable) -> str:
    return ", ".join(str(one) for one in inspect.signature(part).parameters.values())


def report(shortcuts: list[Shortcut]) -> None:
    """One line at start, when any of them cannot be used."""
    off = [f"{one.name} ({', '.join(one.reasons)})" for one in shortcuts if one.is_off]
    if off:
        log.warning(
            "Slower than need be, and right all the same: these take Django's plain way. %s. "
            "See docs/django-internals.md.",
            "; ".join(off),
        )
