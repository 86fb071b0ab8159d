"""Name keys and search terms as tables, and tolerance of typing errors."""

import datetime as dt
import random
import string

import pytest
from django.db import connection

from clinic.values import references
from patients.actions import patients
from patients.models import PatientKey
from patients.rules.identity import keys, search_terms
from patients.rules.identity.search_terms import SearchTerms
from patients.selectors.identity import search
from tests import factories

TODAY = dt.date(2026, 5, 12)
FAMILY = (
    "Nakamura",
    "Lindqvist",
    "Okonkwo",
    "Moreau",
    "Varga",
    "Holm",
    "Szabo",
    "Abernathy",
    "Ibarra",
    "Whitcombe",
)
GIVEN = ("Ana", "Benjamin", "Carla", "Dmitri", "Elise", "Farouk", "Greta", "Hugo", "Ingrid", "Jonas")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José", "jose"),
        ("O’Brien", "OBRIEN"),
        ("Smith-Jones", "smith jones"),
        ("Sørensen", "Sorensen"),
        ("Łukasz", "lukasz"),
        ("Groß", "GROSS"),
        ("  Ana   Maria ", "ana maria"),
        ("ﬁeld", "field"),
        ("\u200fמרים", "מרים"),
    ],
)
def test_names_that_read_the_same_have_the_same_words(one, other):
    assert keys.words_of(one) == keys.words_of(other)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Okafor", SearchTerms(words=("okafor",))),
        ("okafor, ben", SearchTerms(words=("okafor", "ben"))),
        ("3/5/84", SearchTerms(born=dt.date(1984, 3, 5))),
        ("okafor 3/5/1984", SearchTerms(words=("okafor",), born=dt.date(1984, 3, 5))),
        ("ben 5 Mar 84", SearchTerms(words=("ben",), born=dt.date(1984, 3, 5))),
        ("(555) 014-6631", SearchTerms(digits="5550146631")),
        ("+1 555 014 6631", SearchTerms(digits="5550146631")),
        ("6631", SearchTerms(digits="6631")),
        ("ben 6631", SearchTerms(words=("ben",), digits="6631")),
        ("2/29/2023", None),
        ("", SearchTerms()),
        ("  ", SearchTerms()),
        ("😀", SearchTerms(words=("😀",))),
    ],
)
def test_a_search_is_understood(typed, wanted):
    found = search_terms.parse_search(typed, today=TODAY)
    if wanted is None:
        assert found.born is None
    else:
        assert found == wanted


@pytest.mark.parametrize("shape", ["{0}{1}", "{0} {1}", "#{0}{1}", "{0}-{1}"])
def test_a_reference_is_understood_in_any_spacing(shape):
    ref = "7K4M9Q" + references.check_character("7K4M9Q")
    for typed in (ref, ref.lower()):
        assert search_terms.parse_search(shape.format(typed[:3], typed[3:]), today=TODAY).ref == ref


@pytest.mark.parametrize(
    ("typed", "problem"), [("7K4M9QX", "one of its letters is wrong"), ("7KO4M9X", "never contain 0, O")]
)
def test_a_reference_that_cannot_be_is_explained(typed, problem):
    assert problem in search_terms.parse_search(typed, today=TODAY).problem


def test_a_wrong_check_character_is_always_noticed():
    body = "7K4M9Q"
    right = references.check_character(body)
    wrong = [letter for letter in references.ALPHABET if letter != right]
    assert all(search_terms.parse_search(body + letter, today=TODAY).problem for letter in wrong)
    assert search_terms.parse_search(body + right, today=TODAY).ref == body + right


def test_a_name_that_could_be_a_reference_is_found_as_both(reception):
    word = "HAMMER" + references.check_character("HAMMER")
    by_name = factories.patient(reception, family_name=word.capitalize())
    by_reference = factories.patient(reception, ref=word)
    assert word.isalpha()
    assert search.find_patients(search_terms.parse_search(word, today=TODAY), user=None) == [
        by_reference,
        by_name,
    ]


def test_namesakes_are_those_who_share_a_name(reception):
    one = factories.patient(reception, family_name="Holm", given_name="Ida")
    two = factories.patient(reception, family_name="HOLM", given_name="Ída")
    three = factories.patient(reception, family_name="Holm", given_name="Ivo")
    assert keys.namesakes([one, two, three]) == {one.pk, two.pk}


@pytest.fixture
def crowd(reception):
    return [factories.patient(reception, family_name=f, given_name=g) for f in FAMILY for g in GIVEN]


def one_slip(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word))
    letter = rng.choice(string.ascii_lowercase)
    return rng.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[: max(place - 1, 0)] + word[max(place - 1, 0) : place + 1][::-1] + word[place + 1 :],
        ]
    )


def test_one_slip_in_the_family_name_still_finds_the_patient(crowd):
    rng = random.Random(26)
    missed = []
    for person in crowd[::2]:
        typed = f"{one_slip(person.family_name.lower(), rng)} {person.given_name}"
        if person not in search.find_patients(search_terms.parse_search(typed, today=TODAY), user=None):
            missed.append(typed)
    assert missed == []


def test_a_slip_in_each_of_two_names_still_finds_the_patient(crowd):
    rng = random.Random(12)
    people = [person for person in crowd if len(person.given_name) > 4]
    typed = [(f"{one_slip(p.family_name, rng)} {one_slip(p.given_name, rng)}", p) for p in people[::3]]
    assert [
        text
        for text, p in typed
        if p not in search.find_patients(search_terms.parse_search(text, today=TODAY), user=None)
    ] == []


def test_the_exact_name_comes_first(crowd):
    found = search.find_patients(search_terms.parse_search("Holm Hugo", today=TODAY), user=None)
    assert (found[0].family_name, found[0].given_name) == ("Holm", "Hugo")


def test_beginnings_find(crowd):
    assert {
        p.family_name for p in search.find_patients(search_terms.parse_search("lind", today=TODAY), user=None)
    } == {"Lindqvist"}


@pytest.mark.parametrize("typed", ["holm", "hlom hugo", "3/5/84", "6631", "holm 7/9/1985"])
def test_a_search_never_scans_a_table(crowd, typed, django_assert_max_num_queries):
    """Every step of the query plan uses an index."""
    if connection.vendor != "sqlite":
        pytest.skip("The plan's words are SQLite's.")
    wanted = search_terms.parse_search(typed, today=TODAY)
    with django_assert_max_num_queries(2) as seen:
        search.find_patients(wanted, user=None)
    for query in seen.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = [row[3] for row in cursor.fetchall()]
        assert not [step for step in plan if step.startswith("SCAN") and "patient" in step.lower()], plan


def test_a_former_name_has_a_key_of_its_own_kind_alone(ada, reception):
    patients.change(ada, by=reception, family_name="Neuwald")
    stored = PatientKey.objects.filter(patient=ada)
    assert stored.filter(kind=keys.NAME, value="neuwald").exists()
    assert [key.kind for key in stored.filter(value="examplewood")] == [keys.FORMER]
