"""What is left of a text that somebody typed or pasted: what a reader sees, in one form of each letter."""

import re
import unicodedata
from functools import lru_cache

# source: Unicode 16, DerivedCoreProperties.txt, Default_Ignorable_Code_Point
IGNORABLE = [
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
]  # fmt: skip
NONCHARACTERS = (0xFDD0, 0xFDEF)
# Drawn as nothing though Unicode counts them among signs and marks: null notehead, Khitan filler, and what is
# left of a pasted picture.
BLANK_SIGNS = {0x1D159, 0x16FE4, 0xFFFC}
# drawn as a space, and as a new line
SPACES, LINES = {0x2800}, {0x0B, 0x0C, 0x85, 0x2028, 0x2029}
# A form refuses NUL in words of its own; tab and the ends of lines are typed.
TYPED_CONTROLS = {0x00, 0x09, 0x0A, 0x0D}

JOINER, NON_JOINER = "\u200d", "\u200c"
TEXT_OR_EMOJI = "\ufe0e\ufe0f"
# Scripts whose words may need a joiner, by the first word of the names of their letters.
JOINED_SCRIPTS = frozenset({
    "ADLAM", "ARABIC", "BALINESE", "BENGALI", "BRAHMI", "CHAKMA", "DEVANAGARI", "GRANTHA", "GUJARATI",
    "GURMUKHI", "HANIFI", "JAVANESE", "KAITHI", "KANNADA", "KHMER", "MALAYALAM", "MANDAIC", "MANICHAEAN",
    "MONGOLIAN", "MYANMAR", "NKO", "ORIYA", "PHAGS-PA", "PSALTER", "SHARADA", "SINHALA", "SOGDIAN",
    "SUNDANESE", "SYRIAC", "TAMIL", "TELUGU", "TIBETAN",
})  # fmt: skip
# Signs drawn around the number after them. source: Unicode 16, PropList.txt, Prepended_Concatenation_Mark
PREPENDED = frozenset(map(chr, (0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2)))
PREPENDED |= frozenset(map(chr, (0x110BD, 0x110CD)))

_PLAIN = re.compile(r"[\x00\t\n\r -~]*")


def normalised(text: str) -> str:
    """As it is stored: composed letters, plain spaces, without what nobody sees and what turns its direction.

    Joiners and variants stay where a script or an emoji is written with them. Empty where nothing is seen.
    """
    if _PLAIN.fullmatch(text):
        return text
    kept: list[str] = []
    for letter, after in zip(text, [*text[1:], ""], strict=True):
        if shown := _shown(letter, kept[-1] if kept else "", after):
            kept.append(shown)
    composed = unicodedata.normalize("NFC", "".join(kept))
    return composed if composed.strip() else ""


def without_joiners(text: str) -> str:
    """For comparing names: what is normalised, without the joiners and variants too."""
    if text.isascii():
        return text
    return "".join(letter for letter in normalised(text) if not _is_unseen(letter))


def normalised_parts(value):
    """The texts in the value of a JSON column, each normalised."""
    if isinstance(value, str):
        return normalised(value)
    if isinstance(value, list):
        return [normalised_parts(part) for part in value]
    if isinstance(value, dict):
        return {normalised(name): normalised_parts(part) for name, part in value.items()}
    return value


def _shown(letter: str, before: str, after: str) -> str:
    """The letter, the space or line that it is drawn as, or nothing."""
    if letter.isascii() and letter.isprintable():
        return letter
    code = ord(letter)
    if code in LINES:
        return "\n"
    if code in SPACES or unicodedata.category(letter) == "Zs":
        return " "
    return letter if not _is_unseen(letter) or _belongs(letter, before, after) else ""


@lru_cache(4096)
def _is_unseen(letter: str) -> bool:
    code, kind = ord(letter), unicodedata.category(letter)
    if kind == "Cc":
        return code not in TYPED_CONTROLS
    if kind in ("Cf", "Cs") or code in BLANK_SIGNS or code & 0xFFFE == 0xFFFE:
        return True
    return any(first <= code <= last for first, last in (*IGNORABLE, NONCHARACTERS))


def _belongs(letter: str, before: str, after: str) -> bool:
    """Whether it shapes what stands beside it, as its script asks."""
    if letter in PREPENDED:
        return after.isalnum()
    if letter in (JOINER, NON_JOINER):
        joins_signs = letter == JOINER and _is_emoji(before) and _is_sign(after)
        return joins_signs or (_is_joined(before) and _is_joined(after))
    return before != "" and _is_variant(letter, before)


def _is_variant(letter: str, before: str) -> bool:
    """Whether it chooses the look of the letter before it."""
    if letter in TEXT_OR_EMOJI:
        return _is_sign(before)
    name = unicodedata.name(letter, "")
    if name.startswith("MONGOLIAN"):
        return unicodedata.name(before, "").startswith("MONGOLIAN LETTER")
    # a family name in Japan and China may be registered with its own variant of an ideograph
    return name.startswith("VARIATION SELECTOR") and unicodedata.name(before, "").startswith("CJK")


def _is_sign(letter: str) -> bool:
    return letter != "" and unicodedata.category(letter) == "So"


def _is_emoji(letter: str) -> bool:
    """A sign, or the end of one: its look or its color."""
    return letter != "" and (letter in TEXT_OR_EMOJI or unicodedata.category(letter) in ("So", "Sk"))


def _is_joined(letter: str) -> bool:
    if not letter or unicodedata.category(letter)[0] not in "LM":
        return False
    return unicodedata.name(letter, "").split(" ")[0] in JOINED_SCRIPTS
