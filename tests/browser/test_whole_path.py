"""The main workflow from end to end, on two devices, by keyboard only."""

import datetime as dt

import pytest
from django.utils import timezone

from patients.models import Consent, Patient, PatientCondition, Screening, Visit
from tests.browser import steps
from treatments.models import FollowUp, NeedlingSession, RedFlag, SorenessReport

NAME = "Okafor, Ben"


@pytest.fixture
def desk(open_page, keyboard_for, reception):
    """The desk's device, which is also the tablet that patients hold."""
    user = keyboard_for(open_page())
    steps.sign_in(user, reception)
    return user


@pytest.fixture
def room(open_page, keyboard_for, therapist):
    """The therapist's own device."""
    user = keyboard_for(open_page())
    steps.sign_in(user, therapist)
    return user


def test_from_the_sign_in_page_to_the_recorded_soreness(desk, room, reception, therapist):
    arrive(desk, therapist)
    answer_and_agree(desk, reception, therapist)
    prepare(room)
    treat_and_sign(room)
    feel_sore(desk)
    act(room)


def arrive(desk, therapist) -> None:
    steps.register(desk, family="Okafor", given="Ben", button="Register and start visit")
    steps.start_visit(desk, therapist)
    assert Visit.objects.present().get().patient == Patient.objects.get()


def answer_and_agree(desk, reception, therapist) -> None:
    """The patient gets the tablet twice; staff takes it back by signing in."""
    steps.hand_over_questions(desk, NAME)
    steps.answer_questions(desk)
    steps.take_the_tablet_back(desk, reception)
    assert Screening.objects.get().computed_level == "clear"

    desk.page.goto("/")
    steps.hand_over_consent(desk, NAME, therapist)
    steps.sign_consent(desk, regions=("Arm and hand",), name="Ben Okafor")
    steps.take_the_tablet_back(desk, reception)
    assert Consent.objects.get().signature == "Ben Okafor"


def prepare(room) -> None:
    steps.go_to_record(room, NAME)
    steps.review_screening(room)
    steps.go_to_record(room, NAME)
    shown = steps.record_condition(room, condition="ten", side="Right")
    assert PatientCondition.objects.get().icd10 == "M77.11"
    assert "M77.11" in shown
    steps.ask_what_changed(room, NAME)
    assert Screening.objects.get(kind="visit").reviewed_at


def treat_and_sign(room) -> None:
    steps.start_session(room, NAME)
    room.choose("Pain before", "6")
    steps.log_three_sites(room)
    steps.finish_session(room)
    steps.review_note(room)
    assert "Supinator, right. 2 insertions" in room.page.locator(".readback").inner_text()
    steps.sign_note(room)
    session = NeedlingSession.objects.get()
    assert session.signed_at
    assert session.sites.standing().count() == 3


def feel_sore(desk) -> None:
    """The desk calls the day after; chest pain is a warning sign."""
    FollowUp.objects.filter(step=24).update(due_at=timezone.now() - dt.timedelta(minutes=5))
    steps.open_call(desk, NAME)
    steps.call_with_a_sign(desk, soreness="4", sign="Do you have pain in your chest?")
    assert SorenessReport.objects.get().now == 4


def act(room) -> None:
    """The warning sign stays on the therapist's board until it is reviewed."""
    steps.act_on_warning(room, NAME, "Spoke with him, the ambulance is on its way.")
    assert RedFlag.objects.get().acknowledged_at
    assert room.page.locator(".band").count() == 0
