"""What a condition may be found by: its names and codes, prepared for comparing. No queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from patients.rules.conditions import diagnoses, typed_words
from patients.rules.conditions.word_list import WordList

# Which kind of name wins among equals.
TERM, CLINICAL_NAME, OTHER_NAME, CODE_LABEL = range(4)
# Words that say little about which condition is meant, and parts of the body, which say much.
_GENERAL = (
    "pain strain tight muscle joint tendon spasm numb disorder dysfunction unspecified specified other site "
    "whole not bad problem nerve chronic acute syndrome syndrom"
)
_BODY = (
    "neck back head jaw shoulder elbow arm forearm wrist hand finger thumb rib chest spine hip groin glute "
    "thigh knee kneecap shin calf leg ankle foot heel toe hamstring quad achille sacrum tailbone pelvi face"
)
GENERAL, BODY = frozenset(_GENERAL.split()), frozenset(_BODY.split())
# What a word tells: a general one, one that is in no name, a part of the body, one of one or two conditions.
GENERAL_WORD, UNKNOWN, BODY_WORD, RARE_WORD = 1.0, 2.0, 3.0, 4.0
FEW_CONDITIONS = 2


class Listed(NamedTuple):
    """A condition of the list."""

    code: str
    term: str
    name: str
    position: int
    side_policy: str

    @property
    def label(self) -> str:
        return label_of(self.term, self.name)

    def possible_side(self, side: str) -> str:
        return side if side in diagnoses.SIDES[self.side_policy] else ""


class OtherName(NamedTuple):
    condition: str
    text: str
    variant: str


class Family(NamedTuple):
    """A variant with pairs of code and side; a code that is for no side alone has ""."""

    condition: str
    variant: str
    label: str
    is_default: bool
    codes: tuple[tuple[str, str], ...]


class Vocabulary(NamedTuple):
    """The catalogue as it is today."""

    conditions: tuple[Listed, ...]
    names: tuple[OtherName, ...]
    families: tuple[Family, ...]


class PreparedName(NamedTuple):
    condition: Listed
    text: str
    kind: int
    variant: str
    folded: str
    words: tuple[str, ...]
    meanings: frozenset[str]


@dataclass(frozen=True)
class Index:
    names: list[PreparedName]
    families: tuple[Family, ...]
    conditions: dict[str, Listed]
    words: WordList
    # word -> places in `names`
    places: dict[str, list[int]]
    # word -> what it tells
    weights: dict[str, float]


def label_of(term: str, name: str) -> str:
    """“Tennis elbow · Lateral epicondylitis”, or the patient's term alone where the name holds it."""
    return term if term.lower() in name.lower() else f"{term} · {name}"


def told_apart(labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    """{code: label} of (code, label). Where several have one label, each says its code."""
    labels = list(labels)
    times = Counter(label.casefold() for _code, label in labels)
    return {code: f"{label} ({code})" if times[label.casefold()] > 1 else label for code, label in labels}


@lru_cache(2)
def indexed(vocabulary: Vocabulary) -> Index:
    names = _names(vocabulary)
    places = defaultdict(list)
    for place, name in enumerate(names):
        for word in set(name.words):
            places[word].append(place)
    weights = {
        word: _weight(word, {names[place].condition.code for place in found})
        for word, found in places.items()
    }
    conditions = {row.code: row for row in vocabulary.conditions}
    return Index(names, vocabulary.families, conditions, WordList(places), dict(places), weights)


def _names(vocabulary: Vocabulary) -> list[PreparedName]:
    of = {row.code: row for row in vocabulary.conditions}
    terms = [_prepared(row, row.term, TERM, "") for row in vocabulary.conditions]
    names = [_prepared(row, row.name, CLINICAL_NAME, "") for row in vocabulary.conditions]
    others = [_prepared(of[row.condition], row.text, OTHER_NAME, row.variant) for row in vocabulary.names]
    families = vocabulary.families
    labels = [_prepared(of[row.condition], row.label, CODE_LABEL, row.variant) for row in families]
    return terms + names + others + labels


def _prepared(condition: Listed, text: str, kind: int, variant: str) -> PreparedName:
    words = typed_words.without_fillers(typed_words.words_of(text))
    meanings = frozenset(map(typed_words.meaning, words))
    return PreparedName(condition, text, kind, variant, " ".join(words), words, meanings)


def _weight(word: str, conditions: set[str]) -> float:
    meant = typed_words.meaning(word)
    if meant in GENERAL:
        return GENERAL_WORD
    if len(conditions) <= FEW_CONDITIONS:
        return RARE_WORD
    return BODY_WORD if meant in BODY else UNKNOWN
