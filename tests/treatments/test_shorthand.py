"""The shorthand of sites: printed lines parse back, no input raises, every word is accounted for."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from treatments.rules.sites import shorthand

MUSCLES = {
    "ut": "Upper trapezius",
    "mt": "Middle trapezius",
    "lt": "Lower trapezius",
    "is": "Infraspinatus",
    "rho": "Rhomboid major",
    "rhn": "Rhomboid minor",
    "st": "Semitendinosus and semimembranosus",
    "gmed": "Gluteus medius",
}
WORDS = [
    *MUSCLES,
    "l",
    "R",
    "both",
    "3",
    "t2",
    "d25",
    "w8",
    "n2",
    "0.30x40",
    ".3x40",
    "li",
    ";",
    "\n",
    "t",
    "100",
]


def values(line: str) -> list[dict]:
    return [entry.values for entry in shorthand.parse(line, MUSCLES)]


def test_the_line_of_the_book():
    assert values("ut r 3 t2 d25; is l 2 t1 w8; rho r 2 d15") == [
        {"muscle": "ut", "side": "right", "insertions": "3", "twitches": "2", "depth_mm": "25"},
        {
            "muscle": "is", "side": "left", "insertions": "2", "twitches": "1", "dwell": "8",
            "technique": "static",
        },
        {"muscle": "rho", "side": "right", "insertions": "2", "depth_mm": "15"},
    ]  # fmt: skip


def test_what_only_the_therapist_can_say_is_asked_for():
    (entry,) = shorthand.parse("rho r 2 d15", MUSCLES)

    assert entry.is_understood
    assert entry.gaps == ["the twitches, such as t0"]


@pytest.mark.parametrize(
    ("line", "muscle"),
    [("UT r", "ut"), ("tr up r", "ut"), ("glut med l 2", "gmed"), ("infra", "is"), ("st l", "st")],
)
def test_a_muscle_is_its_code_or_the_beginnings_of_its_words(line, muscle):
    assert values(line)[0]["muscle"] == muscle


@pytest.mark.parametrize(
    "line",
    ["ut r3 t2 d25mm", "ut, r, 3, t2, d25,", "UT R3 T2 D25MM", "ut r 3 t2 d25,; ", "ut r 3, t2 d25mm\n"],
)
def test_commas_units_and_a_side_with_its_number_are_read(line):
    assert values(line) == values("ut r 3 t2 d25")


def test_minutes_may_have_their_unit():
    assert values("is l2 t1 w8min") == values("is l 2 t1 w8")


def test_a_number_after_l_may_be_a_level_of_the_lumbar_spine():
    (entry,) = shorthand.parse("lm l3 t2", {"lm": "Lumbar multifidus"})

    assert [token.error for token in entry.tokens if token.error] == [
        "“l3” may be a level. Write “l 3” for the left side."
    ]
    assert "side" not in entry.values


@pytest.mark.parametrize(
    ("line", "word", "sentence"),
    [
        ("trap r 2 t1", "trap", "“trap” may be Upper trapezius, Middle trapezius, Lower trapezius."),
        ("hamstrings r 2 t1", "hamstrings", "“hamstrings” may be Semitendinosus and semimembranosus."),
        ("xyz r 2 t1", "xyz", "No muscle is called “xyz”."),
        ("ut r 2 t1 quick", "quick", "“quick” is not understood."),
        ("ut r 2 l t1", "l", "“l” says it a second time."),
        ("ut r 100 t1", "100", "Insertions go from 1 to 99."),
        ("ut r 0 t1", "0", "Insertions go from 1 to 99."),
        ("ut r 2 t1 d999", "d999", "The depth goes from 1 to 150 mm."),
        ("ut r 2 t1 w999", "w999", "A needle stays in for 0 to 240 minutes."),
        ("ut r 2 t1 0.95x40", "0.95x40", "A needle is 0.10 to 0.90 mm thick and 5 to 150 mm long."),
    ],
)
def test_a_word_that_is_not_understood_says_why(line, word, sentence):
    (entry,) = shorthand.parse(line, MUSCLES)

    assert [(token.text, token.error) for token in entry.tokens if token.error] == [(word, sentence)]


def test_no_word_is_lost():
    line = "ut r 3 t2 quick d25 ; xyz l"

    tokens = [token.text for entry in shorthand.parse(line, MUSCLES) for token in entry.tokens]

    assert " ".join(tokens) == line.replace(" ;", "")


@st.composite
def lines(draw) -> str:
    """A valid site, its words in any order after the muscle."""
    parts = [
        draw(st.sampled_from(["l", "r", "b", "m", "left", "midline"])),
        str(draw(st.integers(1, 99))),
        f"t{draw(st.integers(0, 99))}",
    ]
    for letter, low, high in (("d", 1, 150), ("w", 0, 240), ("n", 1, 99)):
        parts += draw(st.lists(st.integers(low, high).map(f"{letter}{{}}".format), max_size=1))
    parts += draw(st.lists(st.sampled_from(["0.30x40", ".25x30", "0.3×75"]), max_size=1))
    parts += draw(st.lists(st.sampled_from(list(shorthand.TECHNIQUES)), max_size=1))
    return " ".join([draw(st.sampled_from(list(MUSCLES))), *draw(st.permutations(parts))])


# a busy machine generates examples slowly
NO_DEADLINE = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@NO_DEADLINE
@given(st.lists(lines(), min_size=1, max_size=6))
def test_what_is_printed_parses_back(sites):
    entries = shorthand.parse(";".join(sites), MUSCLES)
    again = shorthand.parse(shorthand.shortest_form(entries), MUSCLES)

    assert all(entry.is_understood and not entry.gaps for entry in entries)
    assert [entry.values for entry in again] == [entry.values for entry in entries]
    assert shorthand.shortest_form(again) == shorthand.shortest_form(entries)


@NO_DEADLINE
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_no_input_raises_and_every_error_has_a_sentence(text):
    entries = shorthand.parse(text, MUSCLES)

    for entry in entries:
        assert entry.tokens
        for token in entry.tokens:
            assert token.text
            assert bool(token.kind) or token.error
    again = shorthand.parse(shorthand.shortest_form(entries), MUSCLES)
    whole = [entry.values for entry in entries if "muscle" in entry.values]
    assert [one.values for one in again if "muscle" in one.values] == whole or len(whole) < len(entries)
