"""Words for several muscles, such as “quads”: kept as written they would be no muscle that has hazards."""

from collections.abc import Iterable, Mapping

# By the words of a name as `muscle_parts` reads them: the rows that are asked among.
# source: domain facts 1 (the muscles of each complaint) and 7 (S65: each muscle by name, no “paraspinals”)
QUADRICEPS = ("rf", "vi", "vl", "vm")
HAMSTRINGS = ("bf", "st")
CALF = ("ga", "so")
ROTATOR_CUFF = ("is", "sub", "ss", "tm")
ERECTOR_SPINAE = ("les", "til")
PARASPINALS = ("cm", "lc", "les", "lm", "til", "tmf")
FIBULARIS = ("fib",)
GROUPS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("quad", "quadricep"), QUADRICEPS),
    **dict.fromkeys(("hamstring", "hammie", "hammy"), HAMSTRINGS),
    **dict.fromkeys(("calf", "calve"), CALF),
    "cuff": ROTATOR_CUFF,
    "erector": ERECTOR_SPINAE,
    **dict.fromkeys(("paraspinal", "paravertebral"), PARASPINALS),
    **dict.fromkeys(("peroneal", "peroneu", "peronei"), FIBULARIS),
}


def codes(words: Iterable[str]) -> tuple[str, ...]:
    """Those of the first word that stands for several muscles."""
    return next((GROUPS[word] for word in words if word in GROUPS), ())
