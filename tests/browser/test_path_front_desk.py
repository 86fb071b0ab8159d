"""The front desk's work, by keyboard, from the sign-in page on."""

import datetime as dt

import pytest
from django.utils import timezone

from patients.models import Consent, Patient, Screening, Visit
from tests import factories
from tests.browser import steps
from treatments.models import SorenessReport

REGISTER_AT_MOST, CHECK_IN_AT_MOST, CALL_AT_MOST = 30, 5, 8


@pytest.fixture
def user(keyboard, reception, therapist):
    steps.sign_in(keyboard, reception)
    return keyboard


@pytest.fixture
def expected(ada, therapist):
    """Ada is expected in a moment, which is still today at any hour that the suite runs."""
    return factories.visit(ada, therapist, booked_for=timezone.now() + dt.timedelta(seconds=1))


def test_a_patient_is_registered_and_booked_in_few_keys(user, therapist, record_property):
    keys = steps.register_and_book(user, family="Okafor", given="Ben")
    record_property("keys", keys)
    assert keys <= REGISTER_AT_MOST

    steps.book_visit(user, therapist, when="tomorrow 9:30")
    assert Visit.objects.get().patient == Patient.objects.get(family_name="Okafor")


def test_a_check_in_takes_a_few_keys_from_the_board(user, expected, record_property):
    user.page.goto("/")
    before = user.presses

    user.type("ex")
    user.leave_by("Enter")
    user.stays_somewhere()
    user.leave_by("Enter")

    record_property("keys", user.presses - before)
    expected.refresh_from_db()
    assert expected.arrived_at
    assert user.presses - before <= CHECK_IN_AT_MOST


def test_a_wrong_check_in_is_taken_back(user, expected):
    steps.check_in(user, expected.patient.listed_name)
    steps.take_back(user, expected.patient.listed_name, why="Pressed the wrong row")

    expected.refresh_from_db()
    assert expected.state == "expected"
    assert expected.withdrawals.get().reason == "Pressed the wrong row"


def test_the_tablet_comes_back_with_answers_and_a_consent(user, expected, reception, therapist):
    name = expected.patient.listed_name
    steps.check_in(user, name)
    steps.hand_over_questions(user, name)
    steps.answer_questions(user)
    steps.take_the_tablet_back(user, reception)

    user.page.goto("/")
    steps.hand_over_consent(user, name, therapist)
    steps.sign_consent(user, regions=("Arm and hand",), name="Ada Examplewood")
    steps.take_the_tablet_back(user, reception)

    assert Screening.objects.get().source == Screening.Source.TABLET
    assert Consent.objects.get().method == Consent.Method.TYPED


def test_a_follow_up_call_takes_few_keys(user, draft, record_property):
    factories.site(draft)
    factories.followup(draft)
    user.page.goto("/followups/")
    user.tab_to(f"Call {draft.patient.listed_name}, 24 h")
    before = user.presses

    user.leave_by("Enter")
    steps.call_went_well(user, soreness="3")

    record_property("keys", user.presses - before)
    assert SorenessReport.objects.get().now == 3
    assert user.presses - before <= CALL_AT_MOST


def test_an_allergy_is_noted(user, ada):
    user.page.goto(f"{ada.get_absolute_url()}alerts/")
    user.act("Add an allergy")
    user.fill("Allergic to", "Nickel")
    user.leave_by("Enter")
    assert ada.allergies.get().substance == "Nickel"
