"""The front desk's own job, by keyboard, from the sign-in page on."""

import pytest

from tests.browser import steps

REGISTER_AT_MOST = 45


@pytest.fixture
def hands(keyboard, reception, therapist):
    steps.sign_in(keyboard, reception)
    return keyboard


def test_a_patient_is_registered_and_the_visit_started(hands, therapist):
    keys = steps.register(hands, family="Okafor", given="Ben", button="Register and start visit")
    assert keys <= REGISTER_AT_MOST
