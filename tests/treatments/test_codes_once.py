"""A diagnosis code stands once in a session, in its seal and on paper."""

import pytest
from django.urls import reverse

from patients.actions import conditions
from patients.models import Condition
from tests import factories
from tests.treatments import notes
from treatments.actions.session import opening
from treatments.rules.signing import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(ada, therapist):
    visit = factories.arrived(ada, therapist)
    factories.screening(ada, therapist)
    factories.screening(ada, therapist, kind="visit", visit=visit)
    factories.consent(ada, therapist)
    return visit


def opened(visit, rows):
    return opening.open_session(visit.patient, by=rows[0].noted_by, visit=visit, conditions=rows)


def record(ada, therapist, code):
    condition = Condition.objects.get(code=code)
    return conditions.record(ada, by=therapist, condition=condition, side="both")


def test_both_sides_of_one_code_are_one_row_with_one_pain_score(visit, ada, therapist, signed_in):
    session = opened(visit, record(ada, therapist, "headache"))
    page = signed_in(therapist).get(session.get_absolute_url()).content.decode()
    assert page.count("ICD-10-CM R51.9") == 1
    assert page.count("Headache, unspecified, both sides") >= 1
    note = notes.signed(session)
    (row,) = seal.read(note.seal)["locked"]["conditions"]
    assert (row["icd10"], row["side"]) == ("R51.9", "both")
    printed = signed_in(therapist).get(reverse("treatments:session-print", args=[note.ref]))
    assert printed.status_code == 200


def test_codes_that_differ_by_side_are_two_rows(visit, ada, therapist):
    session = opened(visit, record(ada, therapist, "tennis-elbow"))
    assert set(session.conditions.values_list("side", "icd10")) == {("right", "M77.11"), ("left", "M77.12")}


def test_rows_of_before_with_one_code_are_one_row_of_the_session(visit, ada, therapist):
    episode = factories.episode(ada, therapist)
    rows = [factories.condition(episode, therapist, code="headache", side=side) for side in ("right", "left")]
    session = opened(visit, rows)
    assert list(session.conditions.values_list("side", "icd10")) == [("both", "R51.9")]


def test_aims_without_a_code_stay_rows_of_their_own(visit, ada, therapist):
    episode = factories.episode(ada, therapist)
    uncoded = {"code": "decreased-range-of-movement", "variant": None, "icd10": "", "code_set_year": None}
    rows = [factories.condition(episode, therapist, side=side, **uncoded) for side in ("right", "left")]
    session = opened(visit, rows)
    assert set(session.conditions.values_list("side", "icd10")) == {("right", ""), ("left", "")}
