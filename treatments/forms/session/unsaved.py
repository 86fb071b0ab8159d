"""The unsaved input that a page sends: texts by the names of its fields, as they were typed."""

import re
import uuid

from django.http import QueryDict

from treatments.forms.session.measuring import MeasurementForm
from treatments.forms.sites.entry import SiteForm
from treatments.forms.sites.shorthand import ShorthandForm
from treatments.rules.session import measuring, unsaved
from treatments.rules.session.unsaved import LINE, MEASUREMENT, REASON, ROW, edit_name

# More than a row, a line and a few reasons can hold: a longer input was not typed.
MAX_CHARACTERS = 40_000
OF_ROW = frozenset(SiteForm.base_fields)
OF_LINE = frozenset(f"{LINE}{name}" for name in ShorthandForm.base_fields)
OF_MEASUREMENT = frozenset(f"{MEASUREMENT}{name}" for name in ("kind", *MeasurementForm.base_fields))
A_REASON = re.compile(rf"{REASON}[a-z0-9-]{{1,120}}")
A_WAITING_ROW = re.compile(rf"({'|'.join(unsaved.ROWS)})[0-9]{{1,2}}")
# These accompany other fields; alone they are no unsaved input.
ACCOMPANYING = frozenset({"key", "origins", "region", "adopted_from", f"{LINE}key"})


class Unreadable(ValueError):
    """Nothing that the page's own script sends."""


def posted_input(posted: QueryDict) -> dict[str, str]:
    """{name: text} of the unsaved input of the session page, empty for none. Raises Unreadable."""
    texts = _texts({name: posted[name] for name in posted if _is_of_page(name)})
    if not all(unsaved.key_of_row(text) for name, text in texts.items() if A_WAITING_ROW.fullmatch(name)):
        raise Unreadable
    if not texts.keys() - ACCOMPANYING:
        return {}
    return {**texts, **{name: _key(texts.get(name, "")) for name in _keys(texts)}}


def posted_edit(posted: QueryDict, key: uuid.UUID) -> dict[str, str]:
    """The same of the page that corrects one site."""
    texts = _texts({name: posted[name] for name in posted if name in OF_ROW})
    return {edit_name(key, name): text for name, text in texts.items()}


def posted_measurement(posted: QueryDict) -> dict[str, str]:
    """The same of the page that adds a measurement; its kind alone is no unsaved input."""
    texts = _texts({name: posted[name] for name in posted if name in OF_MEASUREMENT})
    kind = f"{MEASUREMENT}kind"
    if texts.get(kind) not in measuring.QUANTITIES:
        raise Unreadable
    return texts if texts.keys() - {kind} else {}


def posted_part(posted: QueryDict) -> str:
    """What is put away: “row”, a prefix, or the name of a reason or a waiting row. Raises Unreadable."""
    part = posted.get("part", "")
    if part in (ROW, LINE, MEASUREMENT) or A_REASON.fullmatch(part) or A_WAITING_ROW.fullmatch(part):
        return part
    return edit_name(_key(part))


def _is_of_page(name: str) -> bool:
    if name in OF_ROW or name in OF_LINE:
        return True
    return bool(A_REASON.fullmatch(name) or A_WAITING_ROW.fullmatch(name))


def _texts(found: dict[str, str]) -> dict[str, str]:
    texts = {name: text for name, text in found.items() if text}
    if sum(map(len, texts.values())) > MAX_CHARACTERS or "\x00" in "".join(texts.values()):
        raise Unreadable
    return texts


def _keys(texts: dict[str, str]) -> set[str]:
    """The names of the keys that are required: an unsaved row or line is identified by its own."""
    of_line = {name for name in texts if name.startswith(LINE)}
    wanted = {f"{LINE}key"} if of_line else set()
    return wanted | ({"key"} if texts.keys() & OF_ROW else set())


def _key(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise Unreadable from None
