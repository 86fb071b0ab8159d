"""Conditions are found as people say them: lay words, abbreviations, misspellings, sides and codes."""

import csv
import statistics
import time
from pathlib import Path

import pytest

from clinic import catalogues
from patients.models import DiagnosisFamily
from patients.rules.conditions import diagnoses, search, typed_words
from patients.rules.conditions.vocabulary import Family, Listed, OtherName, Vocabulary
from tests.catalogue_files import FILES

HERE = Path(__file__).parent
LONGEST_SEARCH = 0.005


def codes_of(row: dict) -> tuple[tuple[str, str], ...]:
    names = ("code_right", "code_left", "code_both", "code_midline", "code_unspecified")
    return diagnoses.codes_by_side(DiagnosisFamily(**{name: row[name] for name in names}))


VOCABULARY = Vocabulary(
    conditions=tuple(
        Listed(row["code"], row["patient_term"], row["name"], int(row["position"]), row["side_policy"])
        for row in catalogues.read(FILES["conditions"])
    ),
    names=tuple(
        OtherName(row["condition"], row["name"], row["proposed_variant"])
        for row in catalogues.read(FILES["condition_names"])
    ),
    families=tuple(
        Family(row["condition"], row["variant"], row["label"], row["is_default"] == "yes", codes_of(row))
        for row in catalogues.read(FILES["diagnosis_families"])
    ),
)


def found(text: str) -> list[search.Hit]:
    return search.search(VOCABULARY, text)


def said(name: str) -> list[tuple[str, set[str]]]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return [(row["typed"], set(row["conditions"].split("|"))) for row in csv.DictReader(lines)]


def is_among(typed: str, meant: set[str], places: int) -> bool:
    return bool(meant & {hit.condition.code for hit in found(typed)[:places]})


def test_at_least_190_of_200_ways_to_say_a_condition_are_among_the_first_three():
    ways = said("condition_words.csv")

    missed = [typed for typed, meant in ways if not is_among(typed, meant, 3)]
    assert len(ways) >= 200
    assert len(ways) - len(missed) >= 190, missed


@pytest.mark.parametrize(
    "typed",
    [
        "gout", "sports hernia", "inguinal hernias", "spinal stenosis", "scoliosis", "bunion", "zzz",
        "kidney stones", "broken arm", "ankle fracture", "high blood pressure and hypertension", "dizziness",
        "restless legs",
    ],
)  # fmt: skip
def test_a_complaint_that_the_list_has_not_gets_no_answer_instead_of_a_wrong_one(typed):
    assert found(typed) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [("disc hernia", "low-back-pain"), ("knee pain, gout?", "knee-pain"), ("herniat", "low-back-pain")],
)
def test_such_a_complaint_beside_what_the_list_has_hides_nothing(typed, code):
    assert found(typed)[0].condition.code == code


def test_other_spellings_and_orders_are_found_as_well():
    """Written after the names of the catalogue, to try how they are compared."""
    ways = said("more_condition_words.csv")

    missed = [typed for typed, meant in ways if not is_among(typed, meant, 3)]
    assert len(ways) > 400
    assert len(missed) <= len(ways) * 0.02, missed


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("GOLFER’S ELBOW", "throwers-elbow"),
        ("golfers' elbows", "throwers-elbow"),
        ("golfer s elbow", "throwers-elbow"),
        ("elbow, golfer's", "throwers-elbow"),
        ("Achillés tendonitis", "achilles-tendinopathy"),
        ("achilles tendinosis", "achilles-tendinopathy"),
        ("tendinopathy of the achilles", "achilles-tendinopathy"),
        ("patello-femoral", "runners-knee"),
        ("head ache from stress", "headache"),
        ("kneepain", "knee-pain"),
        ("t.m.j.", "jaw-pain"),
        ("I.T. band", "it-band-syndrome"),
        ("siattica", "low-back-pain"),
        ("plantar fashitis", "plantar-fasciitis"),
        ("jumping knee", "patellar-tendinopathy"),
        ("plantar f", "plantar-fasciitis"),
        ("ten", "tennis-elbow"),
    ],
)
def test_the_condition_that_is_meant_comes_first(typed, code):
    assert found(typed)[0].condition.code == code


@pytest.mark.parametrize(
    ("typed", "variant"),
    [
        ("shoulder pain", "shoulder-pain"),
        ("sore shoulder", "shoulder-pain"),
        ("elbow pain", "elbow-pain"),
        ("sore elbow", "elbow-pain"),
        ("ankle pain", "ankle-pain"),
        ("foot pain", "foot-pain"),
        ("thigh pain", "thigh-pain"),
        ("calf pain", "lower-leg-pain"),
        ("stiff shoulder", "stiff-shoulder"),
    ],
)
def test_a_symptom_alone_is_its_own_code_before_any_diagnosis_that_has_it(typed, variant):
    """Enter takes the first: whoever types “shoulder pain” has not found a frozen shoulder."""
    assert found(typed)[0].variant == variant


def test_spasticity_is_a_hypertonic_muscle():
    assert found("spasticity")[0].condition.code == "muscle-hypertonicity"


@pytest.mark.parametrize(
    ("typed", "code", "side"),
    [
        ("left knee pain", "knee-pain", "left"),
        ("knee pain L", "knee-pain", "left"),
        ("pain in my rt. knee", "knee-pain", "right"),
        ("R shoulder frozen", "adhesive-capsulitis", "right"),
        ("bilateral carpal tunnel", "carpal-tunnel-syndrome", "both"),
        ("b/l carpal tunnel", "carpal-tunnel-syndrome", "both"),
        ("left and right tennis elbow", "tennis-elbow", "both"),
        ("midline low back pain", "low-back-pain", "midline"),
        ("midline knee pain", "knee-pain", ""),
        ("knee pain", "knee-pain", ""),
        ("outer elbow pain", "tennis-elbow", ""),
    ],
)
def test_a_side_that_was_typed_is_proposed_where_the_condition_has_it(typed, code, side):
    first = found(typed)[0]

    assert (first.condition.code, first.side) == (code, side)


def test_a_side_alone_leads_nowhere_special():
    assert typed_words.read("left").words == ("left",)
    assert typed_words.read("left").side == ""


@pytest.mark.parametrize(
    ("typed", "code", "variant", "side"),
    [
        ("M72.2", "plantar-fasciitis", "plantar-fasciitis", ""),
        ("m722", "plantar-fasciitis", "plantar-fasciitis", ""),
        ("M77.12", "tennis-elbow", "lateral-epicondylitis", "left"),
        ("m 77 01", "throwers-elbow", "medial-epicondylitis", "right"),
        ("M77.0", "throwers-elbow", "medial-epicondylitis", ""),
        ("S76.311D", "hamstring-strain", "strain", "right"),
        ("S16.1XXA", "neck-pain", "neck-strain", ""),
        ("G56.03", "carpal-tunnel-syndrome", "carpal-tunnel", "both"),
        ("M76.52", "patellar-tendinopathy", "patellar-tendinitis", "left"),
        ("G44.86", "cervicogenic-headache", "cervicogenic", ""),
        ("M75", "adhesive-capsulitis", "adhesive-capsulitis", ""),
        ("G43", "migraine", "", ""),
    ],
)
def test_a_code_is_found_with_or_without_its_dot(typed, code, variant, side):
    first = found(typed)[0]

    assert (first.condition.code, first.variant, first.side) == (code, variant, side)


@pytest.mark.parametrize(
    ("typed", "code", "variant"),
    [
        ("sciatica", "low-back-pain", "sciatica"),
        ("golfer's elbow", "throwers-elbow", "medial-epicondylitis"),
        ("impingement", "rotator-cuff-strain", "impingement"),
        ("rotator cuff syndrome", "rotator-cuff-strain", "tear-unspecified"),
        ("quad strain", "muscle-strain", "quadriceps"),
        ("chondromalacia", "runners-knee", "chondromalacia-patellae"),
        # a word for several variants chooses none
        ("migraine with aura", "migraine", ""),
        ("rotator cuff", "rotator-cuff-strain", ""),
        ("ankle sprain", "ankle-strain", ""),
    ],
)
def test_a_word_for_one_variant_proposes_it(typed, code, variant):
    first = found(typed)[0]

    assert (first.condition.code, first.variant) == (code, variant)


def test_a_hit_says_the_other_name_that_found_it():
    assert [hit.also for hit in found("golfers elbow")[:1]] == ["golfer's elbow"]
    assert [hit.also for hit in found("tennis elbow")[:1]] == [""]
    assert [hit.code for hit in found("m722")] == ["M72.2 Plantar fascial fibromatosis"]


def test_among_equals_the_eighteen_come_first():
    codes = [hit.condition.code for hit in found("hip bursitis")]

    assert codes[:2] == ["hip-pain", "gluteal-tendinopathy"]


def test_each_condition_is_found_once_and_eight_are_enough():
    codes = [hit.condition.code for hit in found("pain")]

    assert len(codes) == len(set(codes)) == search.MOST_HITS


@pytest.mark.parametrize("typed", ["", "   ", "'", "xyzzyq", "Z99.9", "🙂"])
def test_what_is_no_condition_is_not_found(typed):
    assert found(typed) == []


def test_the_same_words_find_the_same_in_any_order_of_the_catalogue():
    turned = Vocabulary(*(part[::-1] for part in VOCABULARY))
    for typed, _ in said("condition_words.csv")[::7]:
        assert found(typed) == search.search(turned, typed), typed


def test_a_search_takes_less_than_five_milliseconds():
    found("pain")
    took = []
    for typed, _ in said("condition_words.csv"):
        before = time.process_time()
        found(typed)
        took.append(time.process_time() - before)

    assert statistics.quantiles(took, n=20)[-1] < LONGEST_SEARCH
