"""References can be read aloud, and a mistyped one is detected."""

import random
import re

import pytest

from clinic.values import references


@pytest.fixture
def below():
    return random.Random(7).randrange


def test_a_reference_has_no_letter_that_can_be_misread(below):
    letters = {letter for _ in range(500) for letter in references.mint(7, below=below)}

    assert letters.isdisjoint("01ILO")


def test_every_single_wrong_letter_is_noticed(below):
    for _ in range(20):
        ref = references.mint(8, below=below)
        for place, right in enumerate(ref):
            for wrong in references.ALPHABET.replace(right, ""):
                assert not references.is_valid(ref[:place] + wrong + ref[place + 1 :])


def test_every_swap_of_two_neighbours_is_noticed(below):
    for _ in range(200):
        ref = references.mint(7, below=below)
        for place in range(len(ref) - 1):
            swapped = ref[:place] + ref[place + 1] + ref[place] + ref[place + 2 :]
            assert swapped == ref or not references.is_valid(swapped)


@pytest.mark.parametrize("typed", ["{ref}", "{low}", " {ref} ", "#{ref}", "{left}-{right}"])
def test_a_reference_is_read_however_it_was_typed(typed, below):
    ref = references.mint(7, below=below)
    text = typed.format(ref=ref, low=ref.lower(), left=ref[:3], right=ref[3:])

    assert references.is_valid(text)
    assert references.normalise(text) == ref


def test_a_url_with_a_wrong_check_character_names_nothing(below):
    ref = references.mint(7, below=below)
    wrong = ref[:-1] + references.ALPHABET[(references.ALPHABET.index(ref[-1]) + 1) % 31]

    assert references.ReferenceConverter().to_python(ref.lower()) == ref
    with pytest.raises(ValueError, match="check character"):
        references.ReferenceConverter().to_python(wrong)


@pytest.mark.parametrize("length", references.LENGTHS)
def test_references_of_every_length_that_was_ever_made_are_read(length, below):
    ref = references.mint(length, below=below)

    assert references.ReferenceConverter().to_python(ref) == ref
    assert re.fullmatch(references.ReferenceConverter.regex, ref)


@pytest.mark.parametrize(
    ("minted", "rows"), [(references.patient_ref, 100_000), (references.record_ref, 3_000_000)]
)
def test_a_reference_is_long_enough_for_its_table(minted, rows):
    """One insert in a thousand may have to be repeated, with as many rows as the largest practice has."""
    possible = len(references.ALPHABET) ** (len(minted()) - 1)

    assert rows / possible < 0.001


def test_two_of_three_million_rows_hardly_ever_collide():
    """The birthday bound for tables of millions: n²/2 pairs among all references."""
    possible = len(references.ALPHABET) ** (references.RECORD_LENGTH - 1)

    assert 3_000_000**2 / 2 / possible < 0.2


@pytest.mark.parametrize("typed", ["555-234-6789", "234-6789", "(555) 234-6789", "55523467"])
def test_digits_are_a_phone_number_before_they_are_a_reference(typed):
    assert not references.looks_like(typed)
