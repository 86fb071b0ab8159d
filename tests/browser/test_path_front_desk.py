"""The front desk's own job, by keyboard, from the sign-in page on."""

import datetime as dt

import pytest
from django.utils import timezone

from patients.models import Consent, Patient, Screening, Visit
from tests import factories
from tests.browser import steps
from treatments.models import SorenessReport

REGISTER_AT_MOST, CHECK_IN_AT_MOST, CALL_AT_MOST = 45, 5, 8


@pytest.fixture
def hands(keyboard, reception, therapist):
    steps.sign_in(keyboard, reception)
    return keyboard


@pytest.fixture
def expected(ada, therapist):
    """Ada is expected in a quarter of an hour."""
    return factories.visit(ada, therapist, booked_for=timezone.now() + dt.timedelta(minutes=15))


def test_a_patient_is_registered_and_booked_in_few_keys(hands, therapist, record_property):
    keys = steps.register(hands, family="Okafor", given="Ben", button="Register and book")
    record_property("keys", keys)
    assert keys <= REGISTER_AT_MOST

    steps.book_visit(hands, therapist, when="tomorrow 9:30")
    assert Visit.objects.get().patient == Patient.objects.get(family_name="Okafor")


def test_a_check_in_takes_a_few_keys_from_the_board(hands, expected, record_property):
    hands.page.goto("/")
    before = hands.presses

    hands.type("ex")
    hands.leave_by("Enter")
    hands.stays_somewhere()
    hands.leave_by("Enter")

    record_property("keys", hands.presses - before)
    expected.refresh_from_db()
    assert expected.arrived_at
    assert hands.presses - before <= CHECK_IN_AT_MOST


def test_a_wrong_check_in_is_taken_back(hands, expected):
    steps.check_in(hands, expected.patient.listed_name)
    steps.take_back(hands, expected.patient.listed_name, why="Pressed the wrong row")

    expected.refresh_from_db()
    assert expected.state == "expected"
    assert expected.withdrawals.get().reason == "Pressed the wrong row"


def test_the_tablet_comes_back_with_answers_and_a_consent(hands, expected, reception, therapist):
    name = expected.patient.listed_name
    steps.check_in(hands, name)
    steps.hand_over_questions(hands, name)
    steps.answer_questions(hands)
    steps.take_the_tablet_back(hands, reception)

    hands.page.goto("/")
    steps.hand_over_consent(hands, name, therapist)
    steps.sign_consent(hands, regions=("Arm and hand",), name="Ada Examplewood")
    steps.take_the_tablet_back(hands, reception)

    assert Screening.objects.get().source == Screening.Source.TABLET
    assert Consent.objects.get().method == Consent.Method.TYPED


def test_a_follow_up_call_takes_few_keys(hands, draft, record_property):
    factories.site(draft)
    factories.followup(draft)
    hands.page.goto("/followups/")
    hands.tab_to(f"Call {draft.patient.listed_name}, 24 h")
    before = hands.presses

    hands.leave_by("Enter")
    steps.call_went_well(hands, soreness="3")

    record_property("keys", hands.presses - before)
    assert SorenessReport.objects.get().now == 3
    assert hands.presses - before <= CALL_AT_MOST


def test_an_allergy_is_noted(hands, ada):
    hands.page.goto(f"{ada.get_absolute_url()}alerts/")
    hands.act("Add an allergy")
    hands.fill("Allergic to", "Nickel")
    hands.leave_by("Enter")
    assert ada.allergies.get().substance == "Nickel"
