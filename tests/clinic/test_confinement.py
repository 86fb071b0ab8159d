"""Confined devices: apps register the allowed pages, the clinic app enforces them."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from clinic import middleware
from clinic.web import confinement


@pytest.fixture
def kiosk(monkeypatch) -> None:
    """Registers another kind of confinement beside those of the other apps."""
    made = confinement.Confinement("kiosk", "account_login")
    monkeypatch.setitem(confinement.CONFINEMENTS, "kiosk", made)


def answer(path: str, **session) -> HttpResponse:
    request = RequestFactory().get(path)
    request.session = session
    return middleware.confined_device(lambda request: HttpResponse("reached"))(request)


@pytest.mark.parametrize(
    "path", ["/", "/patients/", "/admin/", "/handover/", "/accounts/factors/authenticate/"]
)
def test_a_registered_confinement_leads_every_address_back(kiosk, path):
    assert answer(path, kiosk=1).url == "/accounts/login/"


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/health/", "/i/token/", "/s/token/", settings.STATIC_URL]
)
def test_a_confined_device_reaches_its_own_pages_and_what_knows_no_sign_in(kiosk, path):
    assert answer(path, kiosk=1).content == b"reached"


def test_the_second_step_of_the_sign_in_is_open_while_it_is_being_taken(kiosk):
    step = "/accounts/factors/authenticate/"

    assert answer(step, kiosk=1, **{middleware.LOGIN_SESSION_KEY: {}}).content == b"reached"


def test_a_device_that_holds_nothing_goes_anywhere(kiosk):
    assert answer("/patients/").content == b"reached"


def test_floors_above_have_registered_theirs():
    assert confinement.CONFINEMENTS["handover"].address == "/handover/"
    assert set(confinement.PATIENT_LINKS.values()) == {"/i/", "/s/"}
