"""Warning signs that a caller wrote as words, such as “can’t catch my breath”: asked before filing."""

import re
from dataclasses import dataclass

# where it begins, where the next word stands, and the code of the sign
Span = tuple[int, int, str]

# own choice: how patients say each sign; “*” is any ending of a word, “_” any one word
_PHRASES = {
    "breathless": (
        "short of breath|shortness of breath|short breath|short winded|out of breath|catch _ breath"
        "|catching _ breath|get _ breath|lost _ breath|deep breath*|enough air|cant breathe"
        "|cannot breathe|can not breathe|cant breath|couldnt breathe|could not breathe"
        "|unable to breathe|not breathing|hard to breathe|harder to breathe|hard time breathing"
        "|hurts to breathe|hurts when _ breathe*|trouble breathing|troubles breathing"
        "|trouble to breathe|difficulty breathing|difficulties breathing|difficult to breathe"
        "|problem* breathing|breathing problem*|breathing trouble*|breathing difficult*"
        "|breathing is hard|breathing is worse|breathing hard|breathing heav*|breathing fast"
        "|breathing bad*|labored breathing|shallow breath*|struggl* to breathe|struggling for breath"
        "|fighting for breath|breathless*|winded|gasping|wheez*|dyspn*|sob|suffocat*"
        "|respiratory distress|falta de aire|falta el aire|puede respirar|puedo respirar"
    ),
    "chest-pain": (
        "chest pain*|pain in _ chest|pain in chest|pain across _ chest|pains in _ chest|chest hurt*"
        "|chest is hurt*|chest is tight*|chest feels tight*|chest tight*|tight chest"
        "|tightness in _ chest|chest pressure|pressure in _ chest|pressure on _ chest|chest heav*"
        "|chest sore*|chest ache*|chest discomfort|pain when breathing|pain on breathing"
        "|pain with breathing|pleuritic|heart attack|dolor de pecho|dolor en el pecho"
    ),
    "coughing-blood": (
        "coughing blood|coughing up blood|coughed blood|coughed up blood|coughs blood|coughs up blood"
        "|cough up blood|spitting blood|spitting up blood|bloody sputum|blood in _ sputum"
        "|bloody cough|hemoptysis"
    ),
    "blue-lips": (
        "blue lips|lips blue|lips are blue|lips were blue|lips turned blue|turning blue|turned blue|cyano*"
    ),
    "fainted": (
        "fainted|fainting|passed out|pass out|passing out|blacked out|black out|blackout*|collapsed"
        "|syncope|lost consciousness|loss of consciousness|unconscious"
    ),
    "one-side-weak": (
        "face droop*|facial droop*|droopy face|slur*|like a stroke|had a stroke|whole side"
        "|one side of _ body|left side of _ body|right side of _ body|left side is weak"
        "|right side is weak|left side is numb|right side is numb"
    ),
    "bladder-bowel": (
        "bladder|bowel*|incontinen*|cant pee|cannot pee|cant urinate|cannot urinate|unable to urinate"
        "|unable to pee|wet herself|wet himself|wet myself|wet the bed|saddle numbness|numb saddle"
    ),
    "severe-headache": (
        "worst headache|headache of _ life|thunderclap|sudden headache|severe headache"
        "|terrible headache|awful headache|splitting headache"
    ),
    "infection-grave": "confused|confusion|delirious|clammy",
    "numb-weak": (
        "numb|numbness|tingl*|pins and needles|weak|weakness|weaker|cant feel|cannot feel|wrist drop"
        "|foot drop|dropping things|drops things|cant lift|cannot lift|cant move|cannot move|paraly*"
    ),
    "trouble-walking": (
        "trouble walking|difficulty walking|cant walk|cannot walk|can not walk|couldnt walk"
        "|could not walk|hard to walk|unsteady|legs gave way|leg gave way|leg gives way"
    ),
    "growing-bruise": (
        "growing bruise|bruise is growing|bruise growing|bruise keeps growing|bruise is spreading"
        "|bruise spreading|bruise is getting bigger|bruise getting bigger|swelling is growing"
        "|swelling is getting bigger|swelling getting bigger|tight swelling|hematoma"
    ),
    "calf-swelling": (
        "swollen calf|calf swollen|calf is swollen|calf swelling|swelling of _ calf|calf pain*"
        "|pain in _ calf|dvt|blood clot*"
    ),
    "dry-cough": ("cough|coughing|coughs"),
    "shoulder-tip": ("tip of _ shoulder|shoulder tip"),
    "infection": (
        "fever*|febrile|chills|shivering|pus|oozing|infected|infection|red streak*|redness"
        "|spreading red|hot to the touch|fiebre"
    ),
}
_DENIALS = "no not nor denies denied deny without never isnt wasnt doesnt didnt dont hasnt havent nil"
_FILLERS = "any sign signs of or new more real longer had has have having feel feeling felt been"
# What takes back the sign after it, and what may stand between: “no signs of any fever or chest pain”.
_NO, _BETWEEN = frozenset(_DENIALS.split()), frozenset(_FILLERS.split())
CODES = tuple(_PHRASES)
_PATTERNS = {code: [phrase.split() for phrase in text.split("|")] for code, text in _PHRASES.items()}
_MOST_WORDS = max(len(phrase) for phrases in _PATTERNS.values() for phrase in phrases)
_APOSTROPHES = "'’‘ʼ`´"
_WORD = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*|[^\s\w]")


@dataclass(frozen=True)
class ToldSign:
    """A sign that a text may mean, and the words that say so, as they were written."""

    code: str
    words: str


def told(text: str) -> list[ToldSign]:
    """The signs that the text may mean, in the order of the questions. A sign that it denies is left out."""
    written = _WORD.findall(text)
    words = [_plain(word) for word in written]
    spans = _longest(_spans(words))
    within = {place for start, end, _code in spans for place in range(start, end)}
    found: dict[str, ToldSign] = {}
    for start, end, code in spans:
        if code not in found and not _is_denied(words, start, within):
            found[code] = ToldSign(code, " ".join(written[start:end]))
    return [found[code] for code in CODES if code in found]


def _plain(word: str) -> str:
    """“Can’t” as cant."""
    return word.casefold() if len(word) == 1 else re.sub(f"[{_APOSTROPHES}]", "", word.casefold())


def _longest(spans: list[Span]) -> list[Span]:
    """Without what stands in longer words of another sign: “coughing up blood” is no cough."""
    reach: dict[int, int] = {}
    for start, end, _code in spans:
        reach[start] = max(end, reach.get(start, 0))
    return [span for span in spans if not _is_in_longer(span, reach)]


def _is_in_longer(span: Span, reach: dict[int, int]) -> bool:
    start, end, _code = span
    befores = range(start - _MOST_WORDS, start + 1)
    return any(reach.get(at, 0) >= end and reach[at] - at > end - start for at in befores)


def _spans(words: list[str]) -> list[Span]:
    return sorted(
        (start, start + len(phrase), code)
        for code, phrases in _PATTERNS.items()
        for phrase in phrases
        for start, word in enumerate(words)
        if _fits(phrase[0], word) and _begins(words[start : start + _MOST_WORDS], phrase)
    )


def _begins(words: list[str], phrase: list[str]) -> bool:
    return len(words) >= len(phrase) and all(map(_fits, phrase, words))


def _fits(pattern: str, word: str) -> bool:
    if pattern == "_":
        return word.isalpha()
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


def _is_denied(words: list[str], start: int, within: set[int]) -> bool:
    """Whether a no stands before it, with nothing between but fillers and other signs."""
    place = start - 1
    while place >= 0 and (words[place] in _BETWEEN or place in within):
        place -= 1
    return place >= 0 and words[place] in _NO
