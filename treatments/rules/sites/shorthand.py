"""Sites written as one line, such as “ut r 3 t2 d25; is l 2 t1 w8”: read word by word, and printed back."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from treatments.models import NeedleSite
from treatments.rules.sites import muscle_parts, shorthand_parts
from treatments.rules.sites.shorthand_parts import NO_PARTS, Parts

Technique = NeedleSite.Technique
SIDES = {
    "l": "left",
    "r": "right",
    "b": "both",
    "m": "midline",
    **{word: word for word in ("left", "right", "both", "midline")},
}
TECHNIQUES = {
    "io": Technique.IN_OUT.value,
    "ps": Technique.PISTON.value,
    "wi": Technique.WINDING.value,
    "li": Technique.STATIC.value,
    "fa": Technique.FANNING.value,
    "pk": Technique.PERIOSTEAL.value,
    "es": Technique.STIMULATED.value,
}
NEEDLE = re.compile(r"0?(\.[0-9]{1,2})[x×]([0-9]{1,3})")
# letter before the number: the value's name, its lowest and highest value, and the message beyond them
# own choice: the same limits as in the row of a site
NUMBERS = {
    "": ("insertions", 1, 99, gettext_lazy("Insertions go from 1 to 99.")),
    "t": ("twitches", 0, 99, gettext_lazy("Twitches go from 0 to 99.")),
    "d": ("depth_mm", 1, 150, gettext_lazy("The depth goes from 1 to 150 mm.")),
    "w": ("dwell", 0, 240, gettext_lazy("A needle stays in for 0 to 240 minutes.")),
    "n": ("needles", 1, 99, gettext_lazy("Needles go from 1 to 99.")),
}
LETTERS = {kind: letter for letter, (kind, *_limits) in NUMBERS.items()}
NUMBER = re.compile(r"([tdwn]?)([0-9]{1,4})")
# as some write a value, such as d25mm
UNITS = {"d": "mm", "w": "min"}
# two values without a space, such as r3; of a lumbar muscle l3 may be the level as well, and is not guessed
SIDE_AND_NUMBER = re.compile(r"([lrbm])([0-9]{1,2})", re.IGNORECASE)
LUMBAR = re.compile(r"\blumb(?:ar|orum)\b", re.IGNORECASE)
# Nothing is proposed for these.
REQUIRED = {
    "muscle": gettext_lazy("the muscle"),
    "side": gettext_lazy("the side (l, r, b or m)"),
    "insertions": gettext_lazy("the insertions, such as 2"),
    "twitches": gettext_lazy("the twitches, such as t0"),
}
# A line with more sites than this is refused; nothing beyond is left out silently.
MAX_LENGTH, MAX_SITES = 1000, 20


@dataclass(frozen=True)
class Token:
    """One word of the line. `error` says why it is not understood."""

    text: str
    kind: str = ""
    error: str = ""


@dataclass(frozen=True)
class ShorthandEntry:
    """One site of the line: its tokens, and the values that they give. Values are as a form takes them."""

    tokens: tuple[Token, ...]
    values: dict[str, str] = field(default_factory=dict)

    @property
    def is_understood(self) -> bool:
        return not any(token.error for token in self.tokens)

    @property
    def gaps(self) -> list[str]:
        """The required values that are missing, as labels."""
        return [
            str(label)
            for kind, label in REQUIRED.items()
            if not self.values.get(kind) and not self._tried(kind)
        ]

    def _tried(self, kind: str) -> bool:
        return any(token.kind == kind for token in self.tokens)


def parse(text: str, muscles: Mapping[str, str], parts: Parts = NO_PARTS) -> list[ShorthandEntry]:
    """Every site of a line. `muscles` are {code: name}; no input raises, and nothing is guessed."""
    sites = [site.split() for site in re.split(r"[;\n]", re.sub(r",(?=[\s;]|$)", " ", text[:MAX_LENGTH]))]
    return [_entry(words, muscles, parts) for words in sites if words]


def key_of_site(line: uuid.UUID, at: int) -> uuid.UUID:
    """The key of a line's site, counted from 0: the same one when the line arrives again."""
    return uuid.uuid5(line, str(at))


def shortest_form(entries: list[ShorthandEntry]) -> str:
    """The line in its shortest form; reading it again says the same."""
    return "; ".join(" ".join(_shortest_words(entry.values)) for entry in entries)


def _entry(words: list[str], muscles: Mapping[str, str], parts: Parts) -> ShorthandEntry:
    about = next((at for at, word in enumerate(words) if at and _is_grammar(word)), len(words))
    tokens, values = _muscle(words[:about], muscles, parts)
    is_lumbar = bool(LUMBAR.search(muscles.get(values.get("muscle", ""), "")))
    for word in _apart(words[about:], is_lumbar=is_lumbar):
        token, read = _read(word)
        if token.kind and token.kind in values:
            token, read = Token(word, token.kind, _("“%(word)s” says it a second time.") % {"word": word}), {}
        tokens.append(token)
        values |= read
    if values.get("dwell") and "technique" not in values:
        values["technique"] = Technique.STATIC.value
    return ShorthandEntry(tuple(tokens), values)


def _is_grammar(word: str) -> bool:
    low = word.casefold()
    patterns = (NUMBER, NEEDLE, SIDE_AND_NUMBER)
    return low in SIDES or low in TECHNIQUES or any(each.fullmatch(_without_unit(low)) for each in patterns)


def _without_unit(low: str) -> str:
    return low.removesuffix(UNITS.get(low[:1], ""))


def _apart(words: list[str], *, is_lumbar: bool) -> list[str]:
    """“r3” as two words; “l3” of a lumbar muscle stays one."""
    found: list[str] = []
    for word in words:
        both = SIDE_AND_NUMBER.fullmatch(word)
        is_level = is_lumbar and word[:1] in "lL"
        found += both.groups() if both and not is_level else [word]
    return found


def _muscle(words: list[str], muscles: Mapping[str, str], parts: Parts) -> tuple[list[Token], dict[str, str]]:
    text = " ".join(words)
    named = shorthand_parts.read(text, muscles, parts)
    if named is not None:
        return [Token(text, "muscle")], {"muscle": named.code, "sub_site": named.text}
    low = text.casefold()
    grouped = _grouped(low, muscles)
    found = grouped or ([low] if low in muscles else _by_name(low.split(), muscles))
    if len(found) == 1 and not grouped:
        return [Token(text, "muscle")], {"muscle": found[0]}
    if not found:
        return [Token(text, "muscle", _("No muscle is called “%(text)s”.") % {"text": text})], {}
    return [Token(text, "muscle", muscle_parts.may_be(text, [muscles[code] for code in found]))], {}


def _grouped(text: str, muscles: Mapping[str, str]) -> list[str]:
    """What a word for several muscles may mean, such as “quads”, unless a muscle is called so."""
    if text in muscles or text in (name.casefold() for name in muscles.values()):
        return []
    return [code for code in muscle_parts.group_codes(text) if code in muscles]


def _by_name(words: list[str], muscles: Mapping[str, str]) -> list[str]:
    return [code for code, name in muscles.items() if shorthand_parts.begin(words, name)]


def _read(word: str) -> tuple[Token, dict[str, str]]:
    low = word.casefold()
    if low in SIDES:
        return Token(word, "side"), {"side": SIDES[low]}
    if low in TECHNIQUES:
        return Token(word, "technique"), {"technique": TECHNIQUES[low]}
    needle = NEEDLE.fullmatch(low)
    if needle:
        return _needle(word, needle)
    number = NUMBER.fullmatch(_without_unit(low))
    if number:
        return _number(word, *number.groups())
    if both := SIDE_AND_NUMBER.fullmatch(word):
        message = _("“%(word)s” may be a level. Write “l %(number)s” for the left side.")
        return Token(word, error=message % {"word": word, "number": both[2]}), {}
    return Token(word, error=_("“%(word)s” is not understood.") % {"word": word}), {}


def _needle(word: str, found: re.Match) -> tuple[Token, dict[str, str]]:
    gauge, length = f"0{found[1]:0<3}", int(found[2])
    # own choice: the same limits as in the row of a site
    if not "0.10" <= gauge <= "0.90" or not 5 <= length <= 150:
        return Token(word, "needle", _("A needle is 0.10 to 0.90 mm thick and 5 to 150 mm long.")), {}
    return Token(word, "needle"), {"needle": f"{gauge}x{length}"}


def _number(word: str, letter: str, digits: str) -> tuple[Token, dict[str, str]]:
    kind, low, high, sentence = NUMBERS[letter]
    if not low <= int(digits) <= high:
        return Token(word, kind, str(sentence)), {}
    return Token(word, kind), {kind: str(int(digits))}


def _shortest_words(values: dict[str, str]) -> list[str]:
    letter_of_side = {word: letter for letter, word in SIDES.items() if len(letter) == 1}
    code_of_technique = {value: code for code, value in TECHNIQUES.items()}
    by_kind = {
        "muscle": " ".join(
            filter(None, (values.get("muscle", ""), shorthand_parts.printed(values.get("sub_site", ""))))
        ),
        "side": letter_of_side.get(values.get("side", ""), ""),
        **{kind: f"{LETTERS[kind]}{values[kind]}" for kind in LETTERS if values.get(kind)},
        "needle": values.get("needle", ""),
        "technique": code_of_technique.get(values.get("technique", ""), ""),
    }
    return [word for word in by_kind.values() if word]
