"""Which muscle of a row that stands for several, or head of one: read from a site, asked where unsaid."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

from clinic.values.errors import Reason
from treatments.rules.sites import muscle_groups

# As the column of a site that holds them.
MAX_SUB_SITE = 120
UNNAMED = "which-muscle"
SHORTEST_WORD = 3
# What may stand beside the name of a muscle.
NO_NAMES = frozenset({"muscle", "muscles", "musculus", "musculi"})
# Of the muscles that a name may mean.
SHOWN_NAMES = 3


class WithParts(Protocol):
    """A muscle, as a row or as a draft's value. Both texts name parts with semicolons between."""

    @property
    def members(self) -> str: ...

    @property
    def heads(self) -> str: ...


class WithName(WithParts, Protocol):
    @property
    def name(self) -> str: ...


class WithCode(WithName, Protocol):
    @property
    def code(self) -> str: ...


Row = TypeVar("Row", bound=WithName)
CodedRow = TypeVar("CodedRow", bound=WithCode)


def members(muscle: WithParts) -> tuple[str, ...]:
    """The muscles that a row stands for where they are several."""
    return _listed(muscle.members)


def parts(muscle: WithParts) -> tuple[str, ...]:
    """What a site of this row can name: the muscles, else the heads."""
    return members(muscle) or _listed(muscle.heads)


def named(parts: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The parts that a text names by a word that no other of them has: “longus” of the adductors."""
    words = set(_words(text))
    return tuple(part for part, own in zip(parts, _own_words(parts), strict=True) if own & words)


def named_heads(muscle: WithParts, text: str) -> tuple[str, ...]:
    """The heads that a text names; a row that is one head itself needs no text."""
    heads = _listed(muscle.heads)
    return heads if len(heads) == 1 else named(heads, text)


def asked(site: Any, *, heads_count_once: bool = True) -> tuple[str, ...]:
    """What this site has to say: one or more of these muscles, or of these heads where they count apart."""
    muscle = site.muscle
    if muscle is None:
        return ()
    offered = members(muscle) if heads_count_once else parts(muscle)
    return () if len(offered) < 2 or named(offered, site.sub_site) else offered


def unnamed(sites: Iterable[Any], *, heads_count_once: bool) -> dict[str, tuple[str, ...]]:
    """{the key of a site that has to say which muscle it was: what it asks among}"""
    each = {str(site.key): asked(site, heads_count_once=heads_count_once) for site in sites}
    return {key: parts for key, parts in each.items() if parts}


def refusals(parts: tuple[str, ...], *, offered: tuple[str, ...], sub_site: str) -> list[Reason]:
    """Why an answer cannot be saved; none of these loses what the site says of its place."""
    if not parts or not set(parts) <= set(offered):
        return [Reason("parts-missing", _("Choose one or more of these."))]
    if len(with_parts(sub_site, parts)) > MAX_SUB_SITE:
        message = _("Together with the spinal level or part this is too long. Edit the site and shorten it.")
        return [Reason("parts-too-long", message)]
    return []


def member_reasons(text: str) -> list[Reason]:
    """Why a row cannot stand for these muscles: a site has to be able to say which it was."""
    parts = _listed(text)
    if not parts or (len(parts) > 1 and all(_own_words(parts))):
        return []
    message = _(
        "Name two muscles or more, with semicolons between, each with a word that none of the others has."
    )
    return [Reason("members-alike", message, field="members")]


def question(parts: tuple[str, ...]) -> str:
    return _("Which was needled: %(parts)s? Each counts as one muscle.") % {"parts": ", ".join(parts)}


def with_parts(sub_site: str, parts: tuple[str, ...]) -> str:
    """What the site says from now on: the parts before what was written of the place."""
    return ", ".join(part for part in (*parts, sub_site.strip()) if part)


def rows_called(rows: Iterable[Row], text: str) -> list[tuple[Row, str]]:
    """The rows that have all words of a text in their name or in one of their muscles, with that muscle.

    Whatever is called just so goes before what only shares its words. “Rhomboids” is “rhomboid”.
    """
    words, every = _name_words(text), list(rows)
    if not words:
        return []
    is_whole = any(_name_words(name) == words for row in every for name in (row.name, *members(row)))

    def fits(name: str) -> bool:
        own = _name_words(name)
        return own == words if is_whole else set(words) <= set(own)

    found = []
    for row in every:
        fitting = [part for part in members(row) if fits(part)]
        if fitting or fits(row.name):
            found.append((row, fitting[0] if len(fitting) == 1 else ""))
    return found


def rows_grouped(rows: Iterable[CodedRow], text: str) -> list[CodedRow]:
    """The rows that a word for several muscles may mean: “quads”, “hamstrings”."""
    codes = group_codes(text)
    return [row for row in rows if row.code in codes]


def group_codes(text: str) -> tuple[str, ...]:
    return muscle_groups.codes(_name_words(text))


def rows_begun(rows: Iterable[Row], text: str) -> list[Row]:
    """The rows in whose name each word of a text begins one: “upper traps”, “glutes”."""
    words = _name_words(text)

    def fits(name: str) -> bool:
        return all(any(own.startswith(word) for own in _name_words(name)) for word in words)

    return [row for row in rows if words and any(map(fits, (row.name, *members(row))))]


def may_be(text: str, names: Sequence[str]) -> str:
    """What is asked where a name fits several muscles; the first of them are told."""
    some = ", ".join(names[:SHOWN_NAMES])
    if len(names) > SHOWN_NAMES:
        return _("“%(text)s” may be %(some)s or others.") % {"text": text, "some": some}
    return _("“%(text)s” may be %(some)s.") % {"text": text, "some": some}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _words(text: str) -> list[str]:
    cleaned = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return [word for word in cleaned.split() if len(word) >= SHORTEST_WORD]


def _name_words(text: str) -> list[str]:
    """Those of a muscle's name, one of them or several: without the s and without “muscle”."""
    words = (word for word in _words(text) if word not in NO_NAMES)
    return [word.removesuffix("s") if len(word) > SHORTEST_WORD else word for word in words]


def _own_words(parts: tuple[str, ...]) -> list[set[str]]:
    """For each part the words that none of the others has."""
    counts = Counter(word for part in parts for word in set(_words(part)))
    return [{word for word in _words(part) if counts[word] == 1} for part in parts]
