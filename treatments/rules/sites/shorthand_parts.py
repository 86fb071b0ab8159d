"""Which muscle of a row that stands for several, as a line of sites says it: “ad longus+brevis”, “psoas”."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# {code: the muscles that the row stands for}
Parts = Mapping[str, tuple[str, ...]]
NO_PARTS: Parts = {}


@dataclass(frozen=True)
class NamedParts:
    """The row's code, and its muscles as a site holds them."""

    code: str
    text: str


def begin(words: list[str], name: str) -> bool:
    """Whether each of the words begins a word of the name, in any order."""
    in_name = re.split(r"\W+", name.casefold())
    return all(any(word.startswith(typed) for word in in_name) for typed in words)


def read(text: str, muscles: Mapping[str, str], parts: Parts) -> NamedParts | None:
    """None where the text names no single part of a row: then it is a muscle, or nothing that is known."""
    low = text.casefold()
    if low in muscles:
        return None
    code, _, rest = low.partition(" ")
    found = _parts_named(rest, parts.get(code, ())) if rest else ()
    if not found:
        code, found = _by_part(low, muscles, parts)
    return NamedParts(code, ", ".join(found)) if found else None


def printed(sub_site: str) -> str:
    return sub_site.replace(", ", "+")


def _parts_named(text: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    """One part for each piece between the signs “+”, or none at all where a piece names none or several."""
    pieces = [[part for part in offered if begin(piece.split(), part)] for piece in text.split("+")]
    if any(len(fitting) != 1 for fitting in pieces):
        return ()
    return tuple(dict.fromkeys(fitting[0] for fitting in pieces))


def _by_part(text: str, muscles: Mapping[str, str], parts: Parts) -> tuple[str, tuple[str, ...]]:
    """The row by the muscles of one row that the text names, unless another row is called so."""
    words = text.split()
    found = [(code, part) for code in parts for part in parts[code] if begin(words, part)]
    if len(found) != 1 or len(parts[found[0][0]]) == 1:
        return "", ()
    [(code, part)] = found
    is_other = any(begin(words, name) for other, name in muscles.items() if other != code)
    return ("", ()) if is_other else (code, (part,))
