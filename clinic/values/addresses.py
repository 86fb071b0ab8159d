"""The address of a page about somebody, as `django.urls.reverse` makes it, only faster.

What is kept of an address is its fixed words: never a reference or a number in it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf
from django.urls import reverse as plain_reverse

from clinic.values.references import ALPHABET, LENGTHS

# There are some three hundred pages.
PATTERNS_KEPT = 1024  # technical:
REFERENCE = frozenset(ALPHABET)
NUMBER = 0


def reverse(
    name: str,
    *,
    args: Iterable[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    current_app: str | None = None,
) -> str:
    named = kwargs or {}
    values = (*args, *named.values())
    where = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), current_app
    words = _words(name, tuple(map(_shape, values)), tuple(named), where)
    if words is None:
        return plain_reverse(name, args=[*args], kwargs=kwargs, current_app=current_app)
    found = [words[0]]
    for value, word in zip(values, words[1:], strict=True):
        found += str(value), word
    return "".join(found)


def _shape(value: Any) -> int | None:
    """The length of a reference, or that it is a number. No address differs by more than that."""
    if type(value) is int and value >= 0:
        return NUMBER
    is_reference = type(value) is str and len(value) in LENGTHS and REFERENCE.issuperset(value)
    return len(value) if is_reference else None


@lru_cache(maxsize=PATTERNS_KEPT)
def _words(name: str, shapes: tuple, names: tuple[str, ...], where: tuple) -> tuple[str, ...] | None:
    """The words around the values; None where Django is to be asked each time."""
    urlconf, _prefix, app = where
    if None in shapes:
        return None
    values = [_other(shape, place) for place, shape in enumerate(shapes)]
    args, kwargs = values[: len(values) - len(names)], values[len(values) - len(names) :]
    try:
        rest = plain_reverse(
            name, urlconf=urlconf, args=args, kwargs=dict(zip(names, kwargs, strict=True)), current_app=app
        )
    except NoReverseMatch:
        return None
    words = []
    for value in values:
        word, is_there, rest = rest.partition(str(value))
        if not is_there:
            return None
        words.append(word)
    return (*words, rest)


def _other(shape: int, place: int) -> int | str:
    """Another value of the same shape. A reference with letters and figures is no number."""
    return 9_000_000_017 + place if shape == NUMBER else "Z9QX7WK3T5"[: shape - 1] + ALPHABET[-1 - place]
