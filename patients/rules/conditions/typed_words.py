"""The words that somebody typed for a condition, and what two of them have in common. No queries."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from clinic.models.base import Side
from patients.rules.conditions.diagnoses import BOTH
from patients.rules.identity.keys import fold

MOST_WORDS = 8
# what own wordings call the two sides
SIDE_WORDS: dict[str, str] = (
    dict.fromkeys(("left", "lt", "l", "lft"), Side.LEFT)
    | dict.fromkeys(("right", "rt", "r", "rgt"), Side.RIGHT)
    | dict.fromkeys(("both", "bilateral", "bilaterally", "bilat", "bl", "lr", "rl"), BOTH)
    | dict.fromkeys(("midline", "central"), Side.MIDLINE)
)
# words that leave a condition what it is; “it” is none, because of the IT band
_FILLERS = (
    "a an and at because coming condition disease disorder due during feel feeling for from "
    "getting goes going had has have having her his i im in into is issue mild my of on or patient problem "
    "pt really severe sided some starting the their to very when while with"
)
FILLERS = frozenset(_FILLERS.split())
# words that say the same about a part of the body, by own wording
ALIKE = {
    "pain": "ache achy aching hurt hurting painful sore soreness tender tenderness discomfort algia painfull",
    "strain": "strained sprain sprained pull pulled tear torn tore injury injured rupture ruptured ripped",
    "tight": "tightness stiff stiffness tense tensed",
    "numb": "numbness tingling tingly tingle",
    "glute": "gluteal gluteu buttock butt bum",
    "kneecap": "patella patellar",
    "hamstring": "hammy hammie hammies",
    "inner": "inside medial",
    "outer": "outside lateral",
    "front": "anterior",
    "low": "lower",
    "mid": "middle",
    "tendon": "tendin tendinou tendiniti",
    "calf": "calve calves",
    "dysfunction": "dysfunctional",
    "spasm": "spasming cramp cramping cramped",
    "quad": "quadricep",
    "gastrocnemiu": "gastroc",
    "neck": "cervical",
    "fasc": "fascia fascial fasci fascii",
    "knot": "knotted knotty",
    "muscle": "muscular musculature",
}
CLASSES = {word: head for head, words in ALIKE.items() for word in words.split()}
# endings that name what is wrong, not where: inflamed, worn, painful
_ENDING = re.compile(
    r"(?<=\w{4})(i?itis|i?itus|itys|itises|osis|oses|opath(?:y|ies)|alg(?:ia|ias|y)|odynia)$"
)
# endings of one verb: jumper and jumping, locked and locking
_VERB_ENDING = re.compile(r"(?<=\w{4})(?:ers?|ing|ed)$")
_SPELLED_ALIKE = [
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^rh", "r"), (r"ph", "f"), (r"tion", "shn"),
        (r"sc(?=[eiy])|c(?=[eiy])|z|x$", "s"), (r"ck|ch|c|q", "k"), (r"(?<!^)h", ""), (r"y", "i"),
        (r"(?<!^)[aeiou]+", "a"), (r"(.)\1+", r"\1"),
    )
]  # fmt: skip


@dataclass(frozen=True)
class TypedWords:
    """What is left to compare, and the side that was typed with it."""

    words: tuple[str, ...]
    side: str = ""


def read(text: str) -> TypedWords:
    """Of “pain in my L. knee”: pain, knee, and the left side."""
    found = _without_loose_letters(words_of(text))
    sides = {SIDE_WORDS[word] for word in found if word in SIDE_WORDS}
    rest = tuple(word for word in found if word not in SIDE_WORDS) or found
    side = "" if rest == found else BOTH if len(sides) > 1 else next(iter(sides))
    return TypedWords(without_fillers(rest)[:MOST_WORDS], side)


def words_of(text: str) -> tuple[str, ...]:
    """Lower case, without accents, apostrophes, hyphens and the s of a plural."""
    parts = re.split(r"[\W_]+", fold(re.sub("[´‘′]", "'", text)))
    return tuple(singular(word) for word in parts if word)


def without_fillers(words: Iterable[str]) -> tuple[str, ...]:
    words = tuple(words)
    return tuple(word for word in words if word not in FILLERS) or words


@lru_cache(4096)
def singular(word: str) -> str:
    is_plural = len(word) > 3 and word.endswith("s") and word[-2:] not in ("ss", "us", "is")
    return word[:-1] if is_plural else word


@lru_cache(4096)
def meaning(word: str) -> str:
    """The same for tendonitis and tendinosis, for sore and painful, and for jumper and jumping."""
    if word in CLASSES:
        return CLASSES[word]
    stem = _ENDING.sub("", word)
    return CLASSES.get(stem) or _VERB_ENDING.sub("", stem)


@lru_cache(4096)
def sound(word: str) -> str:
    """The same for words that are spelled alike by ear: sciatica, siattica, syatica."""
    for pattern, instead in _SPELLED_ALIKE:
        word = pattern.sub(instead, word)
    return word


def _without_loose_letters(words: tuple[str, ...]) -> tuple[str, ...]:
    """The s of “golfer s elbow” goes, and “t m j” is one word."""
    kept: list[str] = []
    run = ""
    for word in (*words, ""):
        if len(word) == 1:
            run += word
            continue
        if run and (run != "s" or not kept):
            kept.append(run)
        run = ""
        kept.append(word)
    return tuple(kept[:-1])
