"""Codes that exclude each other: which pairs the code set names, and which of two holds."""

import re
from itertools import combinations

import pytest
from django.urls import reverse

from clinic.models import AuditEvent
from clinic.values.errors import RuleViolation
from patients.actions import conditions
from patients.models import DiagnosisFamily, PatientCondition
from patients.rules.conditions import exclusions
from tests import factories
from tests.order_files import code_list
from tests.patients.test_icd_codes import CODES
from treatments.actions.session import opening

# A code of a note: one, those that begin with it (M54.4-), or a range (G43-G44).
IN_NOTE = re.compile(r"\b([A-Z]\d\w(?:\.\w+)?)-?(?:([A-Z]\d\w))?\b")


@pytest.fixture(scope="module")
def code_set():
    return code_list()


def named_in(note: str) -> list[tuple[str, str]]:
    """(first, last) of each range, and (code, "") of each code or beginning of codes."""
    return [pair for part in re.findall(r"\(([^)]*)\)", note) for pair in IN_NOTE.findall(part)]


def excluded_by(code_set, code: str) -> list[tuple[str, str]]:
    """What the notes at the code and above it name."""
    places = (code, *code_set.get_ancestors(code))
    return [pair for at in places for note in code_set.get_excludes1(at) for pair in named_in(note)]


def is_among(code: str, named: list[tuple[str, str]]) -> bool:
    return any(code.startswith(first) or (last and first <= code[:3] <= last) for first, last in named)


def test_every_pair_of_our_codes_is_the_code_sets_and_none_is_missing(code_set):
    # the last character of an injury's code changes nothing here
    codes = sorted({code.removesuffix("A") for _, code in CODES if code[-1] not in "DS"})
    whole = {code: code if code_set.is_valid_item(code) else f"{code}A" for code in codes}
    excluded = {code: excluded_by(code_set, whole[code]) for code in codes}
    named = {
        (code, other)
        for code, other in combinations(codes, 2)
        if is_among(other, excluded[code]) or is_among(code, excluded[other])
    }
    ours = {pair for pair in combinations(codes, 2) if exclusions.exclude_each_other(*pair)}
    assert len(ours) > 100
    assert named ^ ours == set()


@pytest.mark.parametrize("pair", exclusions.PAIRS, ids=" ".join)
def test_every_pair_is_a_note_of_the_code_set(code_set, pair):
    """Also those of codes that no condition of ours has: a practice may have them in rows of its own."""
    first, second = (whole_of(code_set, code) for code in pair)
    assert is_among(second, excluded_by(code_set, first)) or is_among(first, excluded_by(code_set, second))


def whole_of(code_set, beginning: str) -> str:
    """A code that may be billed and begins so."""
    codes = (code for code in code_set.get_all_codes(with_dots=True) if code.startswith(beginning))
    return next(code for code in codes if "." in code and code_set.is_leaf(code))


@pytest.mark.parametrize(
    ("code", "other"), [("G43.909", "R51.9"), ("M77.11", "M70.61"), ("M54.2", "M54.50"), ("", "M54.50")]
)
def test_what_may_stand_together_is_not_asked_about(code, other):
    assert not exclusions.exclude_each_other(code, other)


def family(condition: str, variant: str) -> DiagnosisFamily:
    return DiagnosisFamily.objects.get(condition__code=condition, variant=variant)


def record(ada, therapist, condition: str, variant: str, **answers) -> list[PatientCondition]:
    found = family(condition, variant)
    encounter = "D" if found.encounter else ""
    return conditions.record(
        ada, by=therapist, condition=found.condition, variant=found, side="both", encounter=encounter,
        **answers,
    )  # fmt: skip


@pytest.fixture
def back_pain(ada, therapist, db):
    (row,) = record(ada, therapist, "low-back-pain", "unspecified")
    return row


STRAIN = ("low-back-pain", "low-back-strain")


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        ({}, {"codes-exclude"}),
        ({"holds": "both"}, {"exclusion-reason-missing"}),
    ],
)
def test_the_question_is_asked_until_it_is_answered(back_pain, ada, therapist, answer, codes):
    with pytest.raises(RuleViolation) as refused:
        record(ada, therapist, *STRAIN, **answer)
    assert refused.value.codes == codes
    assert "M54.50" in back_pain.icd10
    assert PatientCondition.objects.open().count() == 1


def test_this_one_holds(back_pain, ada, therapist):
    (strain,) = record(ada, therapist, *STRAIN, holds="this")
    back_pain.refresh_from_db()
    assert strain.resolved_at is None
    assert back_pain.resolved_at is not None
    assert "S39.012D" in back_pain.resolved_reason


def test_the_other_one_holds_and_that_is_kept(back_pain, ada, therapist):
    assert record(ada, therapist, *STRAIN, holds="other") == []
    assert PatientCondition.objects.get() == back_pain
    event = AuditEvent.objects.get(code="condition.left_out")
    assert "S39.012D" in str(event.changes)
    assert event.patient_ref == ada.ref


def test_both_hold_with_a_reason_that_the_record_shows(back_pain, ada, therapist, signed_in):
    (strain,) = record(ada, therapist, *STRAIN, holds="both", holds_reason="Lifted a box on Monday.")
    assert (strain.excluded_codes, strain.exclusion_reason) == ("M54.50", "Lifted a box on Monday.")
    page = signed_in(therapist).get(ada.get_absolute_url()).content.decode()
    assert "holds beside M54.50: Lifted a box on Monday." in page
    conditions.change(strain, by=therapist, side="both", variant=strain.variant, encounter="D", goal="lift")


def test_the_page_asks_with_everything_that_was_typed(back_pain, ada, therapist, signed_in):
    client, url = signed_in(therapist), reverse("patients:condition-add", args=[ada.ref])
    strain = family(*STRAIN)
    typed = {
        "condition": "low-back-pain", "details": "yes", "variant": strain.pk, "side": "both",
        "encounter": "D", "goal": "lift the child",
    }  # fmt: skip
    asked = client.post(url, typed)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "M54.50" in page
    assert "lift the child" in page
    assert 'type="radio" name="holds"' in page
    answered = client.post(url, typed | {"holds": "both", "holds_reason": "A new injury."})
    assert answered.status_code == 302
    assert PatientCondition.objects.open().count() == 2


def test_the_question_is_not_on_the_page_of_another_condition(ada, therapist, signed_in):
    url = reverse("patients:condition-add", args=[ada.ref])
    page = signed_in(therapist).post(url, {"condition": "tennis-elbow"}).content.decode()
    assert 'type="radio" name="holds"' not in page


@pytest.fixture
def unanswered(ada, therapist, db):
    """Two rows that were recorded before anybody asked, or that a merge brought together."""
    episode = factories.episode(ada, therapist)
    strain = family(*STRAIN)
    return (
        factories.condition(episode, therapist, code="low-back-pain", side="midline"),
        factories.condition(
            episode, therapist, code="low-back-pain", side="midline", variant=strain, icd10="S39.012D",
            encounter="D",
        ),
    )  # fmt: skip


def test_rows_of_before_are_asked_about_when_a_session_takes_both(unanswered, ada, therapist):
    visit = factories.arrived(ada, therapist)
    factories.screening(ada, therapist)
    factories.screening(ada, therapist, kind="visit", visit=visit)
    factories.consent(ada, therapist)
    with pytest.raises(RuleViolation) as refused:
        opening.open_session(ada, by=therapist, visit=visit, conditions=list(unanswered))
    assert refused.value.codes == {"codes-exclude"}
    assert opening.open_session(ada, by=therapist, visit=visit, conditions=[unanswered[0]])


def test_rows_of_before_are_answered_on_their_page(unanswered, ada, therapist, signed_in):
    back_pain, strain = unanswered
    client = signed_in(therapist)
    url = reverse("patients:condition-edit", args=[ada.ref, strain.pk])
    assert 'type="radio" name="holds"' in client.get(url).content.decode()
    typed = {"details": "yes", "variant": strain.variant_id, "side": "midline", "encounter": "D"}
    assert client.post(url, typed | {"holds": "other"}).status_code == 302
    strain.refresh_from_db()
    assert "M54.50" in strain.resolved_reason
    assert PatientCondition.objects.open().get() == back_pain
