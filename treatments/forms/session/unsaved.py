"""The unsaved input that a page sends: texts by the names of its fields, as they were typed."""

import re
import uuid

from django.http import QueryDict

from treatments.forms.sites.entry import SiteForm
from treatments.forms.sites.shorthand import ShorthandForm
from treatments.rules.session.unsaved import LINE

# More than a row, a line and a few reasons can hold: a longer input was not typed.
MAX_CHARACTERS = 40_000
NAMES = frozenset(SiteForm.base_fields) | {f"{LINE}{name}" for name in ShorthandForm.base_fields}
REASON = re.compile(r"reason-[a-z0-9-]{1,120}")
# These accompany other fields; alone they are no unsaved input.
ACCOMPANYING = frozenset({"key", "origins", "region", "adopted_from", f"{LINE}key"})


class Unreadable(ValueError):
    """Nothing that the page's own script sends."""


def posted_input(posted: QueryDict) -> dict[str, str]:
    """{name: text} of the unsaved input, empty for none. Raises Unreadable."""
    found = {name: posted[name] for name in posted if name in NAMES or REASON.fullmatch(name)}
    texts = {name: text for name, text in found.items() if text}
    if sum(map(len, texts.values())) > MAX_CHARACTERS or "\x00" in "".join(texts.values()):
        raise Unreadable
    if not texts.keys() - ACCOMPANYING:
        return {}
    return {**texts, **{name: _key(texts.get(name, "")) for name in _keys(texts)}}


def _keys(texts: dict[str, str]) -> set[str]:
    """The names of the keys that are required: an unsaved row or line is identified by its own."""
    of_line = {name for name in texts if name.startswith(LINE)}
    of_row = texts.keys() & NAMES - of_line
    wanted = {f"{LINE}key"} if of_line else set()
    return wanted | ({"key"} if of_row else set())


def _key(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise Unreadable from None
