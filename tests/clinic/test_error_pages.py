"""A wrong Host and a fault answer in the product's words, with DEBUG too: no settings, addresses or code."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import Http404
from django.test import Client
from django.urls import include, path

from clinic.urls import handler400, handler404, handler500  # noqa: F401  (the handlers of this URLconf)
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
