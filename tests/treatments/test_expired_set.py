"""A session uses the code set of its day; after the newest one's end it is marked, and nothing waits."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.models import CodeSet
from clinic.rules import code_sets
from patients.actions import conditions
from patients.models import Condition
from tests import factories
from tests.treatments import notes
from treatments.actions.session import opening
from treatments.rules.signing import seal

pytestmark = pytest.mark.django_db
LAST_DAY = dt.date(2026, 9, 30)


@pytest.fixture
def ready(ada, therapist, time_machine, request):
    """Ada is checked in, screened and has consented, on a day of the test's choice."""
    time_machine.move_to(dt.datetime(*request.param, 18, tzinfo=dt.UTC))
    visit = factories.arrived(ada, therapist)
    factories.screening(ada, therapist)
    factories.screening(ada, therapist, kind="visit", visit=visit)
    factories.consent(ada, therapist)
    condition = Condition.objects.get(code="low-back-pain")
    rows = conditions.record(ada, by=therapist, condition=condition, side="both")
    return visit, rows


IN_FORCE = pytest.mark.parametrize("ready", [(2026, 9, 30), (2026, 5, 14)], indirect=True)
EXPIRED = pytest.mark.parametrize("ready", [(2026, 10, 1), (2026, 11, 30), (2028, 2, 1)], indirect=True)


def opened(ready):
    visit, rows = ready
    return opening.open_session(visit.patient, by=rows[0].noted_by, visit=visit, conditions=rows)


def test_what_ships_is_the_last_set_that_was_checked():
    code_set = CodeSet.objects.get()
    assert (code_set.fiscal_year, code_set.valid_from, code_set.valid_to) == (
        2026, dt.date(2025, 10, 1), LAST_DAY,
    )  # fmt: skip
    assert code_set.is_excerpt
    assert "simple-icd-10-cm 1.5.0" in code_set.source


@IN_FORCE
def test_a_session_within_the_set_has_no_mark_anywhere(ready, therapist, signed_in):
    session = opened(ready)
    row = session.conditions.get()
    assert (row.code_set_year, row.code_set_ended_on) == (2026, None)
    client = signed_in(therapist)
    assert "expired set" not in client.get(session.get_absolute_url()).content.decode()
    note = notes.signed(session)
    sealed = seal.read(note.seal)
    assert "expired_code_sets" not in sealed
    assert sealed["code_set_years"] == [2026]
    assert "expired set" not in note.seal.text


@EXPIRED
def test_a_later_session_is_marked_on_page_seal_and_paper_and_is_signed(ready, therapist, signed_in):
    session = opened(ready)
    row = session.conditions.get()
    assert (row.code_set_year, row.code_set_ended_on) == (2026, LAST_DAY)
    client = signed_in(therapist)
    assert "expired set" in client.get(session.get_absolute_url()).content.decode()
    note = notes.signed(session)
    sealed = seal.read(note.seal)
    assert sealed["expired_code_sets"] == {"2026": "2026-09-30"}
    assert "(M54.50, expired set)" in note.seal.text
    assert "expired set" in client.get(note.get_absolute_url()).content.decode()


@EXPIRED
def test_the_page_of_a_condition_says_that_the_set_has_ended(ready, ada, therapist, signed_in):
    url = reverse("patients:condition-add", args=[ada.ref])
    page = signed_in(therapist).post(url, {"condition": "knee-pain"}).content.decode()
    assert "FY2026 (release of April 2026)" in page
    assert "Sep 30, 2026" in page
    assert "(2026, expired set)" in page


@IN_FORCE
def test_the_page_of_a_condition_says_nothing_while_the_set_is_in_force(ready, ada, therapist, signed_in):
    url = reverse("patients:condition-add", args=[ada.ref])
    page = signed_in(therapist).post(url, {"condition": "knee-pain"}).content.decode()
    assert "expired set" not in page
    assert "(2026)" in page


@EXPIRED
def test_a_lead_sees_how_many_notes_carry_the_mark(ready, lead, signed_in):
    opened(ready)
    page = signed_in(lead).get(reverse("treatments:today")).content.decode()
    assert "Expired set" in page
    assert "<strong>1</strong> note carries the mark" in " ".join(page.split())


@IN_FORCE
def test_a_lead_is_told_nothing_while_the_set_is_in_force(ready, lead, signed_in):
    opened(ready)
    assert "Expired set" not in signed_in(lead).get(reverse("treatments:today")).content.decode()


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (dt.date(2025, 1, 1), 2026),
        (dt.date(2025, 10, 1), 2026),
        (dt.date(2026, 9, 30), 2026),
        (dt.date(2026, 10, 1), 2027),
        (dt.date(2027, 9, 30), 2027),
        (dt.date(2030, 1, 1), 2027),
    ],
)
def test_a_day_has_the_newest_set_that_was_in_force(on, year):
    sets = [
        CodeSet(fiscal_year=of, valid_from=code_sets.days_of(of)[0], valid_to=code_sets.days_of(of)[1])
        for of in (2027, 2026)
    ]
    assert code_sets.of_day(sets, on).fiscal_year == year
    assert (code_sets.ended_on(sets[0], on) is not None) == (on > dt.date(2027, 9, 30))


def test_without_any_set_a_code_has_no_year():
    assert code_sets.of_day([], LAST_DAY) is None
    assert code_sets.stamp([], "M54.50", LAST_DAY) == {"code_set_year": None, "code_set_ended_on": None}


@pytest.mark.parametrize(
    ("code", "standing"),
    [("M54.50", "valid"), ("M54.5", "gone"), ("M54.99", "gone"), ("A00.0", "unknown"), ("S16.1XXD", "valid")],
)
def test_an_excerpt_knows_its_own_categories(code, standing):
    assert code_sets.codes_of(CodeSet.objects.get()).standing(code) == standing
