"""A wrong Host and a fault answer in the product's words, with DEBUG too: no settings, addresses or code."""

import pytest
from django.conf import settings as settings_of_django
from django.core.exceptions import SuspiciousOperation
from django.http import Http404
from django.test import Client
from django.urls import include, path

from clinic.urls import handler400, handler403, handler404, handler500  # noqa: F401  (the handlers of this URLconf)
from clinic.urls import urlpatterns as product

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.clinic.test_error_pages")]

# What Django's own pages print.
PRINTED = (
    "DATABASES",
    "INSTALLED_APPS",
    "MIDDLEWARE",
    "DEBUG",
    "Traceback",
    "urlpatterns",
    "clinic.urls",
    ".py",
)
HTML, TEXT = "text/html", "application/json"


def fails(request):
    raise ValueError("a fault")


def is_suspicious(request):
    raise SuspiciousOperation("not like this")


def is_missing(request):
    raise Http404("not there")


for view in (fails, is_suspicious, is_missing):
    view.login_required = False

urlpatterns = [
    path("fails/", fails),
    path("suspicious/", is_suspicious),
    path("missing/", is_missing),
    path("", include(product)),
]


@pytest.fixture(params=[False, True], ids=["production", "debug"])
def client(request, settings):
    settings.DEBUG = request.param
    return Client(raise_request_exception=False)


def printed(answer) -> list[str]:
    return [word for word in PRINTED if word in answer.content.decode()]


@pytest.mark.parametrize("accepted", [HTML, TEXT])
@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/fails/", 500, "Something went wrong on our side"),
        ("/suspicious/", 400, "That could not be read"),
        ("/missing/", 404, "nothing here"),
        ("/nowhere/at/all/", 404, "nothing here"),
    ],
)
def test_each_fault_has_the_products_page(client, address, status, heading, accepted):
    answer = client.get(address, headers={"Accept": accepted})

    assert (answer.status_code, printed(answer)) == (status, [])
    assert heading in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_host_is_told_nothing(client, method):
    answer = getattr(client, method)("/accounts/login/", headers={"Host": "elsewhere.example"})

    assert (answer.status_code, printed(answer)) == (400, [])
    assert "That could not be read" in answer.content.decode()


def test_a_fault_in_a_patients_hands_keeps_what_was_typed(client):
    answer = client.post("/fails/", {"answer": "since last winter"})

    assert answer.status_code == 500
    assert "since last winter" in answer.content.decode()
    assert printed(answer) == []


NAVIGATION, NAMED = '<nav class="topnav"', "data-lock-now"


def has_navigation(answer) -> bool:
    page = answer.content.decode()
    return NAVIGATION in page and NAMED in page


@pytest.mark.parametrize(
    ("address", "status"), [("/nowhere/at/all/", 404), ("/missing/", 404), ("/audit/", 403)]
)
def test_who_is_signed_in_keeps_the_navigation(client, reception, address, status):
    client.force_login(reception)

    answer = client.get(address)

    assert (answer.status_code, has_navigation(answer)) == (status, True)
    assert 'href="/patients/"' in answer.content.decode()


@pytest.mark.parametrize("address", ["/nowhere/at/all/", "/missing/"])
def test_a_stranger_is_shown_no_way_around(client, address):
    answer = client.get(address)

    assert (answer.status_code, has_navigation(answer)) == (404, False)


@pytest.mark.parametrize("is_signed_in", [False, True], ids=["patient", "second step of staff"])
def test_a_device_in_a_patients_hands_is_shown_no_way_around(client, reception, is_signed_in):
    if is_signed_in:
        client.force_login(reception)
    session = client.session
    session["handover"] = 1
    session.save()
    client.cookies[settings_of_django.SESSION_COOKIE_NAME] = session.session_key

    answer = client.get("/handover/nonsense/")

    assert (answer.status_code, has_navigation(answer)) == (404, False)


def test_a_fault_draws_without_navigation(client, reception):
    client.force_login(reception)

    answer = client.get("/fails/")

    assert (answer.status_code, has_navigation(answer)) == (500, False)
