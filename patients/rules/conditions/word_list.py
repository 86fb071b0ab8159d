"""The words of all names in the list of conditions, and which of them a typed word may be. No queries."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from patients.rules.conditions import typed_words

# How alike two words are, from 0 to 1: less for each letter that is wrong.
EXACT, SAME, PREFIX, SOUNDS, SLIPPED = 1.0, 0.95, 0.9, 0.85, 0.8
SHORTEST_WITH_SLIP = 4


class WordList:
    def __init__(self, words: Iterable[str]):
        self.words = sorted(set(words))
        self._known = frozenset(self.words)
        self._by_meaning = _grouped(self.words, typed_words.meaning)
        self._by_sound = _grouped(self.words, typed_words.sound)
        self._sounds = list(self._by_sound)

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def alike(self, typed: str, *, unfinished: bool) -> dict[str, float]:
        """{word: how alike}. `unfinished`: more letters may follow, as in the last word of what is typed.

        A word that the list has is not taken for a slip of another.
        """
        found = {} if typed in self._known else self._misspelled(typed)
        if unfinished or len(typed) >= SHORTEST_WITH_SLIP:
            found |= dict.fromkeys(self._beginning_with(typed), PREFIX)
        found |= dict.fromkeys(self._by_meaning.get(typed_words.meaning(typed), ()), SAME)
        if typed in self._known:
            found[typed] = EXACT
        return found

    def _beginning_with(self, typed: str) -> list[str]:
        return self.words[bisect_left(self.words, typed) : bisect_left(self.words, typed + "\U0010ffff")]

    def _misspelled(self, typed: str) -> dict[str, float]:
        """Letters left out, doubled, swapped or wrong: more may be wrong in a longer word."""
        sound = typed_words.sound(typed)
        found: dict[str, float] = {}
        if len(typed) >= SHORTEST_WITH_SLIP:
            most = 1 if len(typed) < 6 else 2 if len(typed) < 9 else 3
            for near, slips in _within(sound, self._sounds, most - 1):
                for word in self._by_sound[near]:
                    if abs(len(word) - len(typed)) <= most:
                        found[word] = SLIPPED - (slips + 1) * 0.5 / len(typed)
            for word, slips in _within(typed, self.words, most):
                found[word] = max(found.get(word, 0), SLIPPED - slips * 0.5 / len(typed))
        if len(typed) >= 3 and len(sound) > 1:
            found |= dict.fromkeys(self._by_sound.get(sound, ()), SOUNDS)
        return found


def _within(text: str, choices: list[str], most: int) -> list[tuple[str, int]]:
    found = process.extract(text, choices, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(choice, slips) for choice, slips, _ in found]


def _grouped(words: list[str], by: Callable[[str], str]) -> dict[str, list[str]]:
    groups = defaultdict(list)
    for word in words:
        groups[by(word)].append(word)
    return dict(groups)
