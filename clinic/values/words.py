"""Texts for people: their type, and how a sealed text gets them untranslated."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.functional import Promise

# A text, or one that is translated when it is read.
if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise
else:
    Text = str | Promise


@contextmanager
def in_source_words() -> Iterator[None]:
    """Every message gives its source text inside: no sealed text depends on who makes or checks it."""
    with translation.override(None):
        yield
