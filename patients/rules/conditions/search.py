"""Finds a condition by what people call it: lay words, abbreviations, misspellings, a code. No queries."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from patients.rules.conditions import code_search, other_complaints, typed_words, vocabulary, word_list
from patients.rules.conditions.typed_words import TypedWords
from patients.rules.conditions.vocabulary import Index, Listed, PreparedName, Vocabulary

MOST_HITS = 8
# How well a name fits, the best first.
WHOLE, SAME_WORDS, BEGINNING, ALL_WORDS, ALL_ALIKE, SOME_WORDS = range(6)
# The part of what was typed that a name must have, and what counts of the part that the name has more.
LEAST_PART, OF_NAME = 0.3, 0.3


@dataclass(frozen=True)
class Hit:
    """A condition, the other name or the code that found it, and what that proposes for its details."""

    condition: Listed
    also: str = ""
    code: str = ""
    variant: str = ""
    side: str = ""


class _Asked(NamedTuple):
    """A typed word: the words of the list that it may be, and how much it tells."""

    alike: dict[str, float]
    weight: float


class _Fit(NamedTuple):
    """How well a name fits. The best sorts first; equals stand in the order of the list."""

    rank: int
    lack: float
    kind: int
    # “shoulder pain” is the symptom's own code before a diagnosis that may have the symptom
    leaves_variant_open: bool
    position: int
    text: str
    name: PreparedName


def search(known: Vocabulary, text: str) -> list[Hit]:
    """The likeliest first, each condition once."""
    index = vocabulary.indexed(known)
    if by_code := code_search.fits(index, text):
        return [
            Hit(fit.condition, code=fit.label, variant=fit.variant, side=fit.side)
            for fit in by_code[:MOST_HITS]
        ]
    typed = typed_words.read(text)
    if not typed.words:
        return []
    ways = {typed.words, _respelled(index, typed.words)}
    best: dict[str, list[_Fit]] = defaultdict(list)
    for fit in sorted(fit for words in ways for fit in _fits(index, words)):
        best[fit.name.condition.code].append(fit)
    return [_hit(fits, typed) for fits in list(best.values())[:MOST_HITS]]


def hit_of(hits: list[Hit], code: str) -> Hit | None:
    return next((hit for hit in hits if hit.condition.code == code), None)


def _respelled(index: Index, words: tuple[str, ...]) -> tuple[str, ...]:
    """“head ache” as headache, “kneepain” as knee pain, where the list has those words."""
    found: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if rest and typed_words.singular(word + rest[0]) in index.words:
            found.append(typed_words.singular(word + rest.pop(0)))
        elif word not in index.words and (parts := _two_words(index, word)):
            found += parts
        else:
            found.append(word)
    return tuple(found)


def _two_words(index: Index, word: str) -> tuple[str, str] | None:
    cuts = ((word[:place], word[place:]) for place in range(3, len(word) - 2))
    return next((cut for cut in cuts if cut[0] in index.words and cut[1] in index.words), None)


def _fits(index: Index, typed: tuple[str, ...]) -> Iterator[_Fit]:
    """How each name fits that shares a word with what was typed, or nearly shares one."""
    found = [index.words.alike(word, unfinished=_is_unfinished(word, typed)) for word in typed]
    asked = [_asked(index, word, alike) for word, alike in zip(typed, found, strict=True)]
    folded, meanings = " ".join(typed), frozenset(map(typed_words.meaning, typed))
    for place in _places(index, asked):
        name = index.names[place]
        rank, lack = _rank(name, folded, meanings), 0.0
        if rank is None:
            rank, lack = _by_words(index, name, asked)
        if rank is not None:
            position = name.condition.position
            yield _Fit(rank, lack, name.kind, not name.variant, position, name.text, name)


def _is_unfinished(word: str, typed: tuple[str, ...]) -> bool:
    """More letters may follow in the last word; a single letter after others begins too many words."""
    return word == typed[-1] and (len(word) > 1 or len(typed) == 1)


def _asked(index: Index, word: str, alike: dict[str, float]) -> _Asked:
    if word in other_complaints.WORDS and word not in index.words:
        return _Asked({}, other_complaints.WEIGHT)
    return _Asked(alike, _told(index, alike))


def _told(index: Index, alike: dict[str, float]) -> float:
    """How much a typed word tells: less when it is only nearly a word of the list."""
    return max(
        (index.weights[word] * likeness**2 for word, likeness in alike.items()), default=vocabulary.UNKNOWN
    )


def _places(index: Index, asked: list[_Asked]) -> set[int]:
    """Names with one of the words; with “pain” alone only where little else was typed."""
    general = sum(word.weight for word in asked if word.weight <= vocabulary.GENERAL_WORD)
    is_enough = general >= LEAST_PART * sum(word.weight for word in asked)
    telling = [word.alike for word in asked if is_enough or word.weight > vocabulary.GENERAL_WORD]
    return {place for alike in telling for word in alike for place in index.places[word]}


def _rank(name: PreparedName, folded: str, meanings: frozenset[str]) -> int | None:
    if name.folded == folded:
        return WHOLE
    if name.meanings == meanings:
        return SAME_WORDS
    return BEGINNING if name.folded.startswith(folded) else None


def _by_words(index: Index, name: PreparedName, asked: list[_Asked]) -> tuple[int | None, float]:
    """The rank by single words, and how much is lacking on both sides."""
    found, worst, named = 0.0, 1.0, set()
    for alike, weight in asked:
        best, by = 0.0, ""
        for word in name.words:
            if alike.get(word, 0.0) > best:
                best, by = alike[word], word
        found, worst = found + best * weight, min(worst, best)
        named.add(by)
    typed_part = found / sum(word.weight for word in asked)
    whole_name = sum(index.weights[word] for word in name.words)
    name_part = sum(index.weights.get(word, 0) for word in named) / whole_name
    lack = round(1 - (typed_part + OF_NAME * name_part) / (1 + OF_NAME), 4)
    if worst >= word_list.PREFIX:
        return ALL_WORDS, lack
    if worst:
        return ALL_ALIKE, lack
    return (SOME_WORDS, lack) if typed_part >= LEAST_PART else (None, lack)


def _hit(fits: list[_Fit], typed: TypedWords) -> Hit:
    """Several names that fit equally well may propose different variants: then none is proposed."""
    first = fits[0]
    condition = first.name.condition
    equal = {fit.name.variant for fit in fits if fit[:3] == first[:3]}
    variant = first.name.variant if len(equal) == 1 else ""
    also = "" if first.name.text in condition.label else first.name.text
    return Hit(condition, also, variant=variant, side=condition.possible_side(typed.side))
